"""Estimated steps of marked events, and proposals of unmarked ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from statsmodels.tsa.statespace.structural import UnobservedComponents

from tests.panels import make_panel
from wardcast_models.forecasting.detector import Proposal, Shape, proposed_events
from wardcast_models.forecasting.level_regression import LevelRegression, trend_and_season
from wardcast_models.forecasting.steps import marked_steps
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.events import RECORDING_CHANGE

BEFORE_EVENTS = "2005-02"
"""A first month from which 180 months end before the first marked event."""


def steady_panel(*, seed: int, a_month: float = 50.0, n_months: int = 180) -> Panel:
    """One ward and one category with a season and nothing else, ending before any marked event."""
    return make_panel(
        n_wards=1,
        categories=("violence_with_injury",),
        first_month=BEFORE_EVENTS,
        n_months=n_months,
        monthly_mean=a_month,
        level=lambda months: 1.0 + 0.1 * np.cos(2 * np.pi * months.month.to_numpy() / 12),
        random_seed=seed,
    )


def stepped(panel: Panel, *, at: str, ratio: float, seed: int = 0) -> Panel:
    """Thin or swell the counts from a month on, as a change of recording does."""
    after = panel.months >= pd.Timestamp(at)
    counts = panel.counts.copy()
    generator = np.random.default_rng(seed)
    if ratio < 1:
        counts[:, :, after] = generator.binomial(counts[:, :, after].astype(int), ratio)
    else:
        counts[:, :, after] += generator.poisson((ratio - 1) * counts[:, :, after])
    return replace(panel, counts=counts)


def proposals(panel: Panel) -> tuple[Proposal, ...]:
    return proposed_events(panel, until=panel.last_month)


def test_the_step_of_a_marked_event_lies_inside_its_interval_and_other_categories_have_none() -> None:
    panel = make_panel(n_wards=8, first_month="2016-01", n_months=108, monthly_mean=60.0)
    after = panel.months >= RECORDING_CHANGE
    panel.counts[:, 1, after] = np.random.default_rng(5).binomial(panel.counts[:, 1, after].astype(int), 0.6)
    steps = marked_steps(panel, until=panel.last_month)
    found = {one.category: one for one in steps if one.event == "recording_change"}
    assert found["burglary_residential"].low < -40 < found["burglary_residential"].high < -25
    assert found["violence_with_injury"].low < 0 < found["violence_with_injury"].high
    assert {one.wards for one in steps} == {8}


def test_steps_are_those_known_at_the_last_month_looked_at() -> None:
    panel = make_panel(first_month="2016-01", n_months=108, monthly_mean=60.0)
    assert {one.event for one in marked_steps(panel, until=pd.Timestamp("2024-02-01"))} == {
        "pandemic",
        "lockdown",
        "incomplete_month",
    }
    assert marked_steps(panel, until=pd.Timestamp("2020-02-01")) == ()


@pytest.mark.parametrize(
    ("first_month", "told_apart"),
    [("2023-03", set()), ("2023-02", {"recording_change"}), ("2019-03", {"pandemic", "lockdown"})],
)
def test_an_event_that_trend_and_season_make_up_has_no_step(first_month: str, told_apart: set[str]) -> None:
    two_years = make_panel(first_month=first_month, n_months=24, monthly_mean=60.0)
    steps = marked_steps(two_years, until=two_years.last_month)
    assert {one.event for one in steps} == told_apart
    assert np.isfinite([(one.step_percent, one.low, one.high) for one in steps]).all()


def test_neighbouring_wards_are_pooled_unless_the_area_alone_is_asked_for() -> None:
    panel = make_panel(n_wards=4, n_other_wards=5, first_month="2016-01", n_months=108, monthly_mean=60.0)
    assert {one.wards for one in marked_steps(panel, until=panel.last_month)} == {9}
    assert {one.wards for one in marked_steps(panel, until=panel.last_month, area_only=True)} == {4}


def wandering(n_series: int, step: float, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Logarithms of series of 120 months whose level wanders by 2 % a month and steps in month 90."""
    generator = np.random.default_rng(seed)
    level = np.cumsum(generator.normal(0, 0.02, (n_series, 120)), axis=1)
    regressor = (np.arange(120) >= 90).astype(float)
    log = 5.0 + level + step * regressor + generator.normal(0, 0.05, (n_series, 120))
    months = pd.date_range("2015-01-01", periods=120, freq="MS")
    return log, np.column_stack([regressor, trend_and_season(months)])


def test_nine_in_ten_intervals_hold_the_true_step() -> None:
    log, design = wandering(400, -0.3, seed=11)
    found = LevelRegression(places=np.arange(120), regressors=design).estimates(log, np.full(400, 1e-4))
    inside = np.abs(found.mean[:, 0] + 0.3) <= 1.645 * found.sd[:, 0]
    assert 0.84 <= inside.mean() <= 0.95


def test_the_regression_agrees_with_the_structural_model_of_statsmodels() -> None:
    log, design = wandering(3, 0.4, seed=2)
    found = LevelRegression(places=np.arange(120), regressors=design).estimates(log, np.full(3, 1e-4))
    without_constant = np.delete(design, 1, axis=1)
    for number, series in enumerate(log):
        peer = UnobservedComponents(series, level="local level", exog=without_constant, mle_regression=False)
        smoothed = peer.smooth([found.noise[number], found.wandering[number]])
        step = peer.k_states - without_constant.shape[1]
        assert found.mean[number, 0] == pytest.approx(smoothed.smoothed_state[step, -1], abs=1e-4)
        assert found.sd[number, 0] == pytest.approx(smoothed.smoothed_state_cov[step, step, -1] ** 0.5, rel=1e-3)


def test_hardly_any_steady_series_is_given_a_proposal() -> None:
    given = [seed for seed in range(60) if proposals(steady_panel(seed=seed))]
    assert len(given) <= 3


@pytest.mark.parametrize("ratio", [0.7, 1.3])
def test_a_step_of_thirty_per_cent_is_found_in_a_series_of_fifty_a_month(ratio: float) -> None:
    found = []
    for seed in range(20):
        panel = stepped(steady_panel(seed=seed), at="2014-06-01", ratio=ratio, seed=seed)
        strongest = next(iter(proposals(panel)), None)
        if (
            strongest
            and strongest.shape is Shape.STEP
            and abs((strongest.month - pd.Timestamp("2014-06-01")).days) < 63
        ):
            found.append(strongest)
    assert len(found) >= 17
    assert np.mean([one.low <= 100 * (ratio - 1) <= one.high for one in found]) >= 0.75
    assert all(one.scope == "category" and one.key == "violence_with_injury" for one in found)


def test_a_single_month_out_of_line_is_not_called_a_step() -> None:
    panel = steady_panel(seed=3)
    panel.counts[:, :, panel.months == pd.Timestamp("2011-08-01")] *= 2.5
    (riots,) = proposals(panel)
    assert riots.shape is Shape.MONTH
    assert f"{riots.month:%Y-%m}" == "2011-08"
    assert riots.low < 150 < riots.high


def test_what_is_marked_is_not_proposed_again() -> None:
    panel = make_panel(n_wards=2, n_months=99, first_month="2017-01", monthly_mean=80.0, random_seed=4)
    changed = stepped(panel, at=f"{RECORDING_CHANGE:%Y-%m-%d}", ratio=0.5)
    assert not [one for one in proposals(changed) if abs((one.month - RECORDING_CHANGE).days) < 100]


def test_a_step_beside_a_marked_event_says_so() -> None:
    panel = stepped(steady_panel(seed=1, a_month=200.0, n_months=220), at="2020-02-01", ratio=0.6)
    strongest = proposals(panel)[0]
    assert f"{strongest.month:%Y-%m}" in {"2020-02", "2020-03"}
    assert "Close to the edge of a marked event" in strongest.note


def test_a_ward_that_steps_alone_is_proposed_as_a_ward() -> None:
    panel = make_panel(n_wards=8, first_month="2008-01", n_months=140, monthly_mean=40.0, random_seed=6)
    panel.counts[2, :, 80:] *= 1.8
    wards = [one for one in proposals(panel) if one.scope == "ward"]
    assert wards[0].key == panel.ward_codes[2]
    assert wards[0].month == panel.months[80]
    assert wards[0].low < 80 < wards[0].high


def test_short_and_sparse_series_are_not_searched() -> None:
    assert proposals(stepped(steady_panel(seed=1, n_months=47), at="2007-01-01", ratio=0.3)) == ()
    assert proposals(stepped(steady_panel(seed=1, a_month=12.0), at="2014-06-01", ratio=0.3)) == ()


@pytest.fixture(scope="module")
def barking(real_data: Path) -> Panel:
    return read_folder(real_data, area="E09000002")


def test_the_new_recording_system_shows_in_the_areas_own_steps(barking: Panel) -> None:
    steps = pd.DataFrame(marked_steps(barking, until=barking.last_month, area_only=True))
    change = steps[steps["event"] == "recording_change"].set_index("category")
    for category, ratio in (("weapons_possession", 0.47), ("violence_with_injury", 0.80), ("arson", 1.57)):
        assert change.loc[category, "low"] <= 100 * (ratio - 1) <= change.loc[category, "high"], category
    assert change.loc["weapons_possession", "high"] < -25


def test_unmarked_changes_that_are_known_are_found_in_the_real_files(barking: Panel) -> None:
    found = {(one.key, one.shape.value, f"{one.month:%Y-%m}") for one in proposals(barking) if one.scope == "category"}
    assert ("fraud_forgery", "step", "2013-03") in found  # fraud went to a national body
    assert ("burglary_business_community", "month", "2011-08") in found  # the riots
    assert ("burglary_residential", "step", "2017-04") in found  # sheds and garages became residential burglary
    assert ("burglary_business_community", "step", "2017-04") in found
    assert not {key for key in found if key[0] == "burglary_residential" and key[2].startswith("2023")}
