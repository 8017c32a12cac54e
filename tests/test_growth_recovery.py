"""The sample's true growth is found again, and forecasts that know growth are better where it happens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.stats import t as student_t

from wardcast_models.forecasting.fitting import fitting_of
from wardcast_models.forecasting.registry import forecaster
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.taxonomy import taxonomy
from wardcast_models.sample import redrawn, write_sample
from wardcast_models.sample.place import schemes
from wardcast_models.sample.process import PERSONS_ELASTICITY

SEEDS = range(100)
ORIGIN = pd.Timestamp("2024-03-01")
HORIZON_MONTHS = 12


@pytest.fixture(scope="module")
def sample(sample_dir: Path) -> Panel:
    return read_folder(sample_dir, area="E09000002")


def without_growth(panel: Panel) -> Panel:
    """The same panel where nobody supplied a projection or a housing pipeline."""
    return replace(panel, projection=panel.projection.iloc[:0], pipeline=panel.pipeline.iloc[:0])


def growing_rows(panel: Panel) -> NDArray[np.intp]:
    """Positions of the area's wards with a housing scheme."""
    return np.flatnonzero(np.isin(panel.area.ward_codes, [scheme["ward_code"] for scheme in schemes()]))


def ward_totals(panel: Panel, model: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean forecast and record of the growing wards, each ward's crime of a year."""
    forecast = forecaster(model).fit(panel, until=ORIGIN).forecast(horizon_months=HORIZON_MONTHS, n_paths=100)
    crimes = [place for place, category in enumerate(forecast.categories) if taxonomy()[category].crime]
    places = [panel.categories.index(forecast.categories[place]) for place in crimes]
    ahead = panel.months.get_indexer(forecast.months)
    actual = panel.counts[panel.area_rows][:, places][:, :, ahead].sum(axis=(1, 2))
    rows = growing_rows(panel)
    return forecast.mean[:, crimes].sum(axis=(1, 2))[rows], actual[rows]


def test_a_redrawn_sample_is_the_sample_written_with_that_seed(sample: Panel, tmp_path: Path) -> None:
    write_sample(tmp_path / "other", seed=7)
    written = read_folder(tmp_path / "other", area="E09000002")
    drawn = redrawn(sample, seed=7)
    np.testing.assert_array_equal(drawn.counts, written.counts)
    for mine, theirs in zip(drawn.releases, written.releases, strict=True):
        np.testing.assert_array_equal(mine.counts, theirs.counts)
    pd.testing.assert_frame_equal(drawn.projection, written.projection)
    pd.testing.assert_frame_equal(drawn.pipeline, written.pipeline)
    assert drawn.digest != sample.digest


@pytest.mark.slow
@pytest.mark.parametrize("until", ["2023-03", "2025-03"])
def test_the_true_growth_effect_lies_in_its_interval(
    sample: Panel, until: str, capsys: pytest.CaptureFixture[str]
) -> None:
    effects = [fitting_of(redrawn(sample, seed=seed), pd.Timestamp(f"{until}-01")).effect for seed in SEEDS]
    intervals = [effect.interval_90 for effect in effects]
    inside = sum(low <= PERSONS_ELASTICITY <= high for low, high in intervals)
    means = np.array([effect.mean for effect in effects])
    with capsys.disabled():
        print(  # noqa: T201  # the count is what the slow run is for
            f"\n{until}: the true effect {PERSONS_ELASTICITY:g} lies inside the 90 % interval in {inside} of "
            f"{len(SEEDS)} seeds (mean {means.mean():.3f}, scatter {means.std():.3f}, "
            f"mean sd {np.mean([effect.sd for effect in effects]):.3f})"
        )
    assert inside >= 85
    assert inside < 100, "an interval that never misses is too wide"
    assert means.mean() == pytest.approx(PERSONS_ELASTICITY, abs=0.05)


@pytest.mark.slow
def test_leaving_exposure_out_is_worse_in_the_growing_wards(sample: Panel, capsys: pytest.CaptureFixture[str]) -> None:
    worse, bias = [], []
    for seed in range(20):
        panel = redrawn(sample, seed=seed)
        (knowing, actual), (blind, _) = (ward_totals(of, "pooled_theta") for of in (panel, without_growth(panel)))
        worse.append((np.abs(blind - actual).sum() - np.abs(knowing - actual).sum()) / actual.sum())
        bias.append([(said.sum() - actual.sum()) / actual.sum() for said in (knowing, blind)])
    half = student_t.ppf(0.95, len(worse) - 1) * np.std(worse, ddof=1) / np.sqrt(len(worse))
    low, high = np.mean(worse) - half, np.mean(worse) + half
    knowing_bias, blind_bias = np.mean(bias, axis=0)
    with capsys.disabled():
        print(  # noqa: T201  # the difference is what the slow run is for
            f"\nwithout exposure the error in the growing wards is larger by {np.mean(worse):.1%} of crime (90 % "
            f"interval {low:.1%} to {high:.1%}); bias {blind_bias:+.1%} against {knowing_bias:+.1%}"
        )
    assert low > 0
    assert abs(knowing_bias) < abs(blind_bias)
