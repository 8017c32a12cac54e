"""Cells: every forecast is scored by the same code, a few wards at a time."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from tests.scored_cells import ORIGIN, draw_cells
from wardcast_models.errors import WardcastError
from wardcast_models.evaluation import cells as module
from wardcast_models.evaluation import metrics
from wardcast_models.evaluation.cells import EVALUATION_LEVELS, join_cells, sample_quantiles, score_cells

PANEL = make_panel(n_months=48)
PAST = PANEL.up_to(ORIGIN)
MONTHS = PANEL.months[36:]
PATHS = np.random.default_rng(3).poisson(15.0, size=(120, 4, 2, 12)).astype(np.int32)
QUANTILES = sample_quantiles(np.sort(PATHS, axis=0)).astype(float)
FROM_PATHS = ["crps", "pit", "mass_80"]


def scored(**changes: object) -> pd.DataFrame:
    asked: dict[str, object] = {
        "model": "ours",
        "origin": ORIGIN,
        "categories": PANEL.categories,
        "months": MONTHS,
        "mean": PATHS.mean(axis=0),
        "paths": PATHS,
    }
    return score_cells(PANEL, PAST, **(asked | changes))  # type: ignore[arg-type]  # one dict for all calls


def test_a_peer_without_paths_is_scored_like_our_own() -> None:
    ours, peer = scored(), scored(model="peer", paths=None, quantiles=QUANTILES)
    same = [name for name in ours.columns if name not in [*FROM_PATHS, "model", "lowest"]]
    pd.testing.assert_frame_equal(ours[same], peer[same])
    assert ours[FROM_PATHS].notna().all().all()
    assert peer[FROM_PATHS].isna().all().all()


def test_the_scores_are_those_of_the_measures() -> None:
    frame = scored()
    actual = PANEL.counts[:, :, 36:]
    paths, lower, upper = PATHS, QUANTILES[1], QUANTILES[17]
    expected = {
        "actual": actual,
        "mean": PATHS.mean(axis=0),
        "median": QUANTILES[9],
        "q95": QUANTILES[18],
        "crps": metrics.crps(actual, PATHS),
        "pinball": metrics.pinball(actual, QUANTILES, EVALUATION_LEVELS),
        "winkler_80": metrics.winkler(actual, lower, upper, level=0.8),
        "scale": np.repeat(metrics.seasonal_scale(PAST.counts)[:, :, None], 12, axis=2),
        "mass_80": ((paths >= lower) & (paths <= upper)).mean(axis=0),
    }
    for name, values in expected.items():
        assert frame[name].to_numpy() == pytest.approx(values.reshape(-1), rel=1e-6)
    assert frame["ward_code"].tolist() == np.repeat(PANEL.area.ward_codes, 24).tolist()
    assert frame["category"].tolist() == np.tile(np.repeat(PANEL.categories, 12), 4).tolist()
    assert frame["month"].tolist() == MONTHS.tolist() * 8
    assert frame["horizon"].tolist() == list(range(1, 13)) * 8


def test_the_order_of_wards_that_are_handled_at_a_time_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = scored()
    monkeypatch.setattr(module, "_CHUNK_VALUES", 1)
    pd.testing.assert_frame_equal(scored(), at_once)


def test_scoring_needs_less_memory_than_the_paths_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make_panel(n_wards=9, n_other_wards=0, n_months=48)
    paths = np.ones((20_000, 9, 2, 12), dtype=np.int32)
    monkeypatch.setattr(module, "_CHUNK_VALUES", 100_000)
    tracemalloc.start()
    try:
        score_cells(
            panel,
            panel.up_to(ORIGIN),
            model="ours",
            origin=ORIGIN,
            categories=panel.categories,
            months=MONTHS,
            mean=np.ones((9, 2, 12)),
            paths=paths,
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < paths.nbytes


def test_cells_are_small_and_stay_so_when_joined() -> None:
    other = scored(
        model="other", categories=PANEL.categories[:1], mean=PATHS.mean(axis=0)[:, :1], paths=PATHS[:, :, :1]
    )
    joined = join_cells([scored(), other])
    assert len(joined) == 4 * 3 * 12
    for name in ("model", "ward_code", "category"):
        assert isinstance(joined[name].dtype, pd.CategoricalDtype)
    assert joined["model"].unique().tolist() == ["ours", "other"]
    assert joined.loc[joined["model"] == "other", "category"].unique().tolist() == [PANEL.categories[0]]
    assert set(joined.select_dtypes("number").dtypes.astype(str)) == {"float32", "int16"}
    assert joined.memory_usage(deep=True).sum() / len(joined) < 120


def test_months_that_were_not_observed_have_no_cell() -> None:
    counts = PANEL.counts.copy()
    counts[1, 0, 40] = np.nan
    frame = draw_cells(replace(PANEL, counts=counts), 15.0)
    assert len(frame) == 4 * 2 * 12 - 1
    assert frame["actual"].notna().all()


def test_ties_are_broken_alike_for_every_model_of_an_origin_and_anew_at_the_next() -> None:
    one, same = scored(), scored(model="other")
    assert one["pit"].tolist() == same["pit"].tolist()
    later = make_panel(n_months=60, monthly_mean=0.01, random_seed=None)
    first, second = (draw_cells(later, 0.0, origin=pd.Timestamp(origin)) for origin in ("2019-12", "2020-12"))
    assert (first["actual"] == 0).all()
    assert not np.isclose(first["pit"], second["pit"]).any()


def test_a_perfect_forecaster_covers_what_the_closed_interval_holds() -> None:
    panel = make_panel(n_wards=1, categories=("robbery_personal",), n_months=48)
    frame = draw_cells(panel, 0.5, n_paths=20_000)
    assert (frame["q10"] == 0).all()
    assert (frame["q90"] == 1).all()
    assert frame["mass_80"].to_numpy() == pytest.approx(np.exp(-0.5) * 1.5, abs=0.01)


def test_the_lowest_value_said_is_kept_whoever_said_it() -> None:
    low = PATHS.copy()
    low[7, 2, 1, 3] = -4
    assert scored(paths=low, quantiles=QUANTILES)["lowest"].min() == -4
    quantiles = QUANTILES.copy()
    quantiles[0, 0, 0, 0] = -0.5
    assert scored(paths=None, quantiles=quantiles)["lowest"].min() == -0.5


def test_a_forecast_that_does_not_fit_is_refused_by_name() -> None:
    with pytest.raises(WardcastError, match=r"mean: expected \(\.\.\., 4, 2, 12\), found \(4, 1, 12\)"):
        scored(mean=PATHS.mean(axis=0)[:, :1])
    with pytest.raises(WardcastError, match="quantiles or paths, found neither"):
        scored(paths=None)
    with pytest.raises(WardcastError, match=r"the 19 levels 0\.05 to 0\.95, found 7 levels"):
        scored(paths=None, quantiles=QUANTILES[:7])
    with pytest.raises(WardcastError, match="found arson"):
        scored(categories=("arson", PANEL.categories[1]))
