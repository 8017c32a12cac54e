"""Any police.uk area: places known from the folder's lookups, counts from street files where no MPS release is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests import policeuk_files as pf
from tests import ward_files as wf
from tests.ward_files import counts_of, said
from wardcast_models.errors import WardcastError
from wardcast_models.evaluation.backtest import backtest
from wardcast_models.forecasting.registry import forecaster
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.places.gazetteer import gazetteer
from wardcast_models.reference.taxonomy import taxonomy


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pf.write_archive(tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="module")
def few_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough to be an area, where how much it holds does not matter."""
    return pf.write_archive(tmp_path_factory.mktemp("few"), months=2)


@pytest.fixture(scope="module")
def panel(archive: Path) -> Panel:
    return read_folder(archive, area="southton-on-sea")


def test_an_area_is_found_by_name_or_code_in_the_lookups(panel: Panel, archive: Path) -> None:
    assert (panel.area.code, panel.area.name) == (pf.SOUTHTON, "Southton-on-Sea")
    assert panel.area.ward_codes == pf.SOUTHTON_WARDS
    assert panel.ward_names[pf.SOUTHTON_WARDS[0]] == "Ward 11"
    assert panel.vintage == "WD24"
    assert read_folder(archive, area=pf.SOUTHTON.lower()).digest == panel.digest


def test_its_counts_are_the_street_files_in_police_uks_categories(panel: Panel, archive: Path) -> None:
    files = sorted(archive.rglob("*-street.csv"))
    rows = [line.split(",") for path in files for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    ward_of = pf.small_areas()
    for kind, category in (("Vehicle crime", "policeuk_vehicle_crime"), ("Anti-social behaviour", "asb")):
        expected = sum(row[9] == kind and ward_of.get(row[7]) == pf.NORTHTON_WARDS[2] for row in rows)
        assert sum(counts_of(panel, pf.NORTHTON_WARDS[2], category)) == expected
    assert np.nansum(panel.counts) == sum(bool(row[7]) for row in rows)
    assert len(panel.categories) == len(pf.TYPES)


def test_forecasts_learn_from_every_area_of_the_files(panel: Panel) -> None:
    assert len(panel.ward_codes) == len(pf.NORTHTON_WARDS) + len(pf.SOUTHTON_WARDS)
    assert not np.isnan(panel.counts).any()


def test_the_findings_say_what_the_counts_are(panel: Panel) -> None:
    caveats = said(panel, FindingKind.CAVEAT)
    assert "No MPS release holds Southton-on-Sea: its counts come from police.uk alone" in caveats
    assert "Northton, Southton-on-Sea" in caveats
    assert "changed their recording system" not in caveats


def test_rows_without_a_place_are_kept_apart(panel: Panel) -> None:
    lost = panel.unlocated
    assert set(lost["place"]) == {pf.FORCE}
    assert lost["count"].sum() == 2 * len(panel.months)


def test_it_is_forecast_around_its_recent_counts(panel: Panel) -> None:
    forecast = forecaster("pooled_theta").fit(panel, until=panel.last_month).forecast(horizon_months=3, n_paths=100)
    place = forecast.categories.index("policeuk_violence_sexual")
    recent = panel.counts[panel.area_rows, panel.categories.index("policeuk_violence_sexual"), -12:].mean()
    assert forecast.paths[:, :, place].mean() == pytest.approx(recent, rel=0.3)


def test_a_backtest_there_is_not_marked_with_events_of_the_metropolitan_police(panel: Panel) -> None:
    origin = panel.last_month - pd.DateOffset(months=2)
    tested = backtest(panel, forecasters=["mean_12_months"], origins=[origin], horizon_months=2, n_paths=20)
    assert tested.per_origin["recording_change"].tolist() == ["none"]
    assert tested.per_origin["incomplete_month"].tolist() == ["none"]


def test_an_area_that_no_file_covers_is_refused_with_those_that_are(few_months: Path) -> None:
    with pytest.raises(WardcastError) as caught:
        read_folder(few_months, area="Easton")
    (problem,) = caught.value.problems
    assert "in no lookup of the folder" in problem.found
    assert "Northton (E07999001)" in problem.mend


def test_a_few_stray_points_make_no_area(tmp_path: Path) -> None:
    lookup = [*pf.best_fit_lookup()]
    wf.write(tmp_path / "lookup.csv", lookup)
    (small_area, *_) = pf.small_areas()
    wf.write(tmp_path / "street.csv", wf.street("2024-01", {small_area: 3}))
    with pytest.raises(WardcastError, match="holds no ward crime counts"):
        read_folder(tmp_path, area="Northton")


def test_beside_mps_releases_police_uk_gives_london_its_anti_social_behaviour_only(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    wf.write(tmp_path / "lookup.csv", [["lsoa21cd", "ward22cd"], ["E01000011", wf.ABBEY], ["E01000012", wf.ALIBON]])
    wf.write(tmp_path / "street.csv", wf.street("2024-02", {"E01000011": 2, "E01000012": 1}))
    panel = read_folder(tmp_path, area=wf.LBBD)
    assert panel.categories == ("robbery_personal", "burglary_residential", "asb")
    assert counts_of(panel, wf.ABBEY, "burglary_residential") == [10, 11, 12]
    assert "only anti-social behaviour is in the panel" in said(panel, FindingKind.READ)


def test_a_users_table_may_name_wards_that_only_a_lookup_knows(few_months: Path, tmp_path: Path) -> None:
    for path in few_months.rglob("*.csv"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    groups = [["ward_code", "group"], [pf.SOUTHTON_WARDS[0], "seafront"]]
    wf.write(tmp_path / "groups.csv", groups)
    assert read_folder(tmp_path, area=pf.SOUTHTON).ward_groups["group"].tolist() == ["seafront"]
    wf.write(tmp_path / "groups.csv", [*groups, ["E05888888", "inland"]])
    with pytest.raises(WardcastError, match=r"groups\.csv names wards that are not known") as caught:
        read_folder(tmp_path, area=pf.SOUTHTON)
    assert caught.value.problems[0].found == "E05888888"


def test_the_gazetteer_knows_london_without_any_file() -> None:
    known = gazetteer([])
    assert known.area_name(wf.ABBEY) == "Barking and Dagenham"
    assert (len(known.wards_of(wf.LBBD, "WD22")), len(known.wards_of(wf.LBBD, "WD18"))) == (19, 17)
    assert known.find("kingston upon thames") is not None
    assert known.find("Southend-on-Sea") is None


def test_police_and_council_reports_are_never_one_total() -> None:
    kinds = taxonomy()
    assert not any(kinds[category].crime for category in ("asb", "council_asb", "fly_tipping", "deliberate_fires"))
    assert kinds["asb"].major != kinds["council_asb"].major
    assert kinds["asb"].priority != kinds["council_asb"].priority


def test_the_city_of_london_is_told_to_have_a_police_force_of_its_own(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    with pytest.raises(WardcastError) as refused:
        read_folder(tmp_path, area="E09000001")
    assert "a police force of its own" in refused.value.problems[0].found
