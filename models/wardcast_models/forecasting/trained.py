"""What a fitted forecaster keeps: expectations, exposure and spread, small enough to log and to ship."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.forecasting.expectation import Expectation
from wardcast_models.forecasting.fitting import Fitting
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.forecasting.grouping import clusters_of
from wardcast_models.forecasting.growth import Growth, no_growth
from wardcast_models.forecasting.paths import draw_paths
from wardcast_models.forecasting.per_person import PerPersonEffect
from wardcast_models.forecasting.pipeline import SCENARIOS, check_scenario
from wardcast_models.forecasting.scope import LONGEST_HORIZON_MONTHS, recent_means
from wardcast_models.forecasting.spread import Spread

_NO_GROWTH = "Growth of residents and homes is not taken into account, so delivery scenarios change nothing."


@dataclass(frozen=True, kw_only=True)
class Member:
    """One model's part in a forecast.

    Attributes:
        name: Name of the model.
        weight: Its weight in each category, shape (C,); the members' weights add up to 1.
        expectation: What it expects.
    """

    name: str
    weight: NDArray[np.float64]
    expectation: Expectation


@dataclass(frozen=True, kw_only=True)
class TrainedCounts:
    """A fitted forecaster: the expectation of every ward, category and month ahead, and its spread.

    W wards of the area, C categories, `LONGEST_HORIZON_MONTHS` months ahead.

    Attributes:
        name: Name of the forecaster.
        area_code: GSS code of the area.
        area_name: Its name.
        ward_codes: Length W.
        ward_names: Length W.
        categories: Length C.
        until: Last month learned from.
        members: The models whose weighted mean is expected.
        growth: Future exposure by scenario.
        spread: Relative variances.
        boroughs: Borough number of each ward, shape (W,).
        demand_history: Mean monthly count of the last 12 observed months, shape (W, C).
        panel_digest: Digest of the panel.
        synthetic: True for the embedded sample.
        assumptions: What the forecaster assumed, each a sentence.
        clusters: Name of each ward's group, length W; empty where there are no groups.
        per_person: How far crime follows residents, None where no growth of residents plays a part.
    """

    name: str
    area_code: str
    area_name: str
    ward_codes: tuple[str, ...]
    ward_names: tuple[str, ...]
    categories: tuple[str, ...]
    until: pd.Timestamp
    members: tuple[Member, ...]
    growth: dict[str, Growth]
    spread: Spread
    boroughs: NDArray[np.intp]
    demand_history: NDArray[np.float64]
    panel_digest: str
    synthetic: bool
    assumptions: tuple[str, ...]
    clusters: tuple[str, ...] = ()
    per_person: PerPersonEffect | None = None

    def expected(self, *, horizon_months: int, scenario: str = "as_planned") -> NDArray[np.float64]:
        """Return the expected counts: the members' weighted mean.

        Args:
            horizon_months: Months ahead, 1 to 36.
            scenario: Population and housing scenario.

        Returns:
            Shape (W, C, `horizon_months`); not below 0.

        Raises:
            WardcastError: The horizon or the scenario is out of range.
        """
        logs = self._log_growth(horizon_months, scenario)
        parts = [one.weight[:, None] * one.expectation.expected(**logs) for one in self.members]
        return np.asarray(np.sum(parts, axis=0))

    def components(self, *, horizon_months: int, scenario: str = "as_planned") -> NDArray[np.float64]:
        """Return the expected counts in parts: the weighted mean of the members' parts.

        Args:
            horizon_months: Months ahead, 1 to 36.
            scenario: Population and housing scenario.

        Returns:
            Shape (6, W, C, `horizon_months`), in the order of `expectation.COMPONENTS`; adds up to `expected`.

        Raises:
            WardcastError: The horizon or the scenario is out of range.
        """
        logs = self._log_growth(horizon_months, scenario)
        parts = [one.weight[:, None] * one.expectation.components(**logs) for one in self.members]
        return np.asarray(np.sum(parts, axis=0))

    def forecast(
        self, *, horizon_months: int, n_paths: int = 500, seed: int = 0, scenario: str = "as_planned"
    ) -> Forecast:
        """Draw joint sample paths for the months after the last one trained on.

        Args:
            horizon_months: Months ahead, 1 to 36.
            n_paths: Number of sample paths.
            seed: Seed; the same seed gives the same paths.
            scenario: Population and housing scenario.

        Returns:
            The forecast for the panel's area.

        Raises:
            WardcastError: The horizon, the number of paths or the scenario is out of range.
        """
        _check_range("n_paths", n_paths, 100_000)
        components = self.components(horizon_months=horizon_months, scenario=scenario)
        growth = self.growth[scenario]
        following = sum(float(one.weight.mean()) for one in self.members if one.expectation.follows_growth)
        return Forecast(
            area_code=self.area_code,
            area_name=self.area_name,
            ward_codes=self.ward_codes,
            ward_names=self.ward_names,
            categories=self.categories,
            months=pd.date_range(self.until, periods=horizon_months + 1, freq="MS")[1:],
            paths=draw_paths(
                self.expected(horizon_months=horizon_months, scenario=scenario),
                self.spread,
                self.boroughs,
                growth_loading=following * growth.loading(horizon_months),
                n_paths=n_paths,
                seed=seed,
            ),
            components=components,
            member_weights=tuple((one.name, float(one.weight.mean())) for one in self.members),
            demand_history=self.demand_history,
            exposure_growth=growth.over_window[:, :horizon_months],
            until=self.until,
            model=self.name,
            seed=seed,
            scenario=scenario,
            panel_digest=self.panel_digest,
            synthetic=self.synthetic,
            assumptions=(*self.assumptions, *growth.notes),
            clusters=self.clusters,
            per_person=self.per_person,
        )

    def _log_growth(self, horizon_months: int, scenario: str) -> dict[str, NDArray[np.float64]]:
        """Return the log growth of the months asked for, each of shape (W, `horizon_months`)."""
        _check_range("horizon_months", horizon_months, LONGEST_HORIZON_MONTHS)
        check_scenario(scenario)
        growth = self.growth[scenario]
        return {"residents": growth.residents[:, :horizon_months], "homes": growth.homes[:, :horizon_months]}


def trained_counts(
    name: str, fitting: Fitting, *, members: tuple[Member, ...], spread: Spread, assumptions: tuple[str, ...]
) -> TrainedCounts:
    """Put together what a forecaster found for the panel's area.

    Args:
        name: Name of the forecaster.
        fitting: What was learned from.
        members: The models whose weighted mean is expected.
        spread: Relative variances.
        assumptions: What the forecaster assumed.

    Returns:
        The trained forecaster.
    """
    past, scope = fitting.past, fitting.scope
    names = past.ward_names
    follows_growth = any(one.expectation.follows_growth for one in members)
    flat = dict.fromkeys(SCENARIOS, no_growth(len(past.area_rows)))
    return TrainedCounts(
        name=name,
        area_code=past.area.code,
        area_name=past.area.name,
        ward_codes=past.area.ward_codes,
        ward_names=tuple(names[code] for code in past.area.ward_codes),
        categories=scope.categories,
        until=past.last_month,
        members=members,
        growth=fitting.growth if follows_growth else flat,
        spread=spread,
        boroughs=fitting.boroughs[past.area_rows],
        demand_history=recent_means(past, scope),
        panel_digest=past.digest,
        synthetic=past.synthetic,
        assumptions=(*scope.notes, *assumptions, *(fitting.effect_note if follows_growth else (_NO_GROWTH,))),
        clusters=clusters_of(past),
        per_person=fitting.effect if follows_growth and fitting.effect_note else None,
    )


def _check_range(field: str, value: int, most: int) -> None:
    """Refuse a number below 1 or above `most`."""
    if not 1 <= value <= most:
        raise invalid_input(
            f"`{field}` is out of range.",
            Problem(where=field, expected=f"1 to {most}", found=str(value), mend="Choose a number in this range."),
        )
