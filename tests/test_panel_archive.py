"""The panel's fingerprint and its one-file form."""

from __future__ import annotations

import dataclasses
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import ward_files as wf
from tests.releases import released_panel, ward_release, without
from wardcast_models.errors import WardcastError
from wardcast_models.panel.archive import load_panel, save_panel
from wardcast_models.panel.digest import panel_digest
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel, Release


def rich_panel(folder: Path) -> Panel:
    wf.write(folder / "release.csv", wf.release(number=5))
    wf.write(folder / "census.csv", wf.census({wf.ABBEY: 4000, wf.ALIBON: 9000}))
    wf.write(folder / "lookup.csv", [["lsoa21cd", "ward22cd"], ["E01000011", wf.ABBEY], ["E01000012", wf.ALIBON]])
    wf.write(folder / "street.csv", wf.street("2024-02", {"E01000011": 3, "E01000012": 1}))
    hours = [["ward_code", "shift", "officer_hours_per_month"], [wf.ABBEY, "late", "0.1"], [wf.ALIBON, "day", "1e-7"]]
    wf.write(folder / "hours.csv", hours)
    (folder / "wards.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"ward_code": "E05014053"}, '
        '"geometry": {"type": "Polygon", "coordinates": [[[0.07, 51.5], [0.09, 51.5], [0.09, 51.6], [0.07, 51.5]]]}}]}'
    )
    return read_folder(folder, area="E09000002")


def assert_same_releases(written: tuple[Release, ...], read: tuple[Release, ...]) -> None:
    for one, other in zip(written, read, strict=True):
        for field in dataclasses.fields(Release):
            np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name), strict=True)


def released() -> Panel:
    """A panel of two releases, the second of which tells its day and lacks a category."""
    panel = released_panel(
        ward_release("2023-01", 24, level=50),
        without(ward_release("2023-07", 24, level=60, published="2025-07-03"), "robbery_personal"),
    )
    return dataclasses.replace(panel, digest=panel_digest(panel))


def test_the_releases_come_back_exactly(tmp_path: Path) -> None:
    panel = released()
    save_panel(panel, tmp_path / "panel.zip")
    assert len(panel.releases) == 2
    assert_same_releases(panel.releases, load_panel(tmp_path / "panel.zip").releases)


def test_the_digest_follows_the_releases_and_not_the_names_of_their_files() -> None:
    panel = released()
    older, newer = panel.releases
    renamed = (dataclasses.replace(older, file="renamed.csv"), newer)
    assert panel_digest(dataclasses.replace(panel, releases=renamed)) == panel.digest
    others = [
        (dataclasses.replace(older, counts=older.counts + 1), newer),
        (dataclasses.replace(older, published=pd.Timestamp("2025-01-20")), newer),
        (dataclasses.replace(older, published_known=True), newer),
        (newer,),
    ]
    assert len({panel.digest, *(panel_digest(dataclasses.replace(panel, releases=each)) for each in others)}) == 5


def test_a_panel_stored_by_an_older_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "panel.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("panel.json", json.dumps({"format": "wardcast-panel-2"}))
    with pytest.raises(WardcastError, match="no readable stored panel") as refused:
        load_panel(path)
    (problem,) = refused.value.problems
    assert (problem.found, problem.mend) == ("format 'wardcast-panel-2'", "Ingest the data folder again.")


def test_a_panel_comes_back_exactly(tmp_path: Path) -> None:
    panel = rich_panel(tmp_path)
    save_panel(panel, tmp_path / "panel.zip")
    back = load_panel(tmp_path / "panel.zip")
    for field in dataclasses.fields(Panel):
        written, read = getattr(panel, field.name), getattr(back, field.name)
        if isinstance(written, pd.DataFrame):
            pd.testing.assert_frame_equal(written, read, check_exact=True)
        elif isinstance(written, np.ndarray):
            np.testing.assert_array_equal(written, read)
        elif isinstance(written, pd.DatetimeIndex):
            pd.testing.assert_index_equal(written, read)
        elif field.name == "releases":
            assert_same_releases(written, read)
        else:
            assert written == read, field.name


def test_equal_panels_give_equal_files_and_leave_nothing_else(tmp_path: Path) -> None:
    panel = rich_panel(tmp_path / "data")
    (tmp_path / "out").mkdir()
    save_panel(panel, tmp_path / "out" / "a.zip")
    save_panel(panel, tmp_path / "out" / "b.zip")
    save_panel(panel, tmp_path / "out" / "b.zip")
    assert (tmp_path / "out" / "a.zip").read_bytes() == (tmp_path / "out" / "b.zip").read_bytes()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.zip", "b.zip"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = rich_panel(tmp_path / "data")
    target = tmp_path / "panel.zip"
    target.write_text("old")

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("zipfile.ZipFile.writestr", fail)
    with pytest.raises(OSError, match="disk full"):
        save_panel(panel, target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["panel.zip"]


def truncated(content: bytes) -> bytes:
    return content[:-200]


def no_zip(content: bytes) -> bytes:
    return b"not a zip" + content[:0]


@pytest.mark.parametrize("damage", [truncated, no_zip])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "panel.zip"
    save_panel(rich_panel(tmp_path / "data"), path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(WardcastError, match=r"panel\.zip is no readable stored panel"):
        load_panel(path)


def test_a_file_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    panel = rich_panel(tmp_path / "data")
    save_panel(dataclasses.replace(panel, counts=panel.counts + 1), tmp_path / "panel.zip")
    with pytest.raises(WardcastError, match="does not match its digest"):
        load_panel(tmp_path / "panel.zip")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WardcastError, match="no readable stored panel"):
        load_panel(tmp_path / "nowhere.zip")


def test_the_digest_changes_with_the_content_and_not_with_the_findings(tmp_path: Path) -> None:
    panel = rich_panel(tmp_path)
    assert len(panel.digest) == 64
    assert panel_digest(dataclasses.replace(panel, findings=())) == panel.digest
    changed = panel.counts.copy()
    changed[0, 0, 0] += 1
    others = [
        dataclasses.replace(panel, counts=changed),
        dataclasses.replace(panel, synthetic=True),
        dataclasses.replace(panel, polygons={}),
        dataclasses.replace(panel, census=panel.census.iloc[:1]),
    ]
    assert len({panel.digest, *map(panel_digest, others)}) == 5


def shuffled_rows(rows: wf.Rows, chance: random.Random) -> wf.Rows:
    """The same release with its rows and columns in another order."""
    order = chance.sample(range(len(rows[0])), len(rows[0]))
    body = chance.sample(rows[1:], len(rows) - 1)
    return [[row[position] for position in order] for row in [rows[0], *body]]


@settings(max_examples=25, deadline=None)
@given(
    chance=st.randoms(use_true_random=False),
    cells=st.lists(st.integers(0, 300), min_size=12, max_size=12),
    names=st.permutations(["a.csv", "b.csv", "z/c.csv"]),
)
def test_row_column_and_file_order_do_not_change_the_digest(
    chance: random.Random, cells: list[int], names: list[str]
) -> None:
    older = wf.release(count=lambda month: cells[month])
    newer = wf.release(first="2024-02", number=6, count=lambda month: cells[3 + month])
    people = wf.census({wf.ABBEY: 1000 + cells[10], wf.ALIBON: 1000 + cells[11]})
    digests = set()
    for shuffle in (False, True):
        with TemporaryDirectory() as folder:
            for name, rows in zip(sorted(names) if shuffle else names, (older, newer, people), strict=True):
                wf.write(Path(folder) / name, shuffled_rows(rows, chance) if shuffle else rows)
            digests.add(read_folder(Path(folder), area="E09000002").digest)
    assert len(digests) == 1
