"""Every measure agrees to 1e-9 with the library that defines it for others, on counts of every size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from wardcast_models.evaluation import metrics
from wardcast_models.evaluation.cells import EVALUATION_LEVELS, sample_quantiles

losses = pytest.importorskip("utilsforecast.losses", reason="utilsforecast is a development tool")
scoringrules = pytest.importorskip("scoringrules", reason="scoringrules is a development tool")

N_SERIES, N_HISTORY, N_AHEAD = 6, 48, 12
WITHIN = 1e-9


@dataclass(frozen=True)
class World:
    """Random counts of series with a forecast: quantiles and sample paths."""

    history: NDArray[np.float64]
    actual: NDArray[np.float64]
    mean: NDArray[np.float64]
    paths: NDArray[np.int32]
    quantiles: NDArray[np.float64]

    def frame(self) -> pd.DataFrame:
        """Return the forecast in the layout of utilsforecast."""
        by_level = dict(zip(EVALUATION_LEVELS, self.quantiles, strict=True))
        columns = {f"q{level}": by_level[level] for level in EVALUATION_LEVELS}
        columns |= {"model-lo-80": by_level[0.1], "model-hi-80": by_level[0.9]}
        columns |= {"model-lo-90": by_level[0.05], "model-hi-90": by_level[0.95], "y": self.actual, "model": self.mean}
        frame = pd.DataFrame({name: values.reshape(-1) for name, values in columns.items()})
        frame["unique_id"] = np.repeat(np.arange(N_SERIES), N_AHEAD)
        frame["ds"] = np.tile(pd.date_range("2020-01-01", periods=N_AHEAD, freq="MS"), N_SERIES)
        return frame

    def train(self) -> pd.DataFrame:
        """Return the history in the layout of utilsforecast."""
        return pd.DataFrame(
            {
                "unique_id": np.repeat(np.arange(N_SERIES), N_HISTORY),
                "ds": np.tile(pd.date_range("2016-01-01", periods=N_HISTORY, freq="MS"), N_SERIES),
                "y": self.history.reshape(-1),
            }
        )


def world(rate: float, n_paths: int) -> World:
    rng = np.random.default_rng([int(10 * rate), n_paths])
    rates = rng.gamma(2.0, rate / 2.0, size=(N_SERIES, 1)) + 0.02
    history = rng.poisson(rates, size=(N_SERIES, N_HISTORY)).astype(float)
    history[:, 0] += 1.0  # no series without any seasonal difference: a scale of 0 is another test's matter
    paths = np.sort(rng.poisson(rates, size=(n_paths, N_SERIES, N_AHEAD)).astype(np.int32), axis=0)
    actual = rng.poisson(rates, size=(N_SERIES, N_AHEAD)).astype(float)
    return World(history, actual, paths.mean(axis=0), paths, sample_quantiles(paths).astype(float))


@pytest.fixture(
    params=[(0.1, 50), (0.7, 500), (4.0, 99), (30.0, 1), (900.0, 200)],
    ids=["nearly all zero", "under one", "a few", "a single path", "hundreds"],
)
def counts(request: pytest.FixtureRequest) -> World:
    return world(*request.param)


def test_scaled_errors(counts: World) -> None:
    options = {"models": ["model"], "seasonality": 12, "train_df": counts.train()}
    theirs = losses.mase(counts.frame(), **options)["model"].mean()
    scale = metrics.seasonal_scale(counts.history)
    assert metrics.mase(counts.actual, counts.mean, scale) == pytest.approx(theirs, abs=WITHIN)
    theirs = losses.rmsse(counts.frame(), **options)["model"].mean()
    scale = metrics.seasonal_scale(counts.history, power=2)
    assert metrics.rmsse(counts.actual, counts.mean, scale) == pytest.approx(theirs, abs=WITHIN)


def test_absolute_percentage_error_of_each_series(counts: World) -> None:
    known = counts.actual.sum(axis=1) > 0
    theirs = losses.nd(counts.frame(), models=["model"])["model"].to_numpy()[known]
    ours = [metrics.wape(counts.actual[one], counts.mean[one]) for one in np.flatnonzero(known)]
    assert np.allclose(ours, theirs, rtol=0, atol=WITHIN)


def test_bias_is_their_mean_error_over_the_mean_count(counts: World) -> None:
    theirs = losses.bias(counts.frame(), models=["model"])["model"].mean() / counts.actual.mean()
    assert metrics.bias(counts.actual, counts.mean) == pytest.approx(theirs, abs=WITHIN)


def test_pinball_at_every_level_and_over_all_levels(counts: World) -> None:
    frame = counts.frame()
    for level, quantile in zip(EVALUATION_LEVELS, counts.quantiles, strict=True):
        ours = metrics.pinball(counts.actual, quantile[None], (level,))
        theirs = losses.quantile_loss(frame, models={"model": f"q{level}"}, q=level)["model"]
        assert np.allclose(ours.mean(axis=1), theirs, rtol=0, atol=WITHIN)
        assert np.allclose(ours, scoringrules.quantile_score(counts.actual, quantile, level), rtol=0, atol=WITHIN)
    models = {"model": [f"q{level}" for level in EVALUATION_LEVELS]}
    theirs = losses.mqloss(frame, models=models, quantiles=np.array(EVALUATION_LEVELS))["model"]
    ours = metrics.pinball(counts.actual, counts.quantiles, EVALUATION_LEVELS)
    assert np.allclose(ours.mean(axis=1), theirs, rtol=0, atol=WITHIN)


def test_crps_from_19_quantiles(counts: World) -> None:
    ours = 2.0 * metrics.pinball(counts.actual, counts.quantiles, EVALUATION_LEVELS)
    theirs = scoringrules.crps_quantile(counts.actual, counts.quantiles, np.array(EVALUATION_LEVELS), m_axis=0)
    assert np.allclose(ours, theirs, rtol=0, atol=WITHIN)
    models = {"model": [f"q{level}" for level in EVALUATION_LEVELS]}
    scaled = losses.scaled_crps(counts.frame(), models=models, quantiles=np.array(EVALUATION_LEVELS))["model"]
    for one in np.flatnonzero(counts.actual.sum(axis=1) > 0):
        assert metrics.scaled_score(counts.actual[one], ours[one]) == pytest.approx(scaled[one], abs=WITHIN)


def test_crps_from_sample_paths(counts: World) -> None:
    paths = counts.paths.astype(float)
    theirs = scoringrules.crps_ensemble(counts.actual, paths, m_axis=0, estimator="nrg")
    assert np.allclose(metrics.crps(counts.actual, counts.paths), theirs, rtol=0, atol=WITHIN)


@pytest.mark.parametrize("level", [80, 90])
def test_intervals(counts: World, level: int) -> None:
    frame = counts.frame()
    lower, upper = (frame[f"model-{end}-{level}"].to_numpy().reshape(N_SERIES, N_AHEAD) for end in ("lo", "hi"))
    ours = metrics.winkler(counts.actual, lower, upper, level=level / 100)
    theirs = scoringrules.interval_score(counts.actual, lower, upper, 1.0 - level / 100)
    assert np.allclose(ours, theirs, rtol=0, atol=WITHIN)
    assert np.allclose(
        ours.mean(axis=1), losses.winkler_score(frame, models=["model"], level=level)["model"], rtol=0, atol=WITHIN
    )
    theirs = losses.coverage(frame, models=["model"], level=level)["model"].mean()
    assert metrics.coverage(counts.actual, lower, upper) == pytest.approx(theirs, abs=WITHIN)


def test_quantiles_are_the_smallest_counts_that_enough_paths_do_not_exceed(counts: World) -> None:
    # In whole numbers: numpy's `inverted_cdf` takes 0.55 x 200 for a little more than 110, and so the 111th path.
    for twentieths, quantile in enumerate(counts.quantiles, start=1):
        up_to, below = ((counts.paths <= quantile).sum(axis=0), (counts.paths < quantile).sum(axis=0))
        assert (20 * up_to >= twentieths * len(counts.paths)).all()
        assert (20 * below < twentieths * len(counts.paths)).all()
