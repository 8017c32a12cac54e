"""One download: broken off, resumed, redirected, refused; always whole or not there at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fetching import StoppedClock
from tests.official_server import Document, Fault, OfficialServer, official_server
from wardcast.fetch.connection import Connection
from wardcast.fetch.download import Downloaded, Wanted, download
from wardcast.fetch.failure import FetchError
from wardcast.fetch.politeness import Politeness

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


class Downloads:
    """Downloads the one file into a folder."""

    def __init__(self, server: OfficialServer, folder: Path, clock: StoppedClock) -> None:
        self.server, self.folder, self.clock = server, folder, clock
        self.target = folder / "mps" / "crime.csv"

    def __call__(self, *, md5: str = "", max_bytes: int = 10**8, politeness: Politeness | None = None) -> Downloaded:
        wanted = Wanted(
            address=f"{self.server.base}{PATH}",
            target=self.target,
            folder=self.folder,
            max_bytes=max_bytes,
            md5=md5,
            known=None,
            check=lambda _path: "a table",
        )
        with Connection(clock=self.clock, politeness=politeness) as connection:
            arrived = download(wanted, connection)
        assert arrived is not None
        return arrived

    @property
    def left_behind(self) -> list[Path]:
        """Everything in the folder but the state of broken downloads."""
        return [path for path in self.folder.rglob("*") if path.is_file() and ".wardcast_fetch" not in path.parts]


@pytest.fixture
def fetch_file(server: OfficialServer, tmp_path: Path, clock: StoppedClock) -> Downloads:
    return Downloads(server, tmp_path / "out", clock)


ONCE = Politeness(attempts=1)


def test_a_download_broken_off_goes_on_within_the_run(server: OfficialServer, fetch_file: Downloads) -> None:
    server.fail(PATH, Fault.CUT)
    arrived = fetch_file()
    assert fetch_file.target.read_bytes() == TEXT
    assert arrived.bytes == len(TEXT)
    first, second = server.asked(PATH)
    assert second.headers["Range"] == f"bytes={first.bytes_sent}-"
    assert second.bytes_sent == len(TEXT) - first.bytes_sent


def test_an_interrupted_run_leaves_no_half_file_and_the_next_goes_on_from_it(
    server: OfficialServer, fetch_file: Downloads
) -> None:
    server.fail(PATH, Fault.CUT)
    with pytest.raises(FetchError, match="broke off") as broken:
        fetch_file(politeness=ONCE)
    assert "goes on from there" in broken.value.mend
    assert fetch_file.left_behind == []
    fetch_file()
    first, second = server.asked(PATH)
    assert (second.status, second.headers["Range"]) == (206, f"bytes={first.bytes_sent}-")
    assert second.headers["If-Range"] == Document(TEXT).tag
    assert fetch_file.left_behind == [fetch_file.target]
    assert fetch_file.target.read_bytes() == TEXT
    assert not list((fetch_file.folder / ".wardcast_fetch" / "parts").iterdir())


def test_without_ranges_a_broken_download_starts_over(server: OfficialServer, fetch_file: Downloads) -> None:
    server.fail(PATH, Fault.CUT, Fault.NO_RANGES)
    fetch_file()
    assert [asked.status for asked in server.asked(PATH)] == [200, 200]
    assert fetch_file.target.read_bytes() == TEXT


def test_without_tag_or_date_a_broken_download_starts_over(server: OfficialServer, fetch_file: Downloads) -> None:
    server.tagged = False
    server.fail(PATH, Fault.CUT)
    fetch_file()
    assert "Range" not in server.asked(PATH)[1].headers
    assert fetch_file.target.read_bytes() == TEXT


def test_parts_of_two_editions_are_never_put_together(server: OfficialServer, fetch_file: Downloads) -> None:
    server.fail(PATH, Fault.CUT, Fault.NEW_EDITION)
    fetch_file()
    assert fetch_file.target.read_bytes() == TEXT.replace(b"\n", b"\r\n")


def test_a_part_with_another_tag_starts_over(server: OfficialServer, fetch_file: Downloads) -> None:
    server.fail(PATH, Fault.CUT, Fault.OTHER_TAG)
    fetch_file()
    assert [asked.status for asked in server.asked(PATH)] == [200, 206, 200]
    assert fetch_file.target.read_bytes() == TEXT


def test_passing_faults_are_tried_again_with_growing_pauses(
    server: OfficialServer, fetch_file: Downloads, clock: StoppedClock
) -> None:
    server.fail(PATH, Fault.BROKEN, Fault.BROKEN)
    fetch_file()
    assert fetch_file.target.read_bytes() == TEXT
    assert clock.waits[:2] == [2.0, 4.0]


def test_a_lasting_fault_ends_after_a_few_attempts(server: OfficialServer, fetch_file: Downloads) -> None:
    server.fail(PATH, *[Fault.BROKEN] * 10)
    with pytest.raises(FetchError) as refused:
        fetch_file()
    assert refused.value.found == "status 500 (Internal Server Error); asked 4 times"
    assert len(server.asked(PATH)) == 4


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(
    server: OfficialServer, fetch_file: Downloads, clock: StoppedClock
) -> None:
    server.fail(PATH, Fault.TOO_MANY)
    fetch_file()
    assert 7.0 in clock.waits


def test_a_server_that_asks_for_too_long_a_wait_is_not_asked_again(
    server: OfficialServer, fetch_file: Downloads, clock: StoppedClock
) -> None:
    server.retry_after = "3600"
    server.fail(PATH, Fault.TOO_MANY)
    with pytest.raises(FetchError) as refused:
        fetch_file()
    assert "3,600 seconds" in refused.value.found
    assert len(server.asked(PATH)) == 1
    assert clock.waits == []


def test_a_missing_file_is_not_asked_for_again(server: OfficialServer, fetch_file: Downloads) -> None:
    server.fail(PATH, Fault.NOT_FOUND)
    with pytest.raises(FetchError) as refused:
        fetch_file()
    assert refused.value.found == "status 404 (Not Found)"
    assert "--addresses" in refused.value.mend
    assert len(server.asked(PATH)) == 1


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault.PAGE, "a web page (HTML)"),
        (Fault.TO_HTTP, "http://elsewhere.invalid"),
        (Fault.LOOP, "more of them"),
    ],
)
def test_what_is_no_file_is_refused_and_leaves_nothing(
    fault: Fault, told: str, server: OfficialServer, fetch_file: Downloads
) -> None:
    server.fail(PATH, fault)
    with pytest.raises(FetchError) as refused:
        fetch_file()
    assert told in refused.value.found
    assert fetch_file.left_behind == []


def test_a_wrong_checksum_is_tried_once_more_and_then_refused(server: OfficialServer, fetch_file: Downloads) -> None:
    with pytest.raises(FetchError) as refused:
        fetch_file(md5="0" * 32)
    assert "checksum" in refused.value.expected
    assert len(server.asked(PATH)) == 2
    assert fetch_file.left_behind == []
    assert fetch_file(md5=Document(TEXT).md5).bytes == len(TEXT)


def test_a_file_announced_as_too_large_is_not_even_begun(server: OfficialServer, fetch_file: Downloads) -> None:
    with pytest.raises(FetchError) as refused:
        fetch_file(max_bytes=1000)
    assert refused.value.expected == "at most 1,000 bytes"
    assert not list(fetch_file.folder.rglob("*.csv"))


def test_an_endless_body_is_cut_at_the_size_limit_and_thrown_away(
    server: OfficialServer, fetch_file: Downloads
) -> None:
    server.fail(PATH, Fault.ENDLESS)
    with pytest.raises(FetchError) as refused:
        fetch_file(max_bytes=500_000)
    assert refused.value.expected == "at most 500,000 bytes"
    assert not list(fetch_file.folder.rglob("*.csv"))


def test_an_endless_slow_body_is_given_up_after_its_time(server: OfficialServer, fetch_file: Downloads) -> None:
    fetch_file.clock.seconds_a_look = 100.0
    server.fail(PATH, Fault.ENDLESS)
    with pytest.raises(FetchError, match="within 3600 seconds"):
        fetch_file()
    assert fetch_file.left_behind == []


def test_a_body_packed_unasked_is_unpacked(server: OfficialServer, fetch_file: Downloads) -> None:
    server.fail(PATH, Fault.GZIP)
    fetch_file()
    assert server.asked(PATH)[0].headers["Accept-Encoding"] == "identity"
    assert fetch_file.target.read_bytes() == TEXT


def test_a_packed_body_broken_off_starts_over(server: OfficialServer, fetch_file: Downloads) -> None:
    server.fail(PATH, Fault.GZIP_CUT)
    fetch_file()
    assert "Range" not in server.asked(PATH)[1].headers
    assert fetch_file.target.read_bytes() == TEXT
