"""The plan in a few sentences: who gets most and why, what it is expected to do, what it costs elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from wardcast.pack.names import WardNames
from wardcast.pack.wording import counted, listing, percent, tenths, whole_hours
from wardcast_models.allocation.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The first things a reader has to know, each a sentence or two.

    Attributes:
        who: Which wards get most, and the main reason.
        effect: Expected effect with its range.
        no_effect: What holds if patrols have no effect here.
        verdict: The plan against the simple splits.
        elsewhere: Which wards get less than an equal share.
    """

    who: str
    effect: str
    no_effect: str
    verdict: str
    elsewhere: str


def answer(plan: Plan, names: WardNames) -> Answer:
    """Put the plan into sentences.

    Args:
        plan: The plan.
        names: Ward names for people.

    Returns:
        The sentences.
    """
    return Answer(
        who=_who(plan, names),
        effect=_effect(plan),
        no_effect=plan.zero_effect_statement,
        verdict=plan.verdict,
        elsewhere=_elsewhere(plan, names),
    )


def total_hours(plan: Plan) -> float:
    """Return the officer hours of all assignments."""
    return sum(assignment.hours for assignment in plan.assignments)


def _who(plan: Plan, names: WardNames) -> str:
    total = total_hours(plan)
    funded = [ward for ward in plan.wards if ward.hours > 0]
    if not funded:
        return "The plan assigns no hours."
    first, *others = funded[:3]
    opening = (
        f"{names[first.ward_code]} gets the most: {whole_hours(first.hours)} of {whole_hours(total)} officer hours "
        f"({percent(first.hours / total)})"
    )
    if others:
        rest = listing([f"{names[ward.ward_code]} ({whole_hours(ward.hours)})" for ward in others])
        opening += f", then {rest}"
    reason = f" Main reason: {_sentence(first.drivers[0])}" if first.drivers else ""
    return f"{opening}.{reason}"


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _effect(plan: Plan) -> str:
    harm, crimes = plan.effect, plan.effect_crimes
    crimes_range = f"between {tenths(crimes.q05)} and {tenths(crimes.q95)}"
    if plan.harm_scale == "count":
        return (
            f"Expected effect: about {tenths(crimes.mean)} crimes avoided. In 9 of 10 simulated futures the number "
            f"lies {crimes_range}."
        )
    return (
        f"Expected effect: about {tenths(harm.mean)} {plan.harm_unit} of harm avoided, or about "
        f"{tenths(crimes.mean)} crimes. In 9 of 10 simulated futures the harm avoided lies between "
        f"{tenths(harm.q05)} and {tenths(harm.q95)}, the crimes avoided {crimes_range}."
    )


def _elsewhere(plan: Plan, names: WardNames) -> str:
    equal = total_hours(plan) / len(plan.wards)
    below = [ward for ward in plan.wards if ward.hours < equal - 0.5]
    if not below:
        return f"No ward gets less than an equal share, {whole_hours(equal)} hours."
    none = [names[ward.ward_code] for ward in below if ward.hours == 0]
    said = (
        f"{counted(len(below), 'ward')} of {len(plan.wards):,} {'gets' if len(below) == 1 else 'get'} less than an "
        f"equal share of {whole_hours(equal)} hours."
    )
    if none:
        shown = none if len(none) <= 8 else [*none[:7], f"{len(none) - 7:,} more"]
        verb = "gets" if len(none) == 1 else "get"
        said += f" {listing(shown)} {verb} no hours beyond the presence they have today."
    return said
