"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ward_files as wf
from tests.command_line import CommandLine
from tests.fetching import PATH, TEXT, FetchHere, StoppedClock
from tests.official_server import Document, OfficialServer, official_server
from tests.official_site import Site, official_site
from tests.store_examples import open_store
from wardcast.store.store import Store
from wardcast_models.sample import write_sample

REAL_DATA = Path(os.environ.get("WARDCAST_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real official files; the test is skipped where it is absent."""
    if not (REAL_DATA / "mps").is_dir():
        pytest.skip("the real open data are not here; set WARDCAST_REAL_DATA to their folder")
    return REAL_DATA


@pytest.fixture(scope="session")
def sample_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the embedded sample in the official layouts; tests read it and never write to it."""
    folder = tmp_path_factory.mktemp("sample") / "files"
    write_sample(folder)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Folder with one small ward release, for a test to put further files beside."""
    wf.write(tmp_path / "release.csv", wf.release())
    return tmp_path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store, closed after the test."""
    store = open_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Folder, not there yet, in which the command line keeps its data."""
    return tmp_path / "home"


@pytest.fixture
def wardcast(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line, in that home."""
    return CommandLine(home, monkeypatch, capsys)


@pytest.fixture
def site(sample_dir: Path, tmp_path: Path) -> Iterator[Site]:
    """Official servers on loopback that serve the embedded sample."""
    with official_site(sample_dir, tmp_path) as served:
        yield served


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Folder, not there yet, that files are fetched into."""
    return tmp_path / "downloads"


@pytest.fixture
def fetch_here(site: Site, out: Path) -> FetchHere:
    """Fetches from these servers into that folder."""
    return FetchHere(site, out)


@pytest.fixture
def file_server() -> Iterator[OfficialServer]:
    """A server on loopback with one file."""
    with official_server() as running:
        running.documents[PATH] = Document(TEXT)
        yield running


@pytest.fixture
def clock() -> StoppedClock:
    """A clock on which waiting takes no time."""
    return StoppedClock()
