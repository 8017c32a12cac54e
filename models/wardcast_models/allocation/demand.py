"""What a plan aims at: forecast counts turned into weighted harm, by ward, month, category and shift."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from wardcast_models.allocation.plan import Assumption
from wardcast_models.allocation.request import Objective, PlanRequest
from wardcast_models.allocation.response import Array
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.reference.assumptions import assumption
from wardcast_models.reference.taxonomy import ASB, harm_weights, taxonomy

HARM_UNITS = {
    "cambridge": "days of imprisonment (Cambridge Crime Harm Index 2026, median days)",
    "ons": "points of the ONS Crime Severity Score (partial list of weights)",
    "count": "crimes, each counted as one",
}
"""What one unit of harm is, in words, by scale."""

ASB_REFERENCE = "violence_without_injury"
"""The category whose weight ties the weight of anti-social behaviour to a harm scale."""

HOURS_PER_DAY = 24.0


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Forecast need in the request's terms: W wards, C categories, H months, S shifts.

    Wards and categories are sorted by code and id, shifts by name.

    Attributes:
        forecast: The forecast, in that order.
        need_weight: Harm of one crime with the priority weight, shape (C,); 0 where the scale gives none or the
            counts follow police activity.
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

    @property
    def need_harm(self) -> Array:
        """All expected weighted harm, preventable or not, shape (W, C, H)."""
        return self.forecast.mean * self.need_weight[None, :, None]

    @property
    def preventable_harm(self) -> Array:
        """Expected weighted harm that the plan aims at and presence can touch, shape (W, C, H)."""
        return self.forecast.mean * (self.aim_weight * self.preventable)[None, :, None]

    @property
    def is_crime(self) -> Array:
        """1 for crimes, 0 for incidents of anti-social behaviour, shape (C,)."""
        return np.array([category != ASB for category in self.forecast.categories], dtype=np.float64)


def demand_of(forecast: Forecast, request: PlanRequest) -> Demand:
    """Weigh a forecast as a request asks.

    Args:
        forecast: The forecast.
        request: The request.

    Returns:
        The demand.
    """
    ordered = _in_order(forecast)
    weights = _weights(request.objective)
    known = taxonomy()
    need = [0.0 if known[category].police_generated else weights.get(category, 0.0) for category in ordered.categories]
    aim = [
        weight if known[category].objective else 0.0 for weight, category in zip(need, ordered.categories, strict=True)
    ]
    lengths = shift_shares(request)
    return Demand(
        forecast=ordered,
        need_weight=np.array(need),
        aim_weight=np.array(aim),
        preventable=np.array([known[category].preventable[1] for category in ordered.categories]),
        shift_share=np.tile(lengths, (len(ordered.categories), 1)),
        assumptions=tuple(_assumptions(ordered, request, weights)),
    )


def shift_shares(request: PlanRequest) -> Array:
    """Return each shift's share of the day, shifts sorted by name.

    Shifts that together exceed a day overlap and share it; shifts that fall short leave the rest out of reach.

    Args:
        request: The request.

    Returns:
        Shares, shape (S,).
    """
    hours = np.array([shift.hours for shift in sorted(request.shifts, key=lambda shift: shift.name)])
    return np.asarray(hours / max(HOURS_PER_DAY, float(hours.sum())))


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
        demand_history=forecast.demand_history[np.ix_(wards, categories)],
        exposure_growth=forecast.exposure_growth[wards],
    )


def _weights(objective: Objective) -> dict[str, float]:
    """Return the weight of one crime by category: the scale's, times the priority's."""
    scale = dict(harm_weights(objective.harm_scale))
    relative = objective.asb_weight / assumption("asb_weight").value
    scale[ASB] = relative * scale[ASB_REFERENCE]
    return {
        category: weight * objective.priority_weights.get(taxonomy()[category].priority, 1.0)
        for category, weight in scale.items()
    }


def _assumptions(forecast: Forecast, request: PlanRequest, weights: dict[str, float]) -> list[Assumption]:
    """Say what the weighing took as given."""
    known = taxonomy()
    objective = request.objective
    stated = [
        Assumption(
            topic="Harm scale",
            statement=f"Harm is measured in {HARM_UNITS[objective.harm_scale]}.",
            source=_scale_source(objective.harm_scale),
        )
    ]
    aimed = [category for category in forecast.categories if known[category].objective]
    without = [known[category].label for category in aimed if category not in weights]
    if without:
        stated.append(
            Assumption(
                topic="Categories without a weight",
                statement=f"This harm scale gives no weight to {', '.join(without)}: they are forecast and "
                "reported, but the plan does not aim at them.",
                source="the harm scale's published list",
            )
        )
    left_out = [known[category].label for category in forecast.categories if not known[category].objective]
    if left_out:
        stated.append(
            Assumption(
                topic="Categories the plan does not aim at",
                statement=f"{', '.join(left_out)}: too rare to plan for, or counts that follow police activity.",
                source="assumed",
            )
        )
    untouched = [known[category].label for category in aimed if known[category].preventable[1] == 0]
    if untouched:
        stated.append(
            Assumption(
                topic="Need that presence does not touch",
                statement=f"Visible presence is given no effect on {', '.join(untouched)}; they are reported as need.",
                source="assumed",
            )
        )
    stated.append(
        Assumption(
            topic="Preventable shares",
            statement="Of the other categories presence can touch a share: "
            + ", ".join(
                f"{known[category].label} {known[category].preventable[1]:.0%}"
                for category in aimed
                if known[category].preventable[1] > 0
            )
            + ".",
            source="; ".join(sorted({known[c].preventable_source for c in aimed if known[c].preventable[1] > 0})),
        )
    )
    if objective.priority_weights:
        weighted = ", ".join(f"{key} x {value:g}" for key, value in sorted(objective.priority_weights.items()))
        stated.append(
            Assumption(topic="Priority weights", statement=f"Local priorities are weighted: {weighted}.", source="user")
        )
    if ASB in forecast.categories:
        stated.append(
            Assumption(
                topic="Weight of anti-social behaviour",
                statement=f"One incident weighs {objective.asb_weight:g} Cambridge-day equivalents; in this scale "
                f"{objective.asb_weight / assumption('asb_weight').value:g} times one violence without injury.",
                source=assumption("asb_weight").source,
            )
        )
    stated.append(_shift_assumption(request))
    return stated


def _scale_source(scale: str) -> str:
    """Return where a harm scale is from."""
    return {
        "cambridge": "Cambridge Crime Harm Index (Sherman, Neyroud and Neyroud 2016; 2026 update)",
        "ons": "ONS Crime Severity Score, quoted second-hand",
        "count": "user",
    }[scale]


def _shift_assumption(request: PlanRequest) -> Assumption:
    """Say how crime is spread over the shifts."""
    total = sum(shift.hours for shift in request.shifts)
    statement = (
        "There is no time-of-day data: each shift carries its hours over 24 of a day's crime, in every category. "
        "The shift table, not data, decides how hours are spread over the day."
    )
    if total < HOURS_PER_DAY:
        statement += f" The shifts cover {total:g} hours; crime in the rest of the day is out of the plan's reach."
    if total > HOURS_PER_DAY:
        statement += f" The shifts add up to {total:g} hours, so they overlap and share the day."
    return Assumption(topic="Shifts", statement=statement, source=assumption("shift_share_8_hours").source)
