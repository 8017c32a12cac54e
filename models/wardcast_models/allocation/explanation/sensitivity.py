"""What changes the answer: the plan solved again under other assumptions, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.demand.harm_scale import HARM_UNITS
from wardcast_models.allocation.explanation.asb import credited_hours
from wardcast_models.allocation.explanation.ranks import ranks_by_hours
from wardcast_models.allocation.explanation.variations import ASB_WEIGHT, MOST_WARDS, Variation, variations
from wardcast_models.allocation.plan import Assumption, Sensitivity, WardChange
from wardcast_models.allocation.premises import Premises
from wardcast_models.allocation.programme.solve import solve
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.progress import Progress, silent

NOTHING_MOVES = 0.0005
"""Below this share of the hours a plan stays as it is."""

LEAST_WRITTEN = 0.01
"""Shares of the hours below this are not written in figures."""


def sensitivities_of(
    premises: Premises, hours: Array, alternatives: Sequence[Forecast] = (), *, progress: Progress = silent
) -> tuple[Sensitivity, ...]:
    """Solve the plan again under every other assumption.

    Whole units would blur what an assumption changes and take long, so a plan of whole units is tried in fractions.

    Args:
        premises: What the plan is made from.
        hours: The plan's hours, shape (W, H, S, R).
        alternatives: Forecasts of other delivery scenarios, for the same wards and months.
        progress: Told how far the work is.

    Returns:
        What each would change.
    """
    tried = list(variations(premises, alternatives))
    if premises.problem.instance.unit_hours is not None:
        try:
            hours = solve(_in_fractions(premises.problem).instance).hours
        except WardcastError as error:
            return tuple(_not_worked_out(variation, error) for variation in tried)
    found = []
    for position, variation in enumerate(tried):
        progress(position / len(tried), f"trying {variation.label}")
        found.append(sensitivity(variation, premises.problem, hours))
    return tuple(found)


def sensitivity(variation: Variation, problem: Assembled, hours: Array) -> Sensitivity:
    """Solve one variation and compare.

    Args:
        variation: The other assumption.
        problem: The problem at hand.
        hours: The hours of the plan at hand, shape (W, H, S, R).

    Returns:
        The comparison; where the solve fails, that it was not worked out and why, for the plan stands without it.
    """
    other = _in_fractions(variation.problem).instance
    try:
        solution = solve(other)
    except WardcastError as error:
        clashes = error.kind is ErrorKind.INFEASIBLE
        return _clashing(variation, hours) if clashes else _not_worked_out(variation, error)
    own = float(other.avoided_by_curve(solution.hours).sum())
    ours = float(other.avoided_by_curve(hours).sum())
    now, then = hours.sum(axis=(1, 2, 3)), solution.hours.sum(axis=(1, 2, 3))
    changes = _changes(problem, now, then)
    moved = _moved_share(now, then)
    return Sensitivity(
        topic=variation.topic,
        label=variation.label,
        hours_moved_share=moved,
        harm_avoided=own,
        harm_avoided_by_this_plan=ours,
        harm_unit=HARM_UNITS[variation.problem.request.objective.harm_scale],
        changes=changes,
        statement=_statement(
            _with_credit(variation, hours=solution.hours),
            moved=moved,
            own=own,
            ours=ours,
            changes=changes,
            n_wards=len(now),
        ),
    )


def sensitivity_assumptions(premises: Premises) -> list[Assumption]:
    """Say what was not tried, or otherwise.

    Args:
        premises: What the plan is made from.

    Returns:
        One assumption for whole units and one for a large area, where they apply.
    """
    n_wards = len(premises.forecast.ward_codes)
    stated = []
    if premises.problem.instance.unit_hours is not None:
        stated.append(
            Assumption(
                topic="What changes the answer",
                statement="Other assumptions were tried without whole units, on both sides of the comparison.",
                source="computed",
            )
        )
    if n_wards <= MOST_WARDS:
        return stated
    return [
        *stated,
        Assumption(
            topic="What changes the answer",
            statement=f"The area has {n_wards} wards, more than {MOST_WARDS}, so only other harm scales were "
            "tried; other elasticities, baselines and delivery scenarios were not.",
            source="computed",
        ),
    ]


def _in_fractions(problem: Assembled) -> Assembled:
    """Return a problem without whole units."""
    return replace(problem, instance=replace(problem.instance, unit_hours=None))


def _clashing(variation: Variation, hours: Array) -> Sensitivity:
    """Say that the request's limits clash under another assumption, as a floor of protection can."""
    other = variation.problem.instance
    return Sensitivity(
        topic=variation.topic,
        label=variation.label,
        hours_moved_share=0.0,
        harm_avoided=0.0,
        harm_avoided_by_this_plan=float(other.avoided_by_curve(hours).sum()),
        harm_unit=HARM_UNITS[variation.problem.request.objective.harm_scale],
        changes=(),
        statement=f"With {variation.label} no plan could keep all limits of the request.",
    )


def _not_worked_out(variation: Variation, error: WardcastError) -> Sensitivity:
    """Say that the solver failed under another assumption, and why."""
    return Sensitivity(
        topic=variation.topic,
        label=variation.label,
        hours_moved_share=0.0,
        harm_avoided=0.0,
        harm_avoided_by_this_plan=0.0,
        harm_unit=HARM_UNITS[variation.problem.request.objective.harm_scale],
        changes=(),
        statement=f"With {variation.label}: not worked out: {error.message}",
    )


def _moved_share(now: Array, then: Array) -> float:
    """Return the share of the hours that would be in other wards, whatever the number of hours."""
    return float(np.abs(now / (now.sum() or 1.0) - then / (then.sum() or 1.0)).sum() / 2)


def _changes(problem: Assembled, now: Array, then: Array) -> tuple[WardChange, ...]:
    """List the wards whose rank by hours changes, largest change first."""
    instance = problem.instance
    before, after = ranks_by_hours(now), ranks_by_hours(then)
    changed = [
        WardChange(
            ward_code=code,
            ward_name=instance.ward_names[ward],
            rank_now=int(before[ward]),
            rank_then=int(after[ward]),
            hours_now=round(float(now[ward]), 2),
            hours_then=round(float(then[ward]), 2),
        )
        for ward, code in enumerate(instance.wards)
        if before[ward] != after[ward]
    ]
    return tuple(
        sorted(
            changed,
            key=lambda ward: (
                -abs(ward.rank_then - ward.rank_now),
                -abs(ward.hours_then - ward.hours_now),
                ward.ward_code,
            ),
        )
    )


def _with_credit(variation: Variation, *, hours: Array) -> Variation:
    """Note how many hours anti-social behaviour is credited with under another weight of it."""
    if variation.topic != ASB_WEIGHT:
        return variation
    credited = float(credited_hours(hours, variation.problem).sum())
    return replace(variation, note=f"{credited:,.0f} hours would be credited to it.")


def _statement(
    variation: Variation, *, moved: float, own: float, ours: float, changes: tuple[WardChange, ...], n_wards: int
) -> str:
    """Say in words what another assumption would change."""
    if moved < NOTHING_MOVES:
        said = [f"With {variation.label} the wards would get the same hours."]
    else:
        share = f"{moved:.0%}" if moved >= LEAST_WRITTEN else f"less than {LEAST_WRITTEN:.0%}"
        said = [f"With {variation.label} {share} of the hours would go to other wards"]
        if changes:
            first = changes[0]
            said[0] += (
                f"; {len(changes)} of {n_wards} wards would change rank, most of all {first.ward_name}, from "
                f"{first.rank_now} to {first.rank_then}."
            )
        else:
            said[0] += ", and no ward would change rank."
    if own > 0 and ours >= (1 - NOTHING_MOVES) * own:
        said.append("By that assumption this plan avoids as much harm as the other would.")
    elif own > 0:
        said.append(f"By that assumption this plan avoids {ours / own:.1%} of the harm that the other would.")
    else:
        said.append(
            "By that assumption no plan avoids any harm: only limits, presence after dark and nearness to the "
            "proportional split would decide."
        )
    return " ".join([*said, variation.note]).rstrip()
