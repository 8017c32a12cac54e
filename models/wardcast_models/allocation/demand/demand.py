"""What a plan aims at: forecast counts turned into weighted harm, by ward, month, category and shift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.demand.assumptions import demand_assumptions
from wardcast_models.allocation.demand.harm_scale import scale_weights
from wardcast_models.allocation.demand.preventable import PreventableShare
from wardcast_models.allocation.demand.shift_share import shift_assumption, shift_shares
from wardcast_models.allocation.plan import Assumption
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.reference.taxonomy import ASB, asb_aim, taxonomy


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Forecast need in the request's terms: W wards, C categories, H months, S shifts.

    Wards and categories are sorted by code and id, shifts by name.

    Attributes:
        forecast: The forecast, in that order.
        need_weight: Harm of one crime with the priority weight, shape (C,); 0 where the scale gives none.
        aim_weight: The same, but 0 where a plan does not aim at the category, shape (C,).
        preventable: Share that visible presence can touch, shape (C,).
        shift_share: Share of a category's crime in each shift, shape (C, S); below 1 in all where the shifts do
            not cover the day.
        assumptions: What was taken as given.
    """

    forecast: Forecast
    need_weight: Array
    aim_weight: Array
    preventable: Array
    shift_share: Array
    assumptions: tuple[Assumption, ...]

    @cached_property
    def count(self) -> Array:
        """Mean count over the forecast's paths, shape (W, C, H): what a plan is judged on is what it is made for."""
        return np.asarray(self.forecast.paths.mean(axis=0, dtype=np.float64))

    @property
    def need_harm(self) -> Array:
        """All expected harm of the categories that the scale weighs, preventable or not, shape (W, C, H)."""
        return self.count * self.need_weight[None, :, None]

    @property
    def preventable_harm(self) -> Array:
        """Expected weighted harm that the plan aims at and presence can touch, shape (W, C, H)."""
        return self.count * (self.aim_weight * self.preventable)[None, :, None]

    @property
    def is_crime(self) -> Array:
        """1 for crimes, 0 for incidents that are none (anti-social behaviour, reports to the council), shape (C,)."""
        return np.array([taxonomy()[category].crime for category in self.forecast.categories], dtype=np.float64)


def demand_of(forecast: Forecast, request: PlanRequest, shares: Mapping[str, PreventableShare]) -> Demand:
    """Weigh a forecast as a request asks.

    Args:
        forecast: The forecast.
        request: The request.
        shares: Share of each category that presence can touch (see `preventable_shares`).

    Returns:
        The demand.
    """
    ordered = _in_order(forecast)
    scale, priority = scale_weights(request.objective), request.objective.priority_weights
    known = [taxonomy()[category] for category in ordered.categories]
    asb = asb_aim(ordered.categories)
    as_asb = {asb: taxonomy()[ASB]} if asb is not None else {}
    meant = [as_asb.get(row.category, row) for row in known]
    need = [scale.get(row.category, 0.0) * priority.get(row.priority, 1.0) for row in meant]
    aim = [weight if row.objective else 0.0 for weight, row in zip(need, meant, strict=True)]
    aimed = [category for category, weight in zip(ordered.categories, aim, strict=True) if weight > 0]
    return Demand(
        forecast=ordered,
        need_weight=np.array(need),
        aim_weight=np.array(aim),
        preventable=np.array([shares[category].value for category in ordered.categories]),
        shift_share=shift_shares(request, ordered.categories),
        assumptions=(
            *demand_assumptions(ordered, request.objective, aimed=aimed, shares=shares),
            shift_assumption(request, ordered.categories),
        ),
    )


def _in_order(forecast: Forecast) -> Forecast:
    """Sort a forecast's wards by code and its categories by id."""
    wards = sorted(range(len(forecast.ward_codes)), key=forecast.ward_codes.__getitem__)
    categories = sorted(range(len(forecast.categories)), key=forecast.categories.__getitem__)
    return replace(
        forecast,
        ward_codes=tuple(forecast.ward_codes[ward] for ward in wards),
        ward_names=tuple(forecast.ward_names[ward] for ward in wards),
        categories=tuple(forecast.categories[category] for category in categories),
        paths=forecast.paths[:, wards][:, :, categories],
        components=forecast.components[:, wards][:, :, categories],
        demand_history=forecast.demand_history[np.ix_(wards, categories)],
        exposure_growth=forecast.exposure_growth[wards],
        clusters=tuple(forecast.clusters[ward] for ward in wards) if forecast.clusters else (),
    )
