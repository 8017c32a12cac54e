"""The way out: slow enough, known by name, without cookies, through the proxy, and only where it is safe."""

from __future__ import annotations

import math

import pytest

from tests.fetching import PATH, StoppedClock
from tests.forward_proxy import forward_proxy
from tests.official_server import Fault, OfficialServer, official_server
from wardcast.fetch.connection import Connection
from wardcast.fetch.failure import FetchError
from wardcast.fetch.politeness import Politeness, RateLimit, retry_after_seconds
from wardcast_models.errors import WardcastError

ONCE = Politeness(attempts=1)


def test_who_asks_is_said_and_cookies_are_not_kept(file_server: OfficialServer, clock: StoppedClock) -> None:
    file_server.fail(PATH, Fault.COOKIE)
    with Connection(clock=clock) as connection:
        for _ in range(2):
            connection.read(f"{file_server.base}{PATH}", max_bytes=10**7)
    first, second = file_server.asked(PATH)
    assert first.headers["User-Agent"].startswith("wardcast/0.")
    assert "Cookie" not in second.headers


def test_one_host_is_asked_once_a_second(file_server: OfficialServer, clock: StoppedClock) -> None:
    with Connection(clock=clock) as connection:
        for _ in range(3):
            connection.read(f"{file_server.base}{PATH}", max_bytes=10**7)
    assert clock.waits == [1.0, 1.0]


def test_hosts_do_not_wait_for_one_another() -> None:
    clock = StoppedClock()
    rate = RateLimit(seconds_between_requests=1.0, clock=clock)
    for host in ("one", "two", "one", "two"):
        rate.wait(host)
    assert clock.waits == [1.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        ("9" * 400, math.inf),
        ("\u00b2", None),
        ("-5", None),
        ("Tue, 01 Apr 2025 00:00:45 GMT", 45.0),
        ("Mon, 31 Mar 2025 00:00:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_a_server_may_ask_for_a_wait_in_seconds_or_until_a_time(header: str, seconds: float | None) -> None:
    assert retry_after_seconds(header, StoppedClock().utc()) == seconds


def test_requests_go_through_the_proxy_of_the_option(clock: StoppedClock) -> None:
    with forward_proxy() as (proxy, asked):
        with Connection(clock=clock, proxy=proxy, politeness=ONCE) as connection:
            assert connection.read_json("http://127.0.0.1:9/listing", max_bytes=1000) == {"through": "the proxy"}
        assert asked == ["http://127.0.0.1:9/listing"]


def test_requests_go_through_the_proxy_of_the_environment_unless_the_host_is_excepted(
    clock: StoppedClock, file_server: OfficialServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with forward_proxy() as (proxy, asked):
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy)
        with Connection(clock=clock, politeness=ONCE) as connection:
            connection.read_json("http://localhost:9/listing", max_bytes=1000)
            with pytest.raises(FetchError):
                connection.read_json("https://data.example/listing", max_bytes=1000)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with Connection(clock=clock, politeness=ONCE) as connection:
            connection.read(f"{file_server.base}{PATH}", max_bytes=10**7)
        assert asked == ["http://localhost:9/listing", "CONNECT data.example:443"]


@pytest.mark.parametrize("address", ["http://data.example/x", "ftp://data.example/x", "https://me:pass@data.example/x"])
def test_only_https_without_passwords_is_asked(address: str, clock: StoppedClock) -> None:
    with Connection(clock=clock) as connection, pytest.raises(FetchError) as refused:
        connection.read(address, max_bytes=1000)
    assert refused.value.expected == "an https address"
    assert "pass" not in refused.value.found.replace("password", "")


def test_a_proxy_that_cannot_be_used_is_refused_without_showing_its_password() -> None:
    with pytest.raises(WardcastError) as refused:
        Connection(proxy="socks9://me:secret@proxy")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("HTTPS_PROXY", "socks5://me:secret@proxy:1080", "a SOCKS proxy"),
        ("https_proxy", "http://me:secret@proxy:port", "an address that cannot be read"),
        ("HTTPS_PROXY", "ftp://me:secret@proxy:21", "an address that cannot be read"),
        ("SSL_CERT_FILE", "no-such-file.pem", "no such file"),
        ("SSL_CERT_FILE", __file__, "a file without a certificate that can be read"),
    ],
)
def test_a_setting_of_the_network_that_cannot_be_used_is_named_without_its_password(
    variable: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(WardcastError) as refused:
        Connection()
    (problem,) = refused.value.problems
    assert variable.upper() in problem.where
    assert problem.found == told
    assert "secret" not in repr((refused.value, problem, refused.value.__cause__))


def test_a_proxy_that_wants_to_know_who_asks_is_asked_once_and_told_what_to_give(clock: StoppedClock) -> None:
    with (
        forward_proxy(sign_in=True) as (proxy, asked),
        Connection(clock=clock, proxy=proxy) as connection,
        pytest.raises(FetchError) as refused,
    ):
        connection.read("https://data.example/x", max_bytes=1000)
    assert "407" in refused.value.found
    assert "http://name:password@" in refused.value.mend
    assert asked == ["CONNECT data.example:443"]


def test_a_server_that_refuses_leads_to_whoever_runs_the_network(
    file_server: OfficialServer, clock: StoppedClock
) -> None:
    file_server.fail(PATH, Fault.FORBIDDEN)
    with Connection(clock=clock) as connection, pytest.raises(FetchError) as refused:
        connection.read(f"{file_server.base}{PATH}", max_bytes=1000)
    assert "let 127.0.0.1 through" in refused.value.mend


def test_a_server_that_asks_to_be_left_alone_is_not_asked_for_the_next_file(
    file_server: OfficialServer, clock: StoppedClock
) -> None:
    file_server.retry_after = "7200"
    file_server.fail(PATH, Fault.TOO_MANY)
    with Connection(clock=clock) as connection:
        for _ in range(2):
            with pytest.raises(FetchError, match="7,200 seconds"):
                connection.read(f"{file_server.base}{PATH}", max_bytes=10**7)
    assert len(file_server.asked(PATH)) == 1


def test_a_redirect_to_a_server_that_does_not_answer_names_that_one(
    file_server: OfficialServer, clock: StoppedClock
) -> None:
    file_server.fail(PATH, *[Fault.TO_NOBODY] * 4)
    with Connection(clock=clock) as connection, pytest.raises(FetchError) as refused:
        connection.read(f"{file_server.base}{PATH}", max_bytes=1000)
    assert "at localhost" in refused.value.found


def test_a_server_that_cannot_be_reached_ends_in_a_message(clock: StoppedClock) -> None:
    with Connection(clock=clock) as connection, pytest.raises(FetchError) as refused:
        connection.read("http://127.0.0.1:1/x", max_bytes=1000)
    assert "HTTPS_PROXY" in refused.value.mend
    assert clock.waits == [2.0, 4.0, 8.0]


def test_a_host_that_does_not_answer_is_not_asked_for_the_next_file(clock: StoppedClock) -> None:
    with official_server() as stopped:
        address = f"{stopped.base}{PATH}"
    with Connection(clock=clock) as connection:
        with pytest.raises(FetchError):
            connection.read(address, max_bytes=1000)
        waits = list(clock.waits)
        with pytest.raises(FetchError) as second:
            connection.read(address, max_bytes=1000)
    assert len(waits) > 0
    assert clock.waits == waits
    assert "not asked again in this run" in second.value.found
