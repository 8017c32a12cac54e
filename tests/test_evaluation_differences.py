"""Differences between models: right values, and intervals that know that months hang together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardcast_models.errors import WardcastError
from wardcast_models.evaluation import metrics
from wardcast_models.evaluation.block_bootstrap import interval_ends, moving_block_weights
from wardcast_models.evaluation.differences import COLUMNS, differences
from wardcast_models.evaluation.month_sums import MEASURES, MonthSums
from wardcast_models.evaluation.summary import summarise

MONTHS = pd.date_range("2018-01-01", periods=78, freq="MS")


def cells(model: str, error: np.ndarray, *, origin: str = "2017-12", first: str = "2018-01") -> pd.DataFrame:
    """Return cells of a forecast that was off by `error`, of wards and months, where 100 were recorded."""
    n_wards, n_months = error.shape
    months = pd.date_range(first, periods=n_months, freq="MS")
    said = 100.0 + error.reshape(-1)
    return pd.DataFrame(
        {
            "model": pd.Categorical([model] * error.size),
            "origin": pd.Timestamp(origin),
            "ward_code": pd.Categorical(np.repeat([f"E0500000{ward}" for ward in range(n_wards)], n_months)),
            "category": pd.Categorical(["shoplifting"] * error.size),
            "month": np.tile(months, n_wards),
            "horizon": np.tile(np.arange(1, n_months + 1), n_wards),
            "actual": 100.0,
            "mean": said,
            "median": said,
            "pinball": np.abs(said - 100.0) / 2.0,
            "scale": np.repeat(10.0 + np.arange(n_wards), n_months),
            "squared_scale": np.repeat(150.0 + np.arange(n_wards), n_months),
            **dict.fromkeys(["q05", "q10"], 90.0),
            **dict.fromkeys(["q90", "q95"], 110.0),
            **dict.fromkeys(["crps", "winkler_80", "winkler_90", "pit", "lowest"], 0.5),
        }
    )


def together(*parts: pd.DataFrame) -> pd.DataFrame:
    joined = pd.concat(parts, ignore_index=True)
    return joined.astype({"model": "category", "ward_code": "category", "category": "category"})


def noise(seed: int, n_wards: int = 3, n_months: int = 78) -> np.ndarray:
    return np.random.default_rng(seed).normal(2.0, 20.0, size=(n_wards, n_months))


def by_measure(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index("measure")


def test_values_are_those_of_the_summary_even_with_gaps_and_series_without_a_scale() -> None:
    parts = []
    for model, seed in (("ours", 1), ("peer", 2)):
        first = cells(model, noise(seed, n_months=24))
        second = cells(model, noise(seed + 10, n_months=24), origin="2018-06", first="2018-07")
        both = together(first, second)
        scale = both["scale"].where(both["ward_code"] != "E05000001", 0.0)
        gaps = (both.index % 7 == 3) & (both["ward_code"] == "E05000002")
        parts.append(both.assign(scale=scale)[~gaps])
    joined = together(*parts)
    table, summary = by_measure(differences(joined, model="ours")), summarise(joined).set_index("model")
    assert tuple(table.index) == MEASURES
    for measure in MEASURES:
        row, ours, theirs = table.loc[measure], summary.loc["ours", measure], summary.loc["peer", measure]
        assert (row["value"], row["value_against"]) == pytest.approx((ours, theirs), rel=1e-9)
        assert row["difference"] == pytest.approx(ours - theirs, rel=1e-9)
        if measure != "bias":
            assert row["ratio"] == pytest.approx(ours / theirs, rel=1e-9)
    assert table.loc["bias", ["ratio", "ratio_low", "ratio_high"]].isna().all()
    assert (table["months"] == 30).all()


def test_a_resample_counts_a_month_s_cells_as_often_as_it_was_drawn() -> None:
    error = noise(4, n_wards=2, n_months=4)
    part = cells("ours", error)
    weights = np.array([[2.0, 0.0, 1.0, 1.0]])
    drawn = error[:, [0, 0, 2, 3]]
    sums = MonthSums.of(part, MONTHS[:4])
    squared_scale, scale = np.array([150.0, 151.0]), np.array([10.0, 11.0])
    actual = np.full(drawn.shape, 100.0)
    assert sums.measure("rmsse", weights)[0] == pytest.approx(metrics.rmsse(actual, actual + drawn, squared_scale))
    assert sums.measure("mase", weights)[0] == pytest.approx(metrics.mase(actual, actual + drawn, scale))
    assert sums.measure("wape", weights)[0] == pytest.approx(metrics.wape(actual, actual + drawn))
    assert sums.measure("bias", weights)[0] == pytest.approx(metrics.bias(actual, actual + drawn))


def test_a_series_of_which_nothing_was_drawn_is_left_out() -> None:
    late = cells("ours", noise(5, n_wards=1, n_months=2), origin="2018-02", first="2018-03")
    part = together(cells("ours", noise(4, n_wards=1, n_months=2)), late)
    alone = MonthSums.of(late, MONTHS[:4])
    both = MonthSums.of(part, MONTHS[:4])
    weights = np.array([[0.0, 0.0, 1.0, 1.0]])
    for measure in MEASURES:
        assert both.measure(measure, weights)[0] == pytest.approx(alone.measure(measure, weights)[0])


def test_identical_models_differ_by_exactly_nothing() -> None:
    table = differences(together(cells("ours", noise(1)), cells("same", noise(1))), model="ours")
    assert (table[["difference", "difference_low", "difference_high"]] == 0.0).all().all()
    assert (table.loc[table["measure"] != "bias", ["ratio", "ratio_low", "ratio_high"]] == 1.0).all().all()


def test_a_clearly_better_model_has_intervals_that_exclude_no_difference() -> None:
    error = noise(1)
    table = by_measure(differences(together(cells("ours", 0.8 * error), cells("peer", error)), model="ours"))
    assert table.loc[["mase", "rmsse", "wape", "scaled_crps_19"], "ratio"].to_numpy() == pytest.approx(np.full(4, 0.8))
    assert (table.drop(index="bias")["ratio_high"] < 1.0).all()
    assert (table.drop(index="bias")["difference_high"] < 0.0).all()


def test_an_equally_good_model_has_intervals_that_hold_no_difference() -> None:
    other_months = np.roll(noise(1), 7, axis=1)
    table = differences(together(cells("ours", noise(1)), cells("peer", other_months)), model="ours")
    assert ((table["difference_low"] < 0.0) & (table["difference_high"] > 0.0)).all()


def test_ten_wards_with_the_same_errors_say_no_more_than_one() -> None:
    alone = together(cells("ours", noise(1, 1)), cells("peer", noise(2, 1)))
    many = [cells(model, np.repeat(noise(seed, 1), 10, axis=0)) for model, seed in (("ours", 1), ("peer", 2))]
    ends = ["difference_low", "difference_high"]
    one, ten = (by_measure(differences(part, model="ours")).loc["wape", ends] for part in (alone, together(*many)))
    assert ten.to_numpy() == pytest.approx(one.to_numpy())


def test_the_same_month_forecast_from_two_origins_is_not_two_months() -> None:
    once = [cells("ours", noise(1)), cells("peer", noise(2))]
    again = [cells("ours", noise(1), origin="2017-11"), cells("peer", noise(2), origin="2017-11")]
    ends = ["ratio_low", "ratio_high", "difference_low", "difference_high", "months"]
    single, double = (differences(together(*parts), model="ours")[ends] for parts in (once, once + again))
    pd.testing.assert_frame_equal(single, double)


@given(seeds=st.tuples(st.integers(0, 99), st.integers(100, 199)), spread=st.floats(0.5, 2.0))
@settings(max_examples=25, deadline=None)
def test_the_comparison_is_the_same_from_either_side(seeds: tuple[int, int], spread: float) -> None:
    joined = together(cells("ours", noise(seeds[0], n_months=30)), cells("peer", spread * noise(seeds[1], n_months=30)))
    one, other = (differences(joined, model=model, n_resamples=200) for model in ("ours", "peer"))
    for left, right in (("difference", "difference"), ("difference_low", "difference_high")):
        assert one[left].to_numpy() == pytest.approx(-other[right].to_numpy())
    assert one["ratio"].to_numpy() == pytest.approx(1.0 / other["ratio"].to_numpy(), nan_ok=True)
    assert (one["difference_low"] <= one["difference_high"]).all()


def test_the_same_seed_gives_the_same_interval_and_order_of_cells_does_not_matter() -> None:
    joined = together(cells("ours", noise(1)), cells("peer", noise(2)))
    shuffled = joined.sample(frac=1.0, random_state=3)
    pd.testing.assert_frame_equal(differences(joined, model="ours"), differences(shuffled, model="ours"))
    other = differences(joined, model="ours", seed=1)
    assert not np.isclose(other["difference_low"], differences(joined, model="ours")["difference_low"]).any()


def test_too_few_months_give_no_interval() -> None:
    short = together(cells("ours", noise(1, n_months=23)), cells("peer", noise(2, n_months=23)))
    table = differences(short, model="ours")
    assert table["difference"].notna().all()
    assert table[["ratio_low", "ratio_high", "difference_low", "difference_high"]].isna().all().all()
    assert differences(short, model="ours", block_months=6)["difference_low"].notna().all()


def test_only_models_with_the_same_cells_are_compared() -> None:
    joined = together(cells("ours", noise(1)), cells("peer", noise(2, n_wards=2)))
    with pytest.raises(WardcastError, match="same cells"):
        differences(joined, model="ours")
    revised = cells("peer", noise(2)).assign(actual=101.0)
    with pytest.raises(WardcastError, match="same counts"):
        differences(together(cells("ours", noise(1)), revised), model="ours")
    with pytest.raises(WardcastError, match="expected one of ours, peer, found nobody"):
        differences(joined, model="ours", against=["nobody"])
    assert tuple(differences(cells("ours", noise(1)), model="ours").columns) == COLUMNS


def test_blocks_are_of_neighbouring_months_and_reach_no_further_than_the_data() -> None:
    weights = moving_block_weights(78, block_months=12, n_resamples=4000, seed=0)
    assert (weights.sum(axis=1) == 78).all()
    drawn_often = weights.mean(axis=0)
    # One block holds the first month, twelve hold a middle one.
    assert drawn_often[0] < 0.2
    assert drawn_often[39] > 1.0
    single = moving_block_weights(24, block_months=12, n_resamples=500, seed=0)
    assert (np.abs(np.diff(single, axis=1)).sum(axis=1) <= 4).all()  # two blocks: at most four ends within


@pytest.mark.parametrize(("expanded", "least", "most"), [(False, 0.78, 0.92), (True, 0.89, 0.99)])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(expanded: bool, least: float, most: float) -> None:
    rng = np.random.default_rng(8)
    n_runs, n_months, memory = 400, 78, 0.4
    shock = np.empty((n_runs, n_months))
    shock[:, 0] = rng.normal(size=n_runs) / np.sqrt(1.0 - memory**2)
    for month in range(1, n_months):
        shock[:, month] = memory * shock[:, month - 1] + rng.normal(size=n_runs)
    weights = moving_block_weights(n_months, block_months=12, n_resamples=1000, seed=0)
    n_blocks = n_months / 12 if expanded else None
    ends = np.array([interval_ends(weights @ run / n_months, n_blocks=n_blocks) for run in shock])
    held = ((ends[:, 0] <= 0.0) & (ends[:, 1] >= 0.0)).mean()
    assert least < held < most
