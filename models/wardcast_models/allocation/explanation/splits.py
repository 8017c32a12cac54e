"""Simple ways of sharing out the same hours, and how the plan compares with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.explanation.effect import Effect, effect_of, range_of
from wardcast_models.allocation.plan import SplitComparison
from wardcast_models.allocation.request.objective import Objective
from wardcast_models.words import listed

AS_GOOD_AS = 0.01
"""A split within this share of the plan's effect does as well."""

KEEPS_LIMITS = 0.01
"""Rounding may leave a limit off by up to this, in the unit of its rows."""

Name = Literal["plan", "current", "proportional", "equal", "none"]

IN_WORDS: dict[Name, str] = {
    "current": "the current split",
    "proportional": "the proportional split",
    "equal": "the equal split",
}
"""The simple splits, inside a sentence."""


@dataclass(frozen=True, kw_only=True)
class Split:
    """One way of sharing out the hours.

    Attributes:
        name: Which.
        label: Name for people.
        effect: What it avoids, in the same futures as the others.
        feasible: Whether it keeps every limit of the request.
    """

    name: Name
    label: str
    effect: Effect
    feasible: bool

    def comparison(self) -> SplitComparison:
        """Return the split as a plan shows it."""
        return SplitComparison(
            name=self.name,
            label=self.label,
            harm_avoided=range_of(self.effect.total_harm),
            crimes_avoided=range_of(self.effect.total_crimes),
            residual_cvar=self.effect.residual_cvar,
            feasible=self.feasible,
        )


def splits(problem: Assembled, hours: Array, effect: Effect) -> tuple[Split, ...]:
    """Evaluate the plan, the current, the proportional and the equal split, and no hours at all.

    The splits spend what the plan spends of each resource in each month, which is less than all hours where a limit
    leaves some idle.

    Args:
        problem: The problem.
        hours: The plan's hours, shape (W, H, S, R).
        effect: What the plan avoids.

    Returns:
        The splits, the plan first.
    """
    instance = problem.instance
    spent = hours.sum(axis=(0, 2))
    followed = "the last plan" if _last_plan(problem) is not None else "today's presence"
    others: tuple[tuple[Name, str, Array], ...] = (
        ("current", f"Same hours, in proportion to {followed}", current_split(problem, spent)),
        ("proportional", "Same hours, in proportion to preventable harm", instance.proportional(spent)),
        ("equal", "Same hours, equal in every ward that a team may work in", instance.equal(spent)),
        ("none", "No hours at all", np.zeros(instance.shape)),
    )
    plan = Split(name="plan", label="This plan", effect=effect, feasible=_keeps(problem, hours))
    return (
        plan,
        *(
            Split(name=name, label=label, effect=effect_of(other, problem), feasible=_keeps(problem, other))
            for name, label, other in others
        ),
    )


def current_split(problem: Assembled, budget: Array) -> Array:
    """Share hours out as the wards share the last plan's hours or, where there is none, today's presence.

    Args:
        problem: The problem.
        budget: Hours of each resource in each month, shape (H, R).

    Returns:
        Hours, shape (W, H, S, R); over the shifts of a ward they follow today's presence.
    """
    instance = problem.instance
    weight = instance.baseline
    last_plan = _last_plan(problem)
    if last_plan is not None:
        by_ward = np.array([last_plan.get(code, 0.0) for code in instance.wards])
        weight = by_ward[:, None, None] * weight / weight.sum(axis=2, keepdims=True)
    return instance.shared_out(weight[..., None] * instance.allowed, budget)


def also_aims(objective: Objective) -> tuple[str, ...]:
    """Name what a plan aims at beside the harm that it avoids on average.

    Args:
        objective: What the request aims at.

    Returns:
        What to add to `The plan also aims at`, most often nothing.
    """
    dark = ("presence after dark",) if objective.after_dark_weight > 0 else ()
    worst = ("less harm in the worst tenth of futures",) if objective.cvar_weight > 0 else ()
    return (*dark, *worst)


def verdict(compared: tuple[Split, ...], also: tuple[str, ...] = ()) -> str:
    """Say in words how the plan compares with the simple splits.

    Args:
        compared: The result of `splits`.
        also: What the plan aims at beside harm avoided; no split is recommended then for its harm avoided alone.

    Returns:
        A sentence on the splits that do worse, one on each other, and one on how sure that is.
    """
    plan = compared[0]
    simple = [split for split in compared if split.name in IN_WORDS]
    ours, also_said = float(plan.effect.total_harm.mean()), " and ".join(also)
    if ours <= 0:
        return (
            "No effect on crime is claimed for any way of sharing out these hours, so the plan is no better than "
            "the current, the proportional or the equal split; it only keeps the limits asked for"
            f"{f' and aims at {also_said}' if also else ''}."
        )
    worse = [split for split in simple if _lead(split, ours) > AS_GOOD_AS]
    others = [split for split in simple if _lead(split, ours) <= AS_GOOD_AS]
    said = [*_ahead_of(worse, ours), *(_compared(split, ours, recommends=not also) for split in others)]
    if also:
        said.append(f"The plan also aims at {also_said}, which this comparison leaves out.")
    return " ".join([*said, _certainty(plan, max(simple, key=lambda split: float(split.effect.total_harm.mean())))])


def _lead(split: Split, ours: float) -> float:
    """Return how much more than a split the plan is expected to avoid, as a share of what the split avoids."""
    theirs = float(split.effect.total_harm.mean())
    return ours / theirs - 1 if theirs > 0 else float("inf")


def _ahead_of(worse: Sequence[Split], ours: float) -> list[str]:
    """Say by how much the plan is ahead of the splits that do worse: of those that avoid something, then the others."""
    leads = {split.name: _lead(split, ours) for split in worse}
    ahead = [f"{lead:.0%} more than {IN_WORDS[name]}" for name, lead in leads.items() if np.isfinite(lead)]
    none = [IN_WORDS[name] for name, lead in leads.items() if np.isinf(lead)]
    said = [f"Of weighted harm the plan is expected to avoid {listed(ahead)} of the same hours."] if ahead else []
    return [*said, *([f"Any harm is expected to be avoided by the plan only, none by {listed(none)}."] if none else [])]


def _compared(split: Split, ours: float, *, recommends: bool) -> str:
    """Say how a split that does as well or better compares, and whether to take it where that decides."""
    words = IN_WORDS[split.name]
    broken = "" if split.feasible else ", though it breaks limits of this request"
    if _lead(split, ours) >= -AS_GOOD_AS:
        return (
            f"{words[0].upper()}{words[1:]} does as well (within {AS_GOOD_AS:.0%}){broken}"
            f"{': choose whichever is easier to run.' if recommends else '.'}"
        )
    theirs = float(split.effect.total_harm.mean())
    return (
        f"{words[0].upper()}{words[1:]} is expected to avoid {theirs / ours - 1:.0%} more weighted harm than the "
        f"plan{broken or (', so prefer it' if recommends else '')}."
    )


def _certainty(plan: Split, best: Split) -> str:
    """Say how the difference from the best simple split spreads over the futures in which presence has any effect."""
    real = plan.effect.total_harm > 0
    difference = (plan.effect.total_harm - best.effect.total_harm)[real]
    low, high = np.quantile(difference, (0.05, 0.95))
    return (
        f"Where presence has any effect, it does better than {IN_WORDS[best.name]}, the best of these, in "
        f"{(difference > 0).mean():.0%} of the simulated futures; the difference is between {low:,.1f} and "
        f"{high:,.1f} units of harm in nine of ten."
    )


def _last_plan(problem: Assembled) -> dict[str, float] | None:
    """Return the last plan's monthly hours by ward code, None where it is not known."""
    last_plan = problem.request.last_plan
    hours = {} if last_plan is None else last_plan.ward_hours_per_month
    return hours if any(hours.get(code, 0.0) > 0 for code in problem.instance.wards) else None


def _keeps(problem: Assembled, hours: Array) -> bool:
    """Tell whether hours keep every limit, to rounding."""
    return problem.instance.worst_breach(hours) <= KEEPS_LIMITS + 1e-6
