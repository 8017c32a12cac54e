"""The sample's local files: read back to the last count, with the truth that is written beside them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.read_files import told
from wardcast_models.panel.parts import Part, Premises, Repeats, Survey, WardIncidents
from wardcast_models.panel.readers import READERS
from wardcast_models.panel.sources.opening import open_sources
from wardcast_models.reference.taxonomy import ASB
from wardcast_models.sample import SampleTruth, write_sample
from wardcast_models.sample.place import sample_wards

ABBEY = "E05014053"
FOLDERS = ("council", "fire", "partners", "surveys")


@pytest.fixture(scope="module")
def folder(sample_dir: Path) -> Path:
    return sample_dir


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "truth" / "truth_local.json").read_text())
    return found


@pytest.fixture(scope="module")
def crimes(tmp_path_factory: pytest.TempPathFactory) -> SampleTruth:
    return write_sample(tmp_path_factory.mktemp("crimes"))


@pytest.fixture(scope="module")
def parts(folder: Path) -> list[Part]:
    found: list[Part] = []
    for name in FOLDERS:
        for path in sorted((folder / name).iterdir()):
            (source,) = open_sources(path)
            reader = next(reader for reader in READERS if reader.recognises(source))
            read = reader.read(source)
            found += read if isinstance(read, list) else [read]
    return found


def log(parts: list[Part], category: str) -> WardIncidents:
    """The log of a category."""
    (part,) = (part for part in parts if isinstance(part, WardIncidents) and set(part.frame["category"]) == {category})
    return part


def by_ward(part: WardIncidents) -> dict[str, list[int]]:
    """Counts by ward, a count a month."""
    table = part.frame.pivot(index="ward_code", columns="month", values="count")
    return {str(code): row.tolist() for code, row in table.iterrows()}


@pytest.mark.parametrize(
    ("category", "name"),
    [("council_asb", "council_asb"), ("fly_tipping", "fly_tipping"), ("deliberate_fires", "secondary_fires")],
)
def test_each_log_reads_back_exactly_the_counts_that_were_drawn(
    parts: list[Part], truth: dict[str, Any], category: str, name: str
) -> None:
    part = log(parts, category)
    assert by_ward(part) == truth[name]
    assert sorted(set(part.frame["month"].dt.strftime("%Y-%m"))) == truth["log_months"]


def test_reports_without_a_ward_are_those_that_were_drawn(parts: list[Part], truth: dict[str, Any]) -> None:
    unlocated = log(parts, "council_asb").unlocated.set_index("month")["count"]
    drawn = pd.Series(truth["council_asb_without_ward"], index=pd.DatetimeIndex(truth["log_months"]))
    assert unlocated.reindex(drawn.index, fill_value=0).tolist() == drawn.tolist()


def test_the_council_log_starts_within_a_month_that_is_not_counted(parts: list[Part], truth: dict[str, Any]) -> None:
    text = told(log(parts, "council_asb"))
    before = pd.Timestamp(truth["log_months"][0]) - pd.DateOffset(months=1)
    assert f"{before:%Y-%m} is not complete" in text


def test_council_reports_follow_police_incidents_at_the_stated_ratio(
    parts: list[Part], crimes: SampleTruth, truth: dict[str, Any]
) -> None:
    months = pd.DatetimeIndex(truth["log_months"])
    season = truth["council_asb_season"]
    angle = 2 * np.pi * (months.month.to_numpy() - season["peak_month"]) / 12
    wave = np.exp(season["log_amplitude"] * np.cos(angle))
    police = crimes.expected[:, crimes.categories.index(ASB), -len(months) :].sum(axis=0)
    part = log(parts, "council_asb")
    reports = part.frame["count"].sum() + part.unlocated["count"].sum()
    assert reports / (police * wave).sum() == pytest.approx(truth["council_asb_for_each_police_asb"], rel=0.03)


def test_repeat_shares_are_the_stated_ones(parts: list[Part], truth: dict[str, Any]) -> None:
    (part,) = (part for part in parts if isinstance(part, Repeats))
    sums = part.frame.groupby("subject")[["persons", "repeat_persons"]].sum()
    found = (sums["repeat_persons"] / sums["persons"]).to_dict()
    assert found == pytest.approx(truth["repeat_share"], abs=0.02)


def test_premises_crowd_where_the_town_centre_is(parts: list[Part], truth: dict[str, Any]) -> None:
    (part,) = (part for part in parts if isinstance(part, Premises))
    latest = part.frame[part.frame["month"] == part.frame["month"].max()].set_index("ward_code")["premises"]
    assert latest.idxmax() == ABBEY
    assert latest.to_dict() == {code: after for code, (_, after) in truth["licensed_premises"].items()}
    residents = {ward.code: ward.persons_2021 for ward in sample_wards()}
    assert residents[ABBEY] == min(residents.values())


def test_survey_shares_scatter_around_the_stated_ones(parts: list[Part], truth: dict[str, Any]) -> None:
    frames = [part.frame for part in parts if isinstance(part, Survey)]
    assert len(frames) == 2
    ours = pd.concat(frames).query("area_code == 'E09000002'").groupby("measure")["share"].mean()
    assert set(ours.index) == {"safe_by_day", "safe_after_dark"}
    for measure, share in truth["safe_shares"].items():
        assert ours[measure] == pytest.approx(share, abs=0.02)


def table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path)


def test_the_borough_file_holds_the_wards_and_from_2024_03_crime_without_one(
    folder: Path, crimes: SampleTruth, truth: dict[str, Any]
) -> None:
    (path,) = folder.rglob("MPS Borough Level*")
    months = table(path).filter(regex=r"^\d{6}$").sum().to_dict()
    recorded = {f"{str(month)[:4]}-{str(month)[4:]}": int(count) for month, count in months.items()}
    wards = np.delete(crimes.counts, crimes.categories.index(ASB), axis=1).sum(axis=(0, 1))
    in_wards = {f"{month:%Y-%m}": int(count) for month, count in zip(crimes.months, wards, strict=True)}
    lost = {month: count - in_wards[month] for month, count in recorded.items()}
    assert {month: count for month, count in lost.items() if count} == truth["unlocated_crimes"]
    assert min(truth["unlocated_crimes"]) == "2024-03"
    total = sum(count for month, count in recorded.items() if month >= "2024-03")
    assert sum(lost.values()) / total == pytest.approx(truth["unlocated_share"], rel=0.15)


def test_small_areas_add_up_to_their_wards(folder: Path, crimes: SampleTruth) -> None:
    (path,) = folder.rglob("lsoa21_crime_by_month*")
    (lookup,) = folder.rglob("lsoa21_to_ward22*")
    ward_of = dict(table(lookup)[["lsoa21cd", "ward22cd"]].to_numpy())
    rows = table(path)
    found = rows.assign(ward=rows["lsoa_code"].map(ward_of)).groupby("ward")["count"].sum()
    wards = np.delete(crimes.counts, crimes.categories.index(ASB), axis=1)[:, :, -12:].sum(axis=(1, 2))
    assert found.to_dict() == dict(zip(crimes.ward_codes, wards.tolist(), strict=True))


def test_the_fire_export_has_no_address_and_the_columns_of_the_real_one(folder: Path) -> None:
    (path,) = (folder / "fire").iterdir()
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["Postcode_full"] + row["UPRN"] + row["Easting_m"] for row in rows} == {""}
    assert {"IncidentNumber", "DateOfCall", "StopCodeDescription", "IncGeo_WardCode", "NumCalls"} <= set(rows[0])
    assert len(rows[0]) == 39
