"""The embedded sample: official layouts, known truth, plainly synthetic."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.drawn_sample import Sample
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.panel.ingest import read_folder
from wardcast_models.reference.assumptions import assumption
from wardcast_models.reference.taxonomy import ASB, taxonomy
from wardcast_models.sample import MARKER_FILE, write_sample

ABBEY, BARKING_RIVERSIDE = "E05014053", "E05014055"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    return Sample(folder=folder, truth=write_sample(folder))


def bytes_by_name(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# What a user gets


def test_reading_the_folder_gives_back_exactly_the_counts_that_were_drawn(sample: Sample) -> None:
    panel = read_folder(sample.folder, area="E09000002")
    truth = sample.truth
    assert panel.ward_codes == truth.ward_codes
    assert list(panel.months) == list(truth.months)
    read = panel.counts[:, [panel.categories.index(category) for category in truth.categories]]
    asb = truth.categories.index(ASB)
    crimes = [column for column in range(len(truth.categories)) if column != asb]
    np.testing.assert_array_equal(read[:, crimes], truth.counts[:, crimes])
    np.testing.assert_array_equal(read[:, asb, -36:], truth.counts[:, asb, -36:])
    assert np.isnan(read[:, asb, :-36]).all()


def test_the_panel_knows_it_is_synthetic_and_has_every_part(sample: Sample) -> None:
    panel = read_folder(sample.folder, area="Barking and Dagenham")
    assert panel.synthetic
    assert panel.vintage == "WD22"
    assert set(panel.polygons) == set(panel.ward_codes)
    assert set(panel.census["ward_code"]) == set(panel.projection["ward_code"]) == set(panel.ward_codes)
    assert set(panel.ward_groups["ward_code"]) == set(panel.baseline_hours["ward_code"]) == set(panel.ward_codes)
    assert BARKING_RIVERSIDE in set(panel.pipeline["ward_code"])


def test_every_file_says_it_is_synthetic(sample: Sample) -> None:
    for name in bytes_by_name(sample.folder):
        assert "SYNTHETIC" in name or name == MARKER_FILE or name.startswith("truth"), name
    marker = json.loads((sample.folder / MARKER_FILE).read_text())
    truth = json.loads(sample.one("truth.json").read_text())
    assert marker["wardcast_sample"] is True
    assert marker["note"].startswith("SYNTHETIC")
    assert truth["note"].startswith("SYNTHETIC")


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(sample: Sample, tmp_path: Path) -> None:
    write_sample(tmp_path / "again")
    write_sample(tmp_path / "other", seed=1)
    assert bytes_by_name(tmp_path / "again") == bytes_by_name(sample.folder)
    assert bytes_by_name(tmp_path / "other") != bytes_by_name(sample.folder)


def test_the_sample_is_small(sample: Sample) -> None:
    assert sum(map(len, bytes_by_name(sample.folder).values())) < 8_000_000


def test_a_sample_can_end_with_another_month(tmp_path: Path) -> None:
    truth = write_sample(tmp_path, last_month="2024-06")
    panel = read_folder(tmp_path, area="E09000002")
    assert panel.last_month == truth.months[-1] == pd.Timestamp("2024-06-01")
    assert np.isfinite(panel.counts[:, panel.categories.index(ASB), -1]).all()


# Where it must not be written


def test_writing_again_over_the_same_sample_changes_nothing(sample: Sample) -> None:
    before = bytes_by_name(sample.folder)
    write_sample(sample.folder)
    assert bytes_by_name(sample.folder) == before


def test_a_folder_with_other_files_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("a,b\n1,2\n")
    with pytest.raises(WardcastError) as caught:
        write_sample(tmp_path)
    assert caught.value.kind is ErrorKind.CONFLICT
    assert [path.name for path in tmp_path.iterdir()] == ["real.csv"]


def test_another_sample_is_not_overwritten_in_part(sample: Sample) -> None:
    with pytest.raises(WardcastError, match="another sample"):
        write_sample(sample.folder, seed=1)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(WardcastError, match="a file"):
        write_sample(tmp_path / "taken")


@pytest.mark.parametrize("month", ["2025-13", "March", "2018-03", "2040-01", "2025-03-01", ""])
def test_a_month_that_cannot_be_is_refused_before_anything_is_written(tmp_path: Path, month: str) -> None:
    with pytest.raises(WardcastError) as caught:
        write_sample(tmp_path / "new", last_month=month)
    assert caught.value.kind is ErrorKind.INVALID_INPUT
    assert not (tmp_path / "new").exists()


# Whether it is plausible


def test_sizes_are_those_of_such_a_borough(sample: Sample) -> None:
    crimes_a_month = sample.crimes().sum(axis=(0, 1)).reshape(-1, 12).mean(axis=1)
    assert crimes_a_month.min() > 1_250
    assert crimes_a_month.max() < 1_750
    asb_a_month = sample.truth.counts[:, sample.truth.categories.index(ASB), -36:].sum(axis=0)
    assert 600 < asb_a_month.mean() < 800


def test_every_forecast_category_but_police_uks_own_is_in_the_sample(sample: Sample) -> None:
    panel = read_folder(sample.folder, area="E09000002")
    wanted = {name for name, category in taxonomy().items() if category.forecast and "policeuk" not in name}
    assert set(panel.categories) == wanted
    assert set(sample.truth.categories) < wanted


def test_residents_grow_as_the_borough_does(sample: Sample) -> None:
    yearly = sample.table("population_gla_*").groupby("Year")["Population"].sum()
    assert yearly[2011] == pytest.approx(187_416, rel=0.02)
    assert sample.table("population_census2021_*")["count"].sum() == pytest.approx(218_871, rel=0.01)
    assert 0.29 <= yearly[2033] / yearly[2017] - 1 <= 0.33


def test_barking_riverside_doubles_between_2021_and_2025(sample: Sample) -> None:
    table = sample.table("population_gla_*").set_index(["Code", "Year"])["Population"]
    at_census = sample.truth.persons[:, list(sample.truth.months).index(pd.Timestamp("2021-03-01"))]
    assert at_census[sample.truth.ward_codes.index(BARKING_RIVERSIDE)] == pytest.approx(10_000)
    assert table[BARKING_RIVERSIDE, 2025] == pytest.approx(20_000, rel=0.01)
    assert table[BARKING_RIVERSIDE, 2037] > 25_000


def test_barking_riverside_gets_the_homes_of_the_plan(sample: Sample) -> None:
    homes = sample.table("housing_pipeline_*").groupby("ward_code")["homes"].sum()
    assert homes[BARKING_RIVERSIDE] == 10_800


def test_the_town_centre_has_few_residents_and_the_highest_rate(sample: Sample) -> None:
    rates = sample.crimes()[:, :, -12:].sum(axis=(1, 2)) / sample.truth.persons[:, -12:].mean(axis=1)
    assert sample.truth.ward_codes[int(rates.argmax())] == ABBEY
    assert sample.truth.persons[:, -1].argmin() == sample.truth.ward_codes.index(ABBEY)


def test_baseline_hours_add_up_to_the_packaged_assumption(sample: Sample) -> None:
    hours = sample.table("baseline_hours_*")
    wards = len(sample.truth.ward_codes)
    total = assumption("baseline_officer_hours_per_ward_month").value * wards
    assert hours["officer_hours_per_month"].sum() == pytest.approx(total, rel=1e-3)
    assert set(hours["shift"]) == {"day", "late", "night"}


def test_baseline_hours_are_the_same_in_every_shift_so_that_no_shift_draws_the_plan_by_itself(sample: Sample) -> None:
    by_shift = sample.table("baseline_hours_*").pivot(index="ward_code", columns="shift")
    assert (by_shift.max(axis=1) == by_shift.min(axis=1)).all()
    assert by_shift.iloc[:, 0].nunique() > 10


# Whether the truth is true


def test_the_stated_effects_reproduce_the_expected_counts(sample: Sample) -> None:
    truth = sample.truth
    months = truth.months
    census = list(months).index(pd.Timestamp("2021-03-01"))
    pandemic = np.asarray((months >= "2020-04-01") & (months <= "2021-06-01"))
    after = np.asarray(months >= "2024-03-01")
    expected = truth.level[None, :, None] * truth.share[:, :, None] * np.exp(truth.drift + truth.shock[None])
    expected *= np.exp(truth.trend_per_year[None, :, None] * (np.arange(len(months)) - census) / 12)
    expected *= np.exp(truth.season[:, months.month - 1])[None]
    expected *= np.where(pandemic, truth.covid[:, None], 1.0) * np.where(after, truth.recording_break[:, None], 1.0)
    growth = truth.persons / truth.persons[:, [census]]
    expected *= growth[:, None, :] ** truth.persons_elasticity
    np.testing.assert_allclose(truth.expected, expected)


def test_the_truth_table_holds_the_expected_counts(sample: Sample) -> None:
    table = sample.table("truth_rates.csv").set_index(["ward_code", "category"])
    written = table.to_numpy().reshape(sample.truth.expected.shape)
    np.testing.assert_allclose(written, sample.truth.expected, rtol=1e-3)


def test_counts_scatter_around_the_truth_as_a_negative_binomial_does(sample: Sample) -> None:
    truth = sample.truth
    variance = truth.expected + truth.expected**2 / truth.dispersion[None, :, None]
    scaled = (truth.counts - truth.expected) / np.sqrt(variance)
    assert scaled.mean() == pytest.approx(0.0, abs=0.02)
    assert scaled.var() == pytest.approx(1.0, abs=0.05)


def test_the_recording_break_is_the_published_one(sample: Sample) -> None:
    factor = dict(zip(sample.truth.categories, sample.truth.recording_break, strict=True))
    assert factor["weapons_possession"] == 0.45
    assert factor["violence_with_injury"] == 0.82
    assert factor["robbery_business"] == 1.66
    assert factor["burglary_residential"] == 1.0
