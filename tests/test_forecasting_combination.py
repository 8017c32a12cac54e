"""A combination is the weighted mean of its members, and says so."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.panels import make_panel
from wardcast_models.forecasting.combination import Combination
from wardcast_models.forecasting.expectation import COMPONENTS
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.forecasting.forecaster import Forecaster
from wardcast_models.forecasting.mean12 import MEAN_12_MONTHS
from wardcast_models.forecasting.pooled import POOLED_ETS, POOLED_THETA
from wardcast_models.forecasting.simple_smoothing import SimpleSmoothing
from wardcast_models.panel.panel import Panel

WEIGHTS = (0.5, 0.3, 0.2)
MIXED = Combination(name="mixed", members=(POOLED_THETA, POOLED_ETS, MEAN_12_MONTHS), weights=WEIGHTS)


@cache
def growing_panel() -> Panel:
    projection = {f"E0500000{number}": {2016: 1000.0, 2022: 1000.0, 2024: 2000.0} for number in range(1, 5)}
    return make_panel(first_month="2017-08", n_months=60, projection=projection)


@cache
def forecast_by(name: str) -> Forecast:
    forecasters: dict[str, Forecaster] = {one.name: one for one in (MIXED, *MIXED.members)}
    panel = growing_panel()
    return forecasters[name].fit(panel, until=panel.last_month).forecast(horizon_months=12, n_paths=400)


def test_a_combination_expects_the_weighted_mean_of_its_members_part_by_part() -> None:
    parts = [
        weight * forecast_by(member.name).components for member, weight in zip(MIXED.members, WEIGHTS, strict=True)
    ]
    assert np.allclose(forecast_by("mixed").components, np.sum(parts, axis=0), rtol=1e-12, atol=1e-12)
    assert np.allclose(forecast_by("mixed").mean, forecast_by("mixed").components.sum(axis=0))


def test_its_paths_scatter_around_what_it_expects() -> None:
    mixed = forecast_by("mixed")
    drawn = mixed.paths.mean(axis=0)
    assert drawn.sum(axis=(0, 2)) == pytest.approx(mixed.mean.sum(axis=(0, 2)), rel=0.03)


def test_it_names_its_members_and_their_weights() -> None:
    mixed = forecast_by("mixed")
    assert dict(mixed.member_weights) == pytest.approx({"pooled_theta": 0.5, "pooled_ets": 0.3, "mean_12_months": 0.2})
    said = " ".join(mixed.assumptions)
    assert "the weighted mean of pooled_theta 50 %, pooled_ets 30 %, mean_12_months 20 %." in said
    assert "mean_12_months: Every month is expected" in said
    assert said.count("pooled_theta, pooled_ets: Trend and season are learned") == 1
    assert MIXED.parameters()["pooled_ets.weight"] == 0.3


def test_only_members_that_count_per_exposure_grow() -> None:
    residents = COMPONENTS.index("residents")
    assert not forecast_by("mean_12_months").components[residents].any()
    grown = forecast_by("mixed").components[residents]
    assert (grown[:, :, 11] > 0).all()
    assert (grown < forecast_by("pooled_theta").components[residents])[:, :, 11].all()
    assert (forecast_by("mixed").exposure_growth[:, 11] > 1.4).all()
    assert (forecast_by("mean_12_months").exposure_growth == 1.0).all()


def test_members_learn_from_one_fitting(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    class Watching(SimpleSmoothing):
        def expect(self, fitting):  # type: ignore[no-untyped-def]  # only looks
            seen.append(fitting)
            return super().expect(fitting)

    members = (Watching(name="first"), Watching(name="second"))
    panel = growing_panel()
    Combination(name="both", members=members, weights=(0.4, 0.6)).fit(panel, until=panel.last_month)
    assert len(seen) == 2
    assert seen[0] is seen[1]


@pytest.mark.parametrize("weights", [(0.5, 0.5), (0.5, 0.3, 0.3), (1.2, -0.1, -0.1)])
def test_weights_that_are_none_are_refused(weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="adding up to 1"):
        Combination(name="wrong", members=MIXED.members, weights=weights)
