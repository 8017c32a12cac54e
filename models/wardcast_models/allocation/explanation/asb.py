"""What a plan does about anti-social behaviour where it is forecast: how much of the aim it is, and of the hours."""

from __future__ import annotations

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.explanation.effect import avoided_counts, falls_of, range_of
from wardcast_models.allocation.limits.asb_floor import AsbFloor, by_size
from wardcast_models.allocation.plan_asb import AsbTreatment, AsbWard
from wardcast_models.allocation.plan_model import Range
from wardcast_models.reference.taxonomy import COUNCIL_ASB, asb_aim


def asb_treatment(floor: AsbFloor, problem: Assembled, hours: Array) -> AsbTreatment:
    """Return how anti-social behaviour entered the plan, with its figures where it is forecast.

    Args:
        floor: How it entered the programme.
        problem: The problem.
        hours: Planned hours, shape (W, H, S, R).

    Returns:
        The treatment; hours are credited to it by its part of what they are expected to avoid in each ward, month and
        shift.
    """
    demand = problem.demand
    forecast = demand.forecast
    aim = asb_aim(forecast.categories)
    if aim is None:
        return floor.treatment
    position = forecast.categories.index(aim)
    incidents = forecast.paths[:, :, position].sum(axis=2, dtype=np.float64)  # (P, W)
    avoided = avoided_counts(hours, problem, position)  # (D, W)
    credited = credited_hours(hours, problem)  # (W,)
    area, spared = _forecast_range(incidents.sum(axis=1)), range_of(avoided.sum(axis=1))
    wards = by_size(
        AsbWard(
            ward_code=code,
            ward_name=name,
            share=float(incidents[:, ward].mean() / (area.mean or 1.0)),
            hours=round(float(credited[ward]), 2),
            expected=_forecast_range(incidents[:, ward]),
            avoided=range_of(avoided[:, ward]),
        )
        for ward, (code, name) in enumerate(zip(forecast.ward_codes, forecast.ward_names, strict=True))
    )
    return floor.treatment.model_copy(
        update={
            "statement": " ".join(
                filter(
                    None,
                    [
                        floor.treatment.statement,
                        _figures(problem, position, area, spared, credited),
                        _other_source(problem, aim),
                    ],
                )
            ),
            "credited_hours": round(float(credited.sum()), 2),
            "expected": area,
            "avoided": spared,
            "wards": wards,
        }
    )


def _other_source(problem: Assembled, aim: str) -> str:
    """Say what is forecast of reports to the council where the plan aims at the police's counts; "" otherwise."""
    forecast = problem.demand.forecast
    if aim == COUNCIL_ASB or COUNCIL_ASB not in forecast.categories:
        return ""
    reports = problem.demand.count[:, forecast.categories.index(COUNCIL_ASB)].sum()
    return (
        f"The council's log is forecast too, {reports:,.0f} reports for these months. The same incident may be in "
        "both, so they are never added, and the plan aims at the police's counts only."
    )


def credited_hours(hours: Array, problem: Assembled) -> Array:
    """Return the hours credited to anti-social behaviour: its part of what all are expected to avoid there and then.

    Args:
        hours: Planned hours, shape (W, H, S, R).
        problem: The problem.

    Returns:
        Hours by ward, summed over months and shifts, shape (W,); 0 where no team has an effect on it.
    """
    demand = problem.demand
    aim = asb_aim(demand.forecast.categories)
    position = -1 if aim is None else demand.forecast.categories.index(aim)
    group = -1 if aim is None else int(problem.groups.group_of[position])
    if group < 0:
        return np.zeros(len(hours))
    falls = falls_of(hours, problem).mean(axis=0)  # (W, H, S, G)
    stake = demand.preventable_harm[:, position][:, :, None] * demand.shift_share[position]  # (W, H, S)
    harm, all_harm = stake * falls[..., group], (problem.instance.value * falls).sum(axis=3)
    part = np.divide(harm, all_harm, out=np.zeros_like(harm), where=all_harm > 0)
    return np.asarray((hours.sum(axis=3) * part).sum(axis=(1, 2)))


def _figures(problem: Assembled, position: int, incidents: Range, avoided: Range, credited: Array) -> str:
    """Say how much is forecast, how much of the aim it is, and what is done about it."""
    touched = float(problem.demand.preventable_harm.sum())
    share = float(problem.demand.preventable_harm[:, position].sum()) / touched if touched > 0 else 0.0
    said = (
        f"{incidents.mean:,.0f} incidents are forecast for these months ({incidents.q05:,.0f} to {incidents.q95:,.0f} "
        f"in nine futures of ten), {share:.0%} of the preventable harm aimed at."
    )
    if problem.groups.group_of[position] < 0:
        return f"{said} No team of this request has an effect on it, so no hours are credited to it."
    return (
        f"{said} Of the hours planned, {credited.sum():,.0f} are credited to it, by its part of what they are expected "
        f"to avoid in each ward, month and shift: {avoided.mean:,.1f} incidents on average ({avoided.q05:,.1f} to "
        f"{avoided.q95:,.1f}), none if patrols have no effect."
    )


def _forecast_range(counts: Array) -> Range:
    """Return the mean and 90 % range of counts, shape (P,); a count's quantile is one of the counts."""
    low, high = np.quantile(counts, (0.05, 0.95), method="inverted_cdf")
    return Range(mean=float(counts.mean()), q05=float(low), q95=float(high))
