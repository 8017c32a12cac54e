"""Simple ways of sharing out the same hours, and how the plan compares with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.effect import Effect, effect_of, range_of
from wardcast_models.allocation.plan import SplitComparison
from wardcast_models.allocation.response import Array

AS_GOOD_AS = 0.01
"""A split within this share of the plan's effect does as well."""

KEEPS_LIMITS_HOURS = 0.01
"""Rounding may leave a limit off by up to this."""

Name = Literal["plan", "proportional", "equal", "none"]


@dataclass(frozen=True, kw_only=True)
class Split:
    """One way of sharing out the hours.

    Attributes:
        name: Which.
        label: Name for people.
        effect: What it avoids, on the same draws as the others.
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
            feasible=self.feasible,
        )


def splits(problem: Assembled, hours: Array, effect: Effect) -> tuple[Split, ...]:
    """Evaluate the plan, the proportional and the equal split, and no hours at all.

    Both splits spend what the plan spends of each resource in each month, which is less than all hours where a limit
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
    others: tuple[tuple[Name, str, Array], ...] = (
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


def verdict(compared: tuple[Split, ...]) -> str:
    """Say in words how the plan compares with the simple splits.

    Args:
        compared: The result of `splits`.

    Returns:
        One to three sentences.
    """
    plan = compared[0]
    simple = [split for split in compared if split.name in ("proportional", "equal")]
    ours = float(plan.effect.total_harm.mean())
    if ours <= 0:
        return (
            "No effect on crime is claimed for any way of sharing out these hours, so the plan is no better than "
            "the proportional or the equal split; it only keeps the limits asked for."
        )
    sentences = []
    for split in simple:
        theirs = float(split.effect.total_harm.mean())
        better = ours / theirs - 1 if theirs > 0 else float("inf")
        broken = "" if split.feasible else ", though it breaks limits of this request"
        if abs(better) <= AS_GOOD_AS:
            sentences.append(
                f"The {split.name} split does as well (within {AS_GOOD_AS:.0%}){broken}: choose whichever is easier "
                "to run."
            )
        elif better < 0:
            sentences.append(
                f"The {split.name} split is expected to avoid {theirs / ours - 1:.0%} more weighted harm than the plan"
                f"{broken or ', so prefer it'}."
            )
        else:
            more = f"{better:.0%} more" if np.isfinite(better) else "all of"
            sentences.append(
                f"The plan is expected to avoid {more} weighted harm than the {split.name} split of the same hours."
            )
    return " ".join(sentences) + _certainty(plan, simple[0])


def _certainty(plan: Split, other: Split) -> str:
    """Say in how many of the draws with an effect the plan does better than the proportional split."""
    real = plan.effect.total_harm > 0
    wins = float((plan.effect.total_harm > other.effect.total_harm)[real].mean())
    return f" It does better than the {other.name} split in {wins:.0%} of the draws in which presence has any effect."


def _keeps(problem: Assembled, hours: Array) -> bool:
    """Tell whether hours keep every limit, to rounding."""
    return problem.instance.worst_breach(hours) <= KEEPS_LIMITS_HOURS + 1e-6
