"""The real official files: every count to the last crime, and every trap of theirs named in the findings."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.ward_files import counts_of, said
from wardcast_models.errors import WardcastError
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.parts import BoroughSeries, Part, SmallAreaRelease, StreetMonth, WardRelease, WardSeries
from wardcast_models.panel.readers import READERS
from wardcast_models.panel.sources.opening import open_sources
from wardcast_models.reference.taxonomy import taxonomy

HISTORICAL = "MPS Ward Level Crime (Historical).csv"
RECENT = "MPS Ward Level Crime (most recent 24 months).csv"
OLD_WARDS = "older-releases/MPS Ward Level Crime (most recent 24 months) [202009-202208, old wards].csv"
MINORS = "older-releases/MPS Ward Level Crime (most recent 24 months) [202109-202308, 49 minors].csv"
DASHBOARD = "mps_dashboard/lbbd_domestic_abuse_hate_gun_knife_by_month.csv"

TRAPS: dict[str, tuple[FindingKind, str]] = {
    "column order differs": (FindingKind.MENDED, "(Historical).csv: Its columns stand in another order (WardName"),
    "letter case differs": (FindingKind.MENDED, "old wards].csv: Offence labels in mixed case"),
    "category lists differ": (FindingKind.CAVEAT, "Death or serious injury by unlawful driving is not listed"),
    "stalking is split out": (FindingKind.MENDED, "Stalking and harassment (569,167 crimes) is counted with violence"),
    "burglary relabelled in 2023": (FindingKind.MENDED, "under 3 labels (Domestic burglary, Res burglary of a home"),
    "burglary in other releases": (FindingKind.MENDED, "2 labels (Burglary - residential, Burglary in a dwelling)"),
    "new recording system": (FindingKind.CAVEAT, "a break in recording, not a trend"),
    "step: weapons": (FindingKind.CAVEAT, "possession of weapons x0.4"),
    "step: drug possession": (FindingKind.CAVEAT, "possession of drugs x0.71"),
    "step: violence with injury": (FindingKind.CAVEAT, "violence with injury x0.82"),
    "step: trafficking": (FindingKind.CAVEAT, "trafficking of drugs x1.5"),
    "step: arson": (FindingKind.CAVEAT, "arson x1.64"),
    "step: business robbery": (FindingKind.CAVEAT, "robbery of business property x1.66"),
    "crime without a ward": (FindingKind.CAVEAT, "1.3% to 4.5% a month in Barking and Dagenham, by the dashboard's"),
    "fraud ends in 2013": (FindingKind.CAVEAT, "Fraud and forgery is effectively zero after March 2013"),
    "a missing row is zero": (FindingKind.CAVEAT, "A row that a release leaves out is a true zero"),
    "names survive with other areas": (FindingKind.CAVEAT, "ward names (Abbey, Alibon"),
    "newest month is revised": (FindingKind.CAVEAT, "total of a month told at the age of 1 month moved by 0.2 %"),
    "airport among the boroughs": (FindingKind.MENDED, "(E05013570) also stands under 'Aviation Security (SO18)'"),
    "street file missing": (FindingKind.READ, "No file was supplied for 2016-04: unobserved, not zero"),
    "later small areas": (FindingKind.CAVEAT, "carry small areas of 2021 (11 that did not exist then"),
    "snap points": (FindingKind.CAVEAT, "at points moved to a nearby map point"),
    "no crime id": (FindingKind.CAVEAT, "anti-social behaviour has no crime id"),
    "incidents, not crimes": (FindingKind.CAVEAT, "It counts incidents reported to the police, not crimes"),
    "few wards in some months": (
        FindingKind.CAVEAT,
        "It holds 483 wards in its fullest month and fewer in 2016-03 (59)",
    ),
    "few wards in 2016-04": (FindingKind.CAVEAT, "2016-04 (465)"),
    "dashboard codes in two forms": (FindingKind.MENDED, "The codes of 19 wards are written in two forms"),
    "dashboard wards under two names": (FindingKind.MENDED, "'Abbey' and 'Abbey (KG)'"),
    "dashboard starts late": (FindingKind.CAVEAT, "The dashboard's series start in 2021-08"),
    "projection runs early": (
        FindingKind.CAVEAT,
        "it gives 221,496 residents in Barking and Dagenham, where the Census",
    ),
    "projection of old Thames": (
        FindingKind.CAVEAT,
        "Thames (now mostly Barking Riverside and Thames View) 19,600 against",
    ),
    "derived estimates": (FindingKind.CAVEAT, "in 2019 and 2020 are dated before these wards came into being"),
    "workbook named csv": (FindingKind.LEFT_ASIDE, "ward-profiles-excel-version.csv: It seems to be a binary Excel"),
    "rates mislead": (FindingKind.CAVEAT, "mislead where people do not live: Abbey (3,955 residents, 1,611 crimes"),
    "no list of completions": (FindingKind.MISSING, "No housing pipeline (a dated list of new homes)"),
    "dwellings are no completions": (FindingKind.LEFT_ASIDE, "yearly.csv: This is council-tax dwellings by ward"),
    "approximate polygons": (FindingKind.CAVEAT, "The boundaries of 19 of 19 wards are approximate"),
    "derived ward lookup": (FindingKind.CAVEAT, "Its shares of old wards in new ones are estimates"),
    "best-fit lookup of 2025": (FindingKind.CAVEAT, "london.csv: It is a best-fit lookup to the wards of 2025"),
    "severity weights are partial": (FindingKind.LEFT_ASIDE, "It gives 10 offences, a part of the ONS list"),
    "no weight for ASB": (FindingKind.LEFT_ASIDE, "anti-social behaviour has no weight in this scale"),
}
"""Each trap that the files' own notes tell of and that these files hold, and where the findings say it."""

NOT_IN_THESE_FILES = ("is left over or unfinished", "stand under newer names", "Old and new ward codes both occur")


@pytest.fixture(scope="module")
def panel(real_data: Path) -> Panel:
    return read_folder(real_data, area="E09000002")


@pytest.fixture(scope="module")
def old_panel(real_data: Path) -> Panel:
    return read_folder(real_data, area="Barking and Dagenham", wards="WD18")


def parts_of(path: Path) -> list[Part]:
    """Read one file as it would be read in its folder."""
    (source,) = open_sources(path)
    read = next(reader for reader in READERS if reader.recognises(source)).read(source)
    return read if isinstance(read, list) else [read]


def totals(path: Path) -> pd.DataFrame:
    """Crimes by ward code and month, added up by pandas alone."""
    rows = pd.read_csv(path)
    months = [column for column in rows.columns if column.isdigit()]
    return rows.groupby("WardCode")[months].sum()


def by_ward_month(path: Path) -> dict[tuple[str, str], float]:
    sums = totals(path)
    months = [f"{column[:4]}-{column[4:]}" for column in sums.columns]
    return {
        (str(code), month): float(count)
        for code, counts in zip(sums.index, sums.to_numpy(), strict=True)
        for month, count in zip(months, counts, strict=True)
    }


def crimes(panel: Panel) -> dict[tuple[str, str], float]:
    """Crimes by ward code and month in the panel, where observed."""
    rows = [position for position, category in enumerate(panel.categories) if taxonomy()[category].crime]
    counts = panel.counts[:, rows]
    months = panel.months.strftime("%Y-%m")
    return {
        (code, month): float(np.nansum(counts[ward, :, column]))
        for ward, code in enumerate(panel.ward_codes)
        for column, month in enumerate(months)
        if not np.isnan(counts[ward, :, column]).all()
    }


@pytest.mark.parametrize("name", [HISTORICAL, RECENT, OLD_WARDS, MINORS])
def test_a_ward_release_matches_its_file_to_the_last_crime(real_data: Path, name: str) -> None:
    (release,) = parts_of(real_data / "mps" / name)
    assert isinstance(release, WardRelease)
    expected = totals(real_data / "mps" / name)
    assert release.ward_codes == tuple(expected.index)
    assert list(release.months.strftime("%Y%m")) == list(expected.columns)
    assert np.array_equal(release.counts.sum(axis=1), expected.to_numpy())


def test_the_small_area_release_matches_its_file_to_the_last_crime(real_data: Path) -> None:
    path = real_data / "mps" / "lbbd_lsoa21_crime_by_month.csv"
    (release,) = parts_of(path)
    assert isinstance(release, SmallAreaRelease)
    expected = pd.read_csv(path).groupby(["lsoa_code", "month"])["count"].sum()
    found = release.frame.assign(month=release.frame["month"].dt.strftime("%Y-%m"))
    pd.testing.assert_series_equal(found.groupby(["lsoa_code", "month"])["count"].sum(), expected, check_dtype=False)


def test_the_dashboard_matches_its_file_to_the_last_offence(real_data: Path) -> None:
    boroughs, wards = parts_of(real_data / DASHBOARD)
    assert isinstance(boroughs, BoroughSeries)
    assert isinstance(wards, WardSeries)
    rows = pd.read_csv(real_data / DASHBOARD)
    rows = rows[rows["measure"] == "Offences"].assign(code=rows["area_code"].str.strip())
    for area_type, frame, code in (("Borough", boroughs.frame, "area_code"), ("Safer", wards.frame, "ward_code")):
        expected = rows[rows["area_type"].str.startswith(area_type)].groupby(["code", "month"])["count"].sum()
        filled = frame[frame["count"] > 0].assign(month=frame["month"].dt.strftime("%Y-%m"))
        found = filled.groupby([code, "month"])["count"].sum()
        assert found.to_dict() == expected.to_dict()


def test_the_street_files_match_to_the_last_incident(real_data: Path) -> None:
    for path in sorted((real_data / "policeuk").glob("*/*-street.csv")):
        (street,) = parts_of(path)
        assert isinstance(street, StreetMonth)
        rows = pd.read_csv(path)
        placed = rows[rows["LSOA code"].notna()].groupby("LSOA code").size().to_dict()
        assert street.frame.groupby("lsoa_code")["count"].sum().to_dict() == placed
        assert street.frame["count"].sum() + street.unlocated["count"].sum() == len(rows) == street.rows
        of_asb = street.frame["category"] == "asb"
        is_asb = (rows["Crime type"] == "Anti-social behaviour") & rows["LSOA code"].notna()
        assert street.frame["count"][of_asb].sum() == is_asb.sum()


def test_every_ward_and_month_of_the_panel_matches_the_files(panel: Panel, real_data: Path) -> None:
    recent, historical = by_ward_month(real_data / "mps" / RECENT), by_ward_month(real_data / "mps" / HISTORICAL)
    # The historical file was published with a later 24-month file than the one at hand, so it is the newer of the two.
    assert crimes(panel) == recent | historical
    assert len(panel.ward_codes) == 679


def test_the_old_wards_match_their_release_where_it_reaches(old_panel: Panel, real_data: Path) -> None:
    expected = by_ward_month(real_data / "mps" / OLD_WARDS)
    found = crimes(old_panel)
    assert {key: found[key] for key in expected} == expected
    assert (old_panel.vintage, len(old_panel.area.ward_codes)) == ("WD18", 17)


def test_carried_months_keep_every_crime_of_the_borough(panel: Panel, old_panel: Panel) -> None:
    def of_borough(one: Panel) -> Counter[str]:
        sums: Counter[str] = Counter()
        for (code, month), count in crimes(one).items():
            if code in one.area.ward_codes:
                sums[month] += int(count)
        return sums

    new, old = of_borough(panel), of_borough(old_panel)
    carried = [month for month in new if not "2020-09" <= month <= "2022-08"]
    assert {month: old[month] for month in carried} == {month: new[month] for month in carried}


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
    unnamed = [trap for trap, (kind, phrase) in TRAPS.items() if phrase not in said(panel, kind)]
    assert unnamed == []


def test_no_trap_is_named_that_these_files_do_not_hold(panel: Panel) -> None:
    everything = "\n".join(finding.message for finding in panel.findings)
    assert [phrase for phrase in NOT_IN_THESE_FILES if phrase in everything] == []


def test_every_file_of_the_folder_is_accounted_for(panel: Panel, real_data: Path) -> None:
    files = {path.name for path in real_data.rglob("*") if path.is_file() and not path.name.endswith("-street.csv")}
    assert files <= {finding.file for finding in panel.findings}


def test_havering_says_what_is_missing(real_data: Path) -> None:
    missing = said(read_folder(real_data, area="E09000016"), FindingKind.MISSING)
    for phrase in ("No polygons", "No anti-social behaviour", "No MPS dashboard"):
        assert phrase in missing


def test_the_year_on_year_changes_of_the_csp_plan(panel: Panel) -> None:
    def change(category: str) -> float:
        counts = np.sum([counts_of(panel, code, category) for code in panel.area.ward_codes], axis=0)
        by_month = pd.Series(counts, index=panel.months)
        return 100.0 * (by_month["2020-04":"2021-03"].sum() / by_month["2019-04":"2020-03"].sum() - 1.0)

    assert change("burglary_residential") == pytest.approx(-29, abs=0.5)
    assert -11 <= change("theft_of_vehicle") <= -9
    assert -24 <= change("rape") <= -23


def test_an_xls_named_as_the_input(real_data: Path) -> None:
    with pytest.raises(WardcastError, match="binary Excel workbook"):
        read_folder(real_data / "population" / "ward-profiles-excel-version.csv", area="E09000002")
