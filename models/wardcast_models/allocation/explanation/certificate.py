"""What was re-checked after a solve, without the solver."""

from __future__ import annotations

import math

from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.plan import Assumption, Certificate
from wardcast_models.allocation.programme.solve import Solution

LEAST_SHARE = 1e-5
"""Smaller shares are not written in figures."""

LEAST_BREACH = 0.01
"""Smaller breaches are not written in figures; hours are planned to this."""


def certificate_of(problem: Assembled, solution: Solution) -> Certificate:
    """State what the check found.

    Args:
        problem: The problem.
        solution: Its solution.

    Returns:
        The certificate.
    """
    rounded = problem.instance.worst_breach(solution.hours) + 0.0  # no minus before a zero
    unrounded = solution.audit.worst_breach_hours + 0.0
    gap = solution.audit.gap
    kinds = "no plan, in whole units or fractions," if solution.whole_units else "no plan"
    return Certificate(
        worst_breach_hours=unrounded,
        optimality_gap=gap,
        chord_error=solution.chord_error,
        worst_breach_rounded_hours=rounded,
        statement=f"Checked again without the solver: before rounding no limit is broken by {_breach(unrounded)}, "
        f"after it by {_breach(rounded)}, in the limit's own unit (hours, pounds, harm or hours per 1,000 persons); "
        f"prices alone prove that {kinds} can reach {_share(beyond(gap))} beyond this one on the response curves.",
    )


def approximation_assumption(solution: Solution) -> Assumption:
    """State how far the programme's chords are from the response curve.

    Args:
        solution: The solution.

    Returns:
        The assumption.
    """
    return Assumption(
        topic="Approximation of the response",
        statement="The programme follows the response curve by chords that never claim more than it and fall short "
        f"by at most {solution.chord_error:.3%} of preventable crime anywhere. At this plan's hours, no plan can be "
        f"better by {_share(beyond(solution.audit.gap))} on the curve itself. Effects and comparisons are evaluated on "
        "the curve.",
        source="computed",
    )


def beyond(gap: float) -> float:
    """Return how much more than this plan any plan could reach, as a share of what this plan reaches.

    Args:
        gap: The same as a share of what any plan could reach, at least 0 (see `Audit.gap`).

    Returns:
        The share; infinite where this plan reaches nothing.
    """
    return gap / (1 - gap) if gap < 1 else math.inf


def _share(share: float) -> str:
    """Write a bound on a share: a small one by what it stays below."""
    if share < LEAST_SHARE:
        return f"as much as {LEAST_SHARE:.3%}"
    return f"more than {share:.3%}" if math.isfinite(share) else "more than any known share"


def _breach(amount: float) -> str:
    """Write a bound on a breach: a small one by what it stays below, others not rounded down."""
    if amount < LEAST_BREACH:
        return f"as much as {LEAST_BREACH:g}"
    return f"more than {math.ceil(amount / LEAST_BREACH - 1e-6) * LEAST_BREACH:.2f}"
