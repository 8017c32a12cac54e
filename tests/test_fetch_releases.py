"""Fetching month after month: earlier releases stay, what must not be read twice goes, and one run works at a time."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from tests.fetching import FetchHere, told
from tests.official_site import EM8XY, EXY3M, LBBD, RECENT, Site, listing
from wardcast.fetch.one_run import one_run
from wardcast.fetch.visit import Status
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.panel.ingest import read_folder

TITLE = "MPS Ward Level Crime (most recent 24 months)"


def revised(content: bytes, *, by: int) -> bytes:
    """A release whose every row of the last month is higher."""
    rows = list(csv.reader(io.StringIO(content.decode())))
    last = rows[0].index(max(name for name in rows[0] if name.isdigit()))
    for row in rows[1:]:
        row[last] = str(int(row[last]) + by)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def publish(site: Site, content: bytes, *, put_there: str = "", address: str = RECENT) -> None:
    """Put a release in the listing in place of the one before."""
    site.server.documents[EXY3M] = listing(site.server, (address, content), put_there=put_there)


@pytest.mark.parametrize("by", [(0, 3), (3, 0)], ids=["revised upwards", "revised downwards"])
def test_after_a_new_release_the_panel_has_both_and_takes_the_newer_figures(
    by: tuple[int, int], fetch_here: FetchHere, site: Site, out: Path
) -> None:
    first, second = (revised(site.server.documents[RECENT].content, by=step) for step in by)
    publish(site, first, put_there="2025-04-16T09:30:00.000Z")
    fetch_here("mps-ward-recent")
    before = read_folder(out, area=LBBD)
    publish(site, second, put_there="2025-04-29T09:30:00.000Z", address=RECENT.replace("/b2/", "/e5/"))
    fetch_here("mps-ward-recent")
    after = read_folder(out, area=LBBD)
    assert [release.published for release in after.releases] == [pd.Timestamp("2025-04-16"), pd.Timestamp("2025-04-29")]
    assert all(release.published_known for release in after.releases)
    assert [release.file for release in after.releases] == [f"{TITLE} (published 2025-04-16).csv", f"{TITLE}.csv"]
    newer, older = after.counts[..., -1].sum(), before.counts[..., -1].sum()
    assert (newer > older) == (by[1] > by[0])
    assert after.counts[..., :-1].sum() == before.counts[..., :-1].sum()


def test_the_earlier_release_is_kept_by_the_day_it_was_fetched_and_told(
    fetch_here: FetchHere, site: Site, out: Path
) -> None:
    first = site.server.documents[RECENT].content
    fetch_here("mps-ward-recent")
    publish(site, revised(first, by=1))
    report = fetch_here("mps-ward-recent")
    kept = f"mps/older-releases/{TITLE} (fetched 2025-04-01).csv"
    assert [(result.status, result.older) for result in report.results] == [(Status.FETCHED, kept)]
    assert kept in told(report)
    assert (out / kept).read_bytes() == first
    files = json.loads((out / ".wardcast_fetch" / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {entry["file"] for entry in files} == {kept, f"mps/{TITLE}.csv"}
    assert any("a newer one came then" in entry["note"] for entry in files if entry["file"] == kept)
    assert not (out / "release-days.csv").exists()


def test_two_releases_of_one_day_are_both_kept(fetch_here: FetchHere, site: Site, out: Path) -> None:
    first = site.server.documents[RECENT].content
    for by in (0, 1, 2):
        publish(site, revised(first, by=by))
        fetch_here("mps-ward-recent")
    assert len(list((out / "mps" / "older-releases").iterdir())) == 2


def test_the_same_release_fetched_again_is_not_kept_twice(fetch_here: FetchHere, out: Path) -> None:
    fetch_here("mps-ward-recent")
    fetch_here("mps-ward-recent", refresh=True)
    assert [path.name for path in out.glob("mps/*")] == [f"{TITLE}.csv"]


def test_a_damaged_copy_is_no_earlier_release(fetch_here: FetchHere, site: Site, out: Path) -> None:
    fetch_here("mps-ward-recent")
    (out / "mps" / f"{TITLE}.csv").write_text("damaged", encoding="utf-8")
    publish(site, revised(site.server.documents[RECENT].content, by=1))
    fetch_here("mps-ward-recent")
    assert [path.name for path in out.glob("mps/*")] == [f"{TITLE}.csv"]


def test_a_release_under_another_title_is_kept_as_an_earlier_one(fetch_here: FetchHere, site: Site, out: Path) -> None:
    content = site.server.documents[RECENT].content
    fetch_here("mps-ward-recent")
    publish(site, revised(content, by=1), address="/download/exy3m/e5/MPS Ward Level Crime.csv")
    report = fetch_here("mps-ward-recent")
    assert "renamed" in report.results[0].note
    assert [path.name for path in out.glob("mps/*.csv")] == ["MPS Ward Level Crime.csv"]
    assert len(list(out.glob("mps/older-releases/*.csv"))) == 1


def test_a_log_under_another_title_is_never_read_beside_the_newer_one(
    fetch_here: FetchHere, site: Site, out: Path, sample_dir: Path
) -> None:
    fetch_here("lfb-incidents")
    (fires,) = sample_dir.rglob("lfb_incidents*")
    newer = ("/download/em8xy/60m/LFB Incident data from 2024 to date.csv", fires.read_bytes())
    site.server.documents[EM8XY] = listing(site.server, newer)
    fetch_here("lfb-incidents")
    assert [path.name for path in out.glob("fires/**/*")] == ["LFB Incident data from 2024 to date.csv"]


def test_two_runs_never_fill_one_folder(fetch_here: FetchHere, out: Path) -> None:
    with one_run(out), pytest.raises(WardcastError, match="Another wardcast fetch is at work") as refused:
        fetch_here("mps-ward-recent")
    assert refused.value.kind is ErrorKind.CONFLICT
    assert fetch_here("mps-ward-recent").complete


def test_a_run_that_was_cut_off_holds_the_folder_no_longer(fetch_here: FetchHere, out: Path) -> None:
    mark = out / ".wardcast_fetch" / "running"
    mark.parent.mkdir(parents=True)
    mark.write_text("left behind", encoding="utf-8")
    assert fetch_here("mps-ward-recent").complete
