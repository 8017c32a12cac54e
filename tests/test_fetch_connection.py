"""The way out: slow enough, known by name, without cookies, through the proxy, and only where it is safe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fetching import StoppedClock
from tests.official_server import Document, Fault, OfficialServer, forward_proxy, official_server
from wardcast.fetch.connection import Connection
from wardcast.fetch.failure import FetchError
from wardcast.fetch.politeness import Politeness, RateLimit, retry_after_seconds
from wardcast_models.errors import WardcastError

PATH = "/data/crime.csv"
TEXT = b"ward,month,count\n" + b"E05014053,2025-03,17\n" * 20_000


@pytest.fixture
def server() -> Iterator[OfficialServer]:
    with official_server() as running:
        running.documents[PATH] = Document(TEXT)
        yield running


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


ONCE = Politeness(attempts=1)


def test_who_asks_is_said_and_cookies_are_not_kept(server: OfficialServer, clock: StoppedClock) -> None:
    server.fail(PATH, Fault.COOKIE)
    with Connection(clock=clock) as connection:
        for _ in range(2):
            connection.read(f"{server.base}{PATH}", max_bytes=10**7)
    first, second = server.asked(PATH)
    assert first.headers["User-Agent"].startswith("wardcast/0.")
    assert "Cookie" not in second.headers


def test_one_host_is_asked_once_a_second(server: OfficialServer, clock: StoppedClock) -> None:
    with Connection(clock=clock) as connection:
        for _ in range(3):
            connection.read(f"{server.base}{PATH}", max_bytes=10**7)
    assert clock.waits == [1.0, 1.0]


def test_hosts_do_not_wait_for_one_another() -> None:
    clock = StoppedClock()
    rate = RateLimit(seconds_between_requests=1.0, clock=clock)
    for host in ("one", "two", "one", "two"):
        rate.wait(host)
    assert clock.waits == [1.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30.0), ("Tue, 01 Apr 2025 00:00:45 GMT", 45.0), ("Mon, 31 Mar 2025 00:00:00 GMT", 0.0), ("soon", None)],
)
def test_a_server_may_ask_for_a_wait_in_seconds_or_until_a_time(header: str, seconds: float | None) -> None:
    assert retry_after_seconds(header, StoppedClock().utc()) == seconds


def test_requests_go_through_the_proxy_of_the_option(clock: StoppedClock) -> None:
    with forward_proxy() as (proxy, asked):
        with Connection(clock=clock, proxy=proxy, politeness=ONCE) as connection:
            assert connection.read_json("http://127.0.0.1:9/listing", max_bytes=1000) == {"through": "the proxy"}
        assert asked == ["http://127.0.0.1:9/listing"]


def test_requests_go_through_the_proxy_of_the_environment_unless_the_host_is_excepted(
    clock: StoppedClock, server: OfficialServer, monkeypatch: pytest.MonkeyPatch
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
            connection.read(f"{server.base}{PATH}", max_bytes=10**7)
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
    assert "did not answer before" in second.value.found
