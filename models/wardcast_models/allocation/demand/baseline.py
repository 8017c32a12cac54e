"""Presence that the plan does not move: from the request, the data, or a packaged assumption."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.demand.demand import Demand
from wardcast_models.allocation.demand.shift_share import length_shares
from wardcast_models.allocation.plan import Assumption
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.reference.assumptions import assumption

LEAST_SHARE_OF_MEAN = 0.01
"""No ward and shift has less than this share of the mean baseline: the response divides by it."""


@dataclass(frozen=True, kw_only=True)
class BaselinePresence:
    """Officer hours a month that are there anyway.

    Attributes:
        hours: Positive, shape (W, S), the same in every month.
        by_shift: Whether it was supplied by shift, rather than spread over the shifts by their length.
        assumption: Where it is from.
    """

    hours: Array
    by_shift: bool
    assumption: Assumption


def baseline_presence(request: PlanRequest, demand: Demand, supplied: pd.DataFrame) -> BaselinePresence:
    """Return the baseline by ward and shift.

    The request comes first, then the data, then the packaged assumption.

    Args:
        request: The request.
        demand: The demand.
        supplied: The panel's baseline hours, columns `ward_code, shift, officer_hours_per_month`; may be empty.

    Returns:
        The baseline.

    Raises:
        WardcastError: The data give a baseline for some of the area's wards only, or none at all above 0.
    """
    return supplied_baseline(request, demand.forecast.ward_codes, supplied) or _split(request, demand)


def supplied_baseline(request: PlanRequest, codes: tuple[str, ...], supplied: pd.DataFrame) -> BaselinePresence | None:
    """Return the baseline that the data give.

    Args:
        request: The request.
        codes: Ward codes, sorted; length W.
        supplied: The panel's baseline hours (see `baseline_presence`).

    Returns:
        The baseline, or None where the request gives its own or the data give none for these wards.

    Raises:
        WardcastError: The data give a baseline for some of the area's wards only, or none at all above 0.
    """
    ours = supplied[supplied["ward_code"].isin(codes)] if len(supplied) else supplied
    if request.baseline.officer_hours_per_month is not None or ours.empty:
        return None
    return _from_data(request, codes, ours)


def _from_data(request: PlanRequest, codes: tuple[str, ...], ours: pd.DataFrame) -> BaselinePresence:
    """Take the baseline from the data."""
    absent = sorted(set(codes) - set(ours["ward_code"]))
    if absent or not float(ours["officer_hours_per_month"].sum()) > 0:
        raise invalid_input(
            "The baseline hours in the data are not usable.",
            Problem(
                where="baseline hours, officer_hours_per_month",
                expected="hours above 0 for every ward of the area",
                found=f"nothing for {', '.join(absent)}" if absent else "0 hours in all",
                mend="Complete the file, or give baseline.officer_hours_per_month in the request.",
            ),
        )
    shifts = sorted(shift.name for shift in request.shifts)
    table = ours.pivot_table(
        index="ward_code", columns="shift", values="officer_hours_per_month", aggfunc="sum", fill_value=0.0
    ).loc[list(codes)]
    by_shift = set(table.columns) == set(shifts)
    if by_shift:
        hours = table[shifts].to_numpy(dtype=np.float64)
        how = "by ward and shift"
    else:
        hours = table.sum(axis=1).to_numpy(dtype=np.float64)[:, None] * length_shares(request)[None, :]
        how = "by ward, spread over the shifts by their length"
    return BaselinePresence(
        hours=_not_zero(hours),
        by_shift=by_shift,
        assumption=Assumption(
            topic="Baseline presence",
            statement=f"{hours.sum():,.0f} officer hours a month are there anyway, as supplied {how}; "
            "the plan's hours come on top.",
            source="user",
        ),
    )


def _split(request: PlanRequest, demand: Demand) -> BaselinePresence:
    """Split a borough baseline over wards and shifts."""
    given = request.baseline.officer_hours_per_month
    per_ward = assumption("baseline_officer_hours_per_ward_month")
    n_wards = len(demand.forecast.ward_codes)
    total = per_ward.value * n_wards if given is None else given
    count = (demand.count * demand.is_crime[None, :, None]).sum(axis=1).mean(axis=1)
    weight = {"sqrt_demand": np.sqrt(count), "equal": np.ones(n_wards), "proportional": count}[request.baseline.split]
    if not weight.sum() > 0:
        weight = np.ones(n_wards)
    words = {
        "sqrt_demand": "by the square root of each ward's expected crimes",
        "equal": "equally",
        "proportional": "in proportion to each ward's expected crimes",
    }[request.baseline.split]
    hours = total * _not_zero(weight / weight.sum())[:, None] * length_shares(request)[None, :]
    return BaselinePresence(
        hours=hours,
        by_shift=False,
        assumption=Assumption(
            topic="Baseline presence",
            statement=f"{total:,.0f} officer hours a month are there anyway, split over the wards {words} and over "
            "the shifts by their length; the plan's hours come on top. Where today's presence already follows "
            "demand, a proportional split is hard to beat.",
            source=f"user; the split is {'assumed' if request.baseline.split == 'sqrt_demand' else 'user'}"
            if given is not None
            else per_ward.source,
        ),
    )


def _not_zero(hours: Array) -> Array:
    """Lift cells near zero to a small share of the mean."""
    return np.maximum(hours, LEAST_SHARE_OF_MEAN * float(hours.mean()))
