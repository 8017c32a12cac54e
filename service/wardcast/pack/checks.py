"""How the plan was checked after the search, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from wardcast.pack.wording import percent_below
from wardcast_models.allocation.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was checked.

    Attributes:
        what: What was checked.
        result: What came out.
        meaning: What that says to someone who has to rely on the plan.
    """

    what: str
    result: str
    meaning: str


def checks(plan: Plan) -> tuple[Check, ...]:
    """Put the plan's certificate into words.

    Args:
        plan: The plan.

    Returns:
        What was checked, most important first.
    """
    certificate = plan.certificate
    return (
        Check(
            what="Limits kept",
            result=f"broken by {_breach(certificate.worst_breach_rounded_hours)} at most",
            meaning="Every limit of the request was added up again from the hours printed here, without the solver. "
            "This is the most by which rounding breaks any of them, in the limit’s own unit: hours, pounds, harm or "
            "hours per 1,000 persons.",
        ),
        Check(
            what="Limits kept before rounding",
            result=f"broken by {_breach(certificate.worst_breach_hours)} at most",
            meaning="The same for the hours as they were found.",
        ),
        Check(
            what="Room for a better plan",
            result=f"{percent_below(certificate.optimality_gap)} at most",
            meaning="No plan that keeps the same limits, under the same assumptions, can reach more of all that this "
            "one aims at by a larger share: harm avoided, with presence after dark and the worst tenth of futures "
            "where the request gives them a weight.",
        ),
        Check(
            what="Straight lines for a curve",
            result=f"{percent_below(certificate.chord_error)} at most",
            meaning="The search draws the falling return of more hours as short straight lines. They fall short of "
            "the curve by this share at most.",
        ),
    )


def _breach(amount: float) -> str:
    """Write a breach that should be none, whatever its unit: to a hundredth."""
    if amount <= 0:
        return "0"
    return f"{amount:,.2f}" if amount >= 0.005 else "less than 0.01"
