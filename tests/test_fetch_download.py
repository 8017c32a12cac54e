"""One download: broken off, resumed, redirected, refused; always whole or not there at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fetching import PATH, TEXT, StoppedClock
from tests.official_server import Document, Fault, OfficialServer
from wardcast.fetch.connection import Connection
from wardcast.fetch.download import Downloaded, Wanted, download
from wardcast.fetch.failure import FetchError
from wardcast.fetch.politeness import Politeness


class Downloads:
    """Downloads the one file into a folder."""

    def __init__(self, file_server: OfficialServer, folder: Path, clock: StoppedClock) -> None:
        self.server, self.folder, self.clock = file_server, folder, clock
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
def fetch_file(file_server: OfficialServer, tmp_path: Path, clock: StoppedClock) -> Downloads:
    return Downloads(file_server, tmp_path / "out", clock)


ONCE = Politeness(attempts=1)


def test_a_download_broken_off_goes_on_within_the_run(file_server: OfficialServer, fetch_file: Downloads) -> None:
    file_server.fail(PATH, Fault.CUT)
    arrived = fetch_file()
    assert fetch_file.target.read_bytes() == TEXT
    assert arrived.bytes == len(TEXT)
    first, second = file_server.asked(PATH)
    assert second.headers["Range"] == f"bytes={first.bytes_sent}-"
    assert second.bytes_sent == len(TEXT) - first.bytes_sent


def test_an_interrupted_run_leaves_no_half_file_and_the_next_goes_on_from_it(
    file_server: OfficialServer, fetch_file: Downloads
) -> None:
    file_server.fail(PATH, Fault.CUT)
    with pytest.raises(FetchError, match="broke off") as broken:
        fetch_file(politeness=ONCE)
    assert "goes on from there" in broken.value.mend
    assert fetch_file.left_behind == []
    fetch_file()
    first, second = file_server.asked(PATH)
    assert (second.status, second.headers["Range"]) == (206, f"bytes={first.bytes_sent}-")
    assert second.headers["If-Range"] == Document(TEXT).tag
    assert fetch_file.left_behind == [fetch_file.target]
    assert fetch_file.target.read_bytes() == TEXT
    assert not list((fetch_file.folder / ".wardcast_fetch" / "parts").iterdir())


def test_without_ranges_a_broken_download_starts_over(file_server: OfficialServer, fetch_file: Downloads) -> None:
    file_server.fail(PATH, Fault.CUT, Fault.NO_RANGES)
    fetch_file()
    assert [asked.status for asked in file_server.asked(PATH)] == [200, 200]
    assert fetch_file.target.read_bytes() == TEXT


def test_without_tag_or_date_a_broken_download_starts_over(file_server: OfficialServer, fetch_file: Downloads) -> None:
    file_server.tagged = False
    file_server.fail(PATH, Fault.CUT)
    fetch_file()
    assert "Range" not in file_server.asked(PATH)[1].headers
    assert fetch_file.target.read_bytes() == TEXT


def test_parts_of_two_editions_are_never_put_together(file_server: OfficialServer, fetch_file: Downloads) -> None:
    file_server.fail(PATH, Fault.CUT, Fault.NEW_EDITION)
    fetch_file()
    assert fetch_file.target.read_bytes() == TEXT.replace(b"\n", b"\r\n")


def test_a_part_with_another_tag_starts_over(file_server: OfficialServer, fetch_file: Downloads) -> None:
    file_server.fail(PATH, Fault.CUT, Fault.OTHER_TAG)
    fetch_file()
    assert [asked.status for asked in file_server.asked(PATH)] == [200, 206, 200]
    assert fetch_file.target.read_bytes() == TEXT


@pytest.mark.parametrize("fault", [Fault.OTHER_DATE, Fault.OTHER_SIZE, Fault.PACKED_PART])
def test_a_part_of_another_edition_by_its_date_size_or_packing_starts_over(
    fault: Fault, file_server: OfficialServer, fetch_file: Downloads
) -> None:
    file_server.fail(PATH, Fault.CUT, fault)
    fetch_file()
    assert [asked.status for asked in file_server.asked(PATH)] == [200, 206, 200]
    assert fetch_file.target.read_bytes() == TEXT


def test_a_server_that_gives_less_than_asked_is_asked_for_the_rest(
    file_server: OfficialServer, fetch_file: Downloads
) -> None:
    file_server.fail(PATH, Fault.CUT, Fault.SHORT_PART)
    fetch_file()
    assert [asked.status for asked in file_server.asked(PATH)] == [200, 206, 206]
    assert fetch_file.target.read_bytes() == TEXT


def test_a_file_that_keeps_coming_in_scraps_is_told_and_never_taken_for_whole(
    file_server: OfficialServer, fetch_file: Downloads
) -> None:
    file_server.fail(PATH, Fault.CUT, *[Fault.SHORT_PART] * 5)
    with pytest.raises(FetchError, match="a whole file"):
        fetch_file()
    assert fetch_file.left_behind == []
    file_server.faults.clear()
    fetch_file()
    assert fetch_file.target.read_bytes() == TEXT


def test_passing_faults_are_tried_again_with_growing_pauses(
    file_server: OfficialServer, fetch_file: Downloads, clock: StoppedClock
) -> None:
    file_server.fail(PATH, Fault.BROKEN, Fault.BROKEN)
    fetch_file()
    assert fetch_file.target.read_bytes() == TEXT
    assert clock.waits[:2] == [2.0, 4.0]


def test_a_lasting_fault_ends_after_a_few_attempts(file_server: OfficialServer, fetch_file: Downloads) -> None:
    file_server.fail(PATH, *[Fault.BROKEN] * 10)
    with pytest.raises(FetchError) as refused:
        fetch_file()
    assert refused.value.found == "status 500 (Internal Server Error); asked 4 times"
    assert len(file_server.asked(PATH)) == 4


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(
    file_server: OfficialServer, fetch_file: Downloads, clock: StoppedClock
) -> None:
    file_server.fail(PATH, Fault.TOO_MANY)
    fetch_file()
    assert 7.0 in clock.waits


def test_a_server_that_asks_for_too_long_a_wait_is_not_asked_again(
    file_server: OfficialServer, fetch_file: Downloads, clock: StoppedClock
) -> None:
    file_server.retry_after = "3600"
    file_server.fail(PATH, Fault.TOO_MANY)
    with pytest.raises(FetchError) as refused:
        fetch_file()
    assert "3,600 seconds" in refused.value.found
    assert len(file_server.asked(PATH)) == 1
    assert clock.waits == []


def test_a_missing_file_is_not_asked_for_again(file_server: OfficialServer, fetch_file: Downloads) -> None:
    file_server.fail(PATH, Fault.NOT_FOUND)
    with pytest.raises(FetchError) as refused:
        fetch_file()
    assert refused.value.found == "status 404 (Not Found)"
    assert "--addresses" in refused.value.mend
    assert len(file_server.asked(PATH)) == 1


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault.PAGE, "a web page (HTML)"),
        (Fault.TO_HTTP, "http://elsewhere.invalid"),
        (Fault.LOOP, "more of them"),
    ],
)
def test_what_is_no_file_is_refused_and_leaves_nothing(
    fault: Fault, told: str, file_server: OfficialServer, fetch_file: Downloads
) -> None:
    file_server.fail(PATH, fault)
    with pytest.raises(FetchError) as refused:
        fetch_file()
    assert told in refused.value.found
    assert fetch_file.left_behind == []


def test_a_wrong_checksum_is_tried_twice_and_refused(file_server: OfficialServer, fetch_file: Downloads) -> None:
    with pytest.raises(FetchError) as refused:
        fetch_file(md5="0" * 32)
    assert "checksum" in refused.value.expected
    assert len(file_server.asked(PATH)) == 2
    assert fetch_file.left_behind == []
    assert fetch_file(md5=Document(TEXT).md5).bytes == len(TEXT)


def test_a_file_announced_as_too_large_is_not_even_begun(file_server: OfficialServer, fetch_file: Downloads) -> None:
    with pytest.raises(FetchError) as refused:
        fetch_file(max_bytes=1000)
    assert refused.value.expected == "at most 1,000 bytes"
    assert not list(fetch_file.folder.rglob("*.csv"))


def test_an_endless_body_is_cut_at_the_size_limit_and_thrown_away(
    file_server: OfficialServer, fetch_file: Downloads
) -> None:
    file_server.fail(PATH, Fault.ENDLESS)
    with pytest.raises(FetchError) as refused:
        fetch_file(max_bytes=500_000)
    assert refused.value.expected == "at most 500,000 bytes"
    assert not list(fetch_file.folder.rglob("*.csv"))


def test_an_endless_slow_body_is_given_up_after_its_time(file_server: OfficialServer, fetch_file: Downloads) -> None:
    fetch_file.clock.seconds_a_look = 100.0
    file_server.fail(PATH, Fault.ENDLESS)
    with pytest.raises(FetchError, match="within 3600 seconds"):
        fetch_file()
    assert fetch_file.left_behind == []


def test_a_body_packed_unasked_is_unpacked(file_server: OfficialServer, fetch_file: Downloads) -> None:
    file_server.fail(PATH, Fault.GZIP)
    fetch_file()
    assert file_server.asked(PATH)[0].headers["Accept-Encoding"] == "identity"
    assert fetch_file.target.read_bytes() == TEXT


def test_a_packed_body_broken_off_starts_over(file_server: OfficialServer, fetch_file: Downloads) -> None:
    file_server.fail(PATH, Fault.GZIP_CUT)
    fetch_file()
    assert "Range" not in file_server.asked(PATH)[1].headers
    assert fetch_file.target.read_bytes() == TEXT
