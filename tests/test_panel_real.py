"""The real official files: counts to the last crime, findings, and the figures of the CSP plan."""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.ward_files import counts_of, said
from wardcast_models.errors import WardcastError
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.profile import profile

HISTORICAL = "MPS Ward Level Crime (Historical).csv"
RECENT = "MPS Ward Level Crime (most recent 24 months).csv"
OLD_WARDS = "older-releases/MPS Ward Level Crime (most recent 24 months) [202009-202208, old wards].csv"


@pytest.fixture(scope="module")
def panel(real_data: Path) -> Panel:
    return read_folder(real_data, area="E09000002")


@pytest.fixture(scope="module")
def old_panel(real_data: Path) -> Panel:
    return read_folder(real_data, area="Barking and Dagenham", wards="WD18")


def totals(path: Path, minor: str | None = None) -> Counter[tuple[str, str]]:
    """Crimes by ward code and month, added up with the csv module alone."""
    sums: Counter[tuple[str, str]] = Counter()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if minor is None or row["MinorText"].upper() == minor:
                for column, cell in row.items():
                    if column.isdigit():
                        sums[row["WardCode"], f"{column[:4]}-{column[4:]}"] += int(cell)
    return sums


def crimes(panel: Panel) -> dict[tuple[str, str], float]:
    """Crimes (no ASB) by ward code and month in the panel, where observed."""
    rows = [position for position, category in enumerate(panel.categories) if category != "asb"]
    counts = panel.counts[:, rows]
    months = panel.months.strftime("%Y-%m")
    return {
        (code, month): float(np.nansum(counts[ward, :, column]))
        for ward, code in enumerate(panel.ward_codes)
        for column, month in enumerate(months)
        if not np.isnan(counts[ward, :, column]).all()
    }


def test_every_ward_and_month_matches_the_files_to_the_last_crime(panel: Panel, real_data: Path) -> None:
    recent, historical = totals(real_data / "mps" / RECENT), totals(real_data / "mps" / HISTORICAL)
    newest = min(month for _, month in recent)
    expected = {key: count for key, count in historical.items() if key[1] < newest} | dict(recent)
    assert crimes(panel) == expected
    assert len(panel.ward_codes) == 679


def test_a_single_category_matches_its_label(panel: Panel, real_data: Path) -> None:
    rape = totals(real_data / "mps" / RECENT, "RAPE")
    for code in panel.area.ward_codes:
        ours = dict(zip(panel.months.strftime("%Y-%m"), counts_of(panel, code, "rape"), strict=True))
        for month in ("2023-04", "2024-03", "2025-03"):
            assert ours[month] == rape[code, month]


def test_the_old_wards_match_their_release(old_panel: Panel, real_data: Path) -> None:
    assert crimes(old_panel) == dict(totals(real_data / "mps" / OLD_WARDS))
    assert (old_panel.vintage, len(old_panel.area.ward_codes)) == ("WD18", 17)


def test_asb_matches_the_street_files(panel: Panel, real_data: Path) -> None:
    asb = panel.counts[panel.area_rows, panel.categories.index("asb")].sum(axis=0)
    ours = dict(zip(panel.months.strftime("%Y-%m"), asb, strict=True))
    for month in ("2016-01", "2017-07", "2018-06"):
        with (real_data / "policeuk" / month / f"{month}-metropolitan-street.csv").open(encoding="utf-8") as file:
            expected = sum(row["Crime type"] == "Anti-social behaviour" for row in csv.DictReader(file))
        assert ours[month] == expected
    assert np.isnan(ours["2016-04"])
    assert np.isnan(ours["2018-07"])
    elsewhere = np.delete(panel.counts[:, panel.categories.index("asb")], panel.area_rows, axis=0)
    assert np.isnan(elsewhere).all()


def test_old_ward_asb_is_left_unobserved_where_a_borough_is_missing(old_panel: Panel) -> None:
    asb = old_panel.counts[:, old_panel.categories.index("asb")]
    by_month = dict(zip(old_panel.months.strftime("%Y-%m"), asb.T, strict=True))
    assert np.isnan(by_month["2016-04"][old_panel.area_rows]).all()
    assert not np.isnan(by_month["2016-05"][old_panel.area_rows]).any()
    assert (~np.isnan(by_month["2016-03"])).sum() == 59


def test_what_goes_with_the_counts(panel: Panel) -> None:
    residents = panel.census.set_index("ward_code")["persons"].reindex(panel.area.ward_codes)
    assert residents.sum() == pytest.approx(218_871, rel=0.001)
    thames = panel.projection[(panel.projection["ward_code"] == "E05000039") & (panel.projection["year"] == 2041)]
    assert thames["persons"].tolist() == [87_852]
    assert panel.ward_lookup["old_code"].nunique() == 17
    assert set(panel.area.ward_codes) <= set(panel.polygons)
    assert "domestic_abuse_violence_with_injury" in set(panel.borough_series["series"])
    assert not panel.synthetic


def test_the_findings_name_every_trap_of_these_files(panel: Panel) -> None:
    mended, caveats = said(panel, FindingKind.MENDED), said(panel, FindingKind.CAVEAT)
    assert "Stalking and harassment" in mended
    assert "Residential burglary stands under 3 labels" in mended
    assert "Heathrow Villages (E05013570) also stands under 'Aviation Security (SO18)'" in mended
    assert "mixed case" in mended
    assert "1.3% to 4.5% a month in Barking and Dagenham" in caveats
    assert "Fraud and forgery is effectively zero" in caveats
    assert "possession of weapons x0.47" in caveats
    assert "ward names (Abbey, Alibon" in caveats
    left = said(panel, FindingKind.LEFT_ASIDE)
    assert "ward-profiles-excel-version.csv: It seems to be a binary Excel workbook (XLS) with a .csv name" in left
    assert "lsoa21_lbbd.geojson: It seems to be GeoJSON that holds no ward polygons" in left


def test_every_file_of_the_folder_is_accounted_for(panel: Panel, real_data: Path) -> None:
    files = {path.name for path in real_data.rglob("*") if path.is_file() and not path.name.endswith("-street.csv")}
    assert files <= {finding.file for finding in panel.findings}


def test_havering_is_read_quickly_and_says_what_is_missing(real_data: Path) -> None:
    started = time.process_time()
    havering = read_folder(real_data, area="E09000016")
    assert time.process_time() - started < 10
    missing = said(havering, FindingKind.MISSING)
    for phrase in ("No polygons", "No anti-social behaviour", "No MPS dashboard"):
        assert phrase in missing


def test_the_year_on_year_changes_of_the_csp_plan(panel: Panel) -> None:
    change = profile(panel, year="2020/21").changes.set_index("measure")["change_percent"]
    assert change["burglary_residential"] == pytest.approx(-29, abs=0.5)
    assert -11 <= change["theft_of_vehicle"] <= -9
    assert -24 <= change["rape"] <= -23
    assert change["damage"] == pytest.approx(-7.8, abs=0.05)


def test_the_old_wards_with_the_highest_rates(old_panel: Panel) -> None:
    made = profile(old_panel, year="2020/21")
    assert (f"{made.first_month:%Y-%m}", f"{made.last_month:%Y-%m}", made.annualised) == ("2020-09", "2021-03", True)
    rates = made.rates[made.rates["measure"] == "all_crime"]
    assert set(rates["ward_name"].head(4)) == {"Abbey", "Village", "Thames", "Chadwell Heath"}


def test_an_xls_named_as_the_input(real_data: Path) -> None:
    with pytest.raises(WardcastError, match="binary Excel workbook"):
        read_folder(real_data / "population" / "ward-profiles-excel-version.csv", area="E09000002")
