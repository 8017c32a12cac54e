"""The packaged quarter, scaled to an area, with the limits that it does not have itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from wardcast_models.allocation.request.file import parse_request
from wardcast_models.allocation.request.plan_request import PlanRequest

QUARTER = Path(__file__).resolve().parents[1] / "requests" / "quarter.yaml"

QUARTER_WARDS = 19
"""Wards that the packaged quarter's hours are meant for."""

BUDGET_SHARE = 0.97
"""Budget in hours, as a share of all hours there are."""

WARD_MOST_HOURS = 700.0
MOST_CHANGE_HOURS = 200.0

LAST_PLAN_KEPT_SHARE = 0.9
"""Hours that the last plan had, as a share of what there is now."""

MONTH_COUPLING = ("budget_pounds", "budget_hours", "protection_floor")
"""Limits over the whole plan: without them every month could be planned by itself."""


def quarter(
    demand_by_ward: Mapping[str, float],
    *,
    coupled: bool = True,
    cvar_weight: float = 0.0,
    cvar_paths: int = 200,
    whole_units: bool = False,
) -> PlanRequest:
    """Return the packaged quarter for so many wards, with every kind of limit.

    Hours and pounds grow with the number of wards and the largest share falls with it, so that each means the same for
    a ward of any area.

    Args:
        demand_by_ward: Expected crimes a month by ward code; the last plan followed them.
        coupled: Whether there are limits over the whole plan (see `MONTH_COUPLING`).
        cvar_weight: Weight of the worst tenth of futures.
        cvar_paths: Futures that it is taken from.
        whole_units: Whether teams are assigned in whole units.

    Returns:
        The checked request.
    """
    fields: dict[str, Any] = yaml.safe_load(QUARTER.read_text(encoding="utf-8"))
    factor = len(demand_by_ward) / QUARTER_WARDS
    fields["resources"] = [_scaled(team, factor) for team in fields["resources"]]
    hours = sum(team["hours_per_month"] for team in fields["resources"])
    limits = _limits(fields["limits"], factor, sorted(demand_by_ward))
    limits["budget_hours"] = BUDGET_SHARE * hours * fields["horizon_months"]
    if not coupled:
        limits = {name: value for name, value in limits.items() if name not in MONTH_COUPLING}
    fields["limits"] = limits
    fields["last_plan"] = {"ward_hours_per_month": _last_plan(demand_by_ward, LAST_PLAN_KEPT_SHARE * hours)}
    fields["objective"] |= {"cvar_weight": cvar_weight, "cvar_paths": cvar_paths}
    fields["whole_units"] = whole_units
    return parse_request(fields, where=QUARTER.name)


def _scaled(team: dict[str, Any], factor: float) -> dict[str, Any]:
    """Return a team with its hours times a factor."""
    by_shift = {shift: hours * factor for shift, hours in team.get("hours_by_shift", {}).items()}
    return {**team, "hours_per_month": team["hours_per_month"] * factor, "hours_by_shift": by_shift}


def _limits(limits: dict[str, Any], factor: float, codes: list[str]) -> dict[str, Any]:
    """Return the quarter's limits for an area of other size, with those that it does not have."""
    return {
        **limits,
        "ward_max_hours_per_month": WARD_MOST_HOURS,
        "ward_max_share": min(limits["ward_max_share"] / factor, 1.0),
        "budget_pounds": limits["budget_pounds"] * factor,
        "ring_fences": [
            {**fence, "hours_per_month": fence["hours_per_month"] * factor} for fence in limits["ring_fences"]
        ],
        "locked": [
            {"ward": codes[0], "resource": "Town-centre team", "hours_per_month": 64},
            {"ward": codes[1], "resource": "Mobile CCTV", "hours_per_month": 12, "shift": "night"},
        ],
        "forbidden": [
            {"ward": codes[2], "resource": "Street cleansing crew"},
            {"ward": codes[3], "resource": "Licensing visits"},
        ],
        "most_change_hours_per_month": MOST_CHANGE_HOURS,
    }


def _last_plan(demand_by_ward: Mapping[str, float], hours: float) -> dict[str, float]:
    """Share hours out, half equally and half by demand, and to no ward more than the most that it may get."""
    total, equal = sum(demand_by_ward.values()), 1 / len(demand_by_ward)
    split = {code: hours * (equal + demand / total) / 2 for code, demand in demand_by_ward.items()}
    return {code: min(here, WARD_MOST_HOURS) for code, here in split.items()}
