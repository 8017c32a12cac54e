"""The plan in a few sentences: who gets most and why, what it is expected to do, what it costs elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from wardcast.pack.asb import asb_in_short, based_on
from wardcast.pack.certainty import ranking_certainty
from wardcast.pack.changes import largest_change
from wardcast.pack.names import WardNames
from wardcast.pack.wording import percent, pounds, tenths, whole_hours
from wardcast_models.allocation.plan import Plan, WardExplanation
from wardcast_models.panel.findings import counted
from wardcast_models.words import listed

LEADING_WARDS = 3
"""Wards told in the answer; those with as many hours as the last of them are told too."""

MOST_NAMES = 4
"""Wards with equal hours that are named; of more the rest are counted."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The first things a reader has to know, each a sentence or two.

    Attributes:
        who: Which wards get most, and the main reason.
        presence: That today's presence is assumed, where it is; else "".
        unassigned: How many of the hours asked for stay unassigned and why, where some do; else "".
        effect: Expected effect with its range.
        no_effect: What holds if patrols have no effect here.
        verdict: The plan against the simple splits.
        asb: What is expected of, and done about, anti-social behaviour.
        based_on: Which counts the plan is made from.
        sure: How sure the ranking of wards is, where that was worked out; else "".
        change: Which other assumption would move most hours, where any was tried; else "".
        cost: What the planned hours cost, where every team's cost is given; else "".
        elsewhere: Which wards get less than an equal share.
    """

    who: str
    presence: str
    unassigned: str
    effect: str
    no_effect: str
    verdict: str
    asb: str
    based_on: str
    sure: str
    change: str
    cost: str
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
        presence=_presence(plan),
        unassigned=_unassigned(plan),
        effect=_effect(plan),
        no_effect=plan.zero_effect_statement,
        verdict=plan.verdict,
        asb=asb_in_short(plan.asb),
        based_on=based_on(plan.asb),
        sure=ranking_certainty(plan, names),
        change=largest_change(plan),
        cost="" if plan.cost_pounds is None else f"The planned hours cost {pounds(plan.cost_pounds)}.",
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
    first, *others = _leading(funded)
    each = " each" if len(first) > 1 else ""
    opening = (
        f"{_named(first, names)} {'get' if each else 'gets'} the most: {whole_hours(first[0].hours)} of "
        f"{whole_hours(total)} officer hours{each} ({percent(first[0].hours / total)}{each})"
    )
    if others:
        opening += f", then {listed([_with_hours(group, names) for group in others])}"
    return f"{opening}.{_reasons(first, names)}"


def _leading(funded: Sequence[WardExplanation]) -> list[list[WardExplanation]]:
    """Return the first wards, those with equal hours together."""
    groups: list[list[WardExplanation]] = []
    for _, wards in groupby(funded, key=lambda ward: whole_hours(ward.hours)):
        if sum(map(len, groups)) >= LEADING_WARDS:
            break
        groups.append(list(wards))
    return groups


def _named(wards: Sequence[WardExplanation], names: WardNames) -> str:
    said = [names[ward.ward_code] for ward in wards]
    return listed(said if len(said) <= MOST_NAMES else [*said[: MOST_NAMES - 1], f"{len(said) - MOST_NAMES + 1} more"])


def _with_hours(wards: Sequence[WardExplanation], names: WardNames) -> str:
    return f"{_named(wards, names)} ({whole_hours(wards[0].hours)}{' each' if len(wards) > 1 else ''})"


def _reasons(wards: Sequence[WardExplanation], names: WardNames) -> str:
    """Give the main reason; of wards with equal hours each has its own."""
    if len(wards) == 1:
        return f" Main reason: {_sentence(wards[0].drivers[0])}" if wards[0].drivers else ""
    said = [f" {names[ward.ward_code]}: {_sentence(ward.drivers[0])}" for ward in wards[:LEADING_WARDS] if ward.drivers]
    return f" Main reasons.{''.join(said)}" if said else ""


def _presence(plan: Plan) -> str:
    sources = [assumption.source for assumption in plan.assumptions if assumption.topic == "Baseline presence"]
    if all(source.startswith("user") and "assumed" not in source for source in sources):
        return ""
    return "Today’s presence in each ward is assumed, not known: the ranking of wards rests on it."


def _unassigned(plan: Plan) -> str:
    if plan.unassigned_hours < 0.5:
        return ""
    asked = total_hours(plan) + plan.unassigned_hours
    verb = "stays" if whole_hours(plan.unassigned_hours) == "1" else "stay"
    return (
        f"{whole_hours(total_hours(plan))} of the {whole_hours(asked)} hours asked for can be placed; "
        f"{whole_hours(plan.unassigned_hours)} {verb} unassigned, because {_sentence(plan.unassigned_reason)}"
    )


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
        said += f" {listed(shown)} {verb} no hours beyond the presence they have today."
    return said
