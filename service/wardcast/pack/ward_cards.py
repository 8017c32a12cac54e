"""What the report says about single wards: their teams with reasons, and how sure their place is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wardcast.pack.certainty import top_group, ward_certainty
from wardcast_models.allocation.plan import Plan, ResourceShare, WardExplanation

MOST_TEAMS = 8
"""Teams told in a ward's card, those with most hours; the workbook has all."""

MOST_REASONS = 8
"""Reasons told in a ward's card, shared out over its teams, the most important first; the workbook has all."""


@dataclass(frozen=True, kw_only=True)
class TeamHere:
    """One team's hours in one ward.

    Attributes:
        share: The figures.
        reasons: Why, most important first.
    """

    share: ResourceShare
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WardCard:
    """One ward.

    Attributes:
        ward: The ward.
        certainty: How sure its place among the wards with most hours is, or "".
        teams: Teams with hours here, most hours first.
        other_teams: How many more have hours here.
        absent: Names of the teams without hours here.
    """

    ward: WardExplanation
    certainty: str
    teams: tuple[TeamHere, ...]
    other_teams: int
    absent: tuple[str, ...]

    @property
    def by_reasons(self) -> tuple[tuple[TeamHere, ...], ...]:
        """The teams, those with the same reasons together: what holds for several is told once."""
        groups: dict[tuple[str, ...], list[TeamHere]] = {}
        for here in self.teams:
            groups.setdefault(here.reasons, []).append(here)
        return tuple(tuple(group) for group in groups.values())


def ward_cards(plan: Plan, wards: Sequence[WardExplanation]) -> tuple[WardCard, ...]:
    """Put wards on cards.

    Args:
        plan: The plan.
        wards: The wards shown, in order.

    Returns:
        One card a ward.
    """
    group_size = len(top_group(plan))
    return tuple(_card(ward, group_size) for ward in wards)


def _card(ward: WardExplanation, group_size: int) -> WardCard:
    present = [share for share in ward.resources if share.hours > 0]
    shown = present[:MOST_TEAMS]
    reasons_each = MOST_REASONS // max(1, len(shown))
    return WardCard(
        ward=ward,
        certainty=ward_certainty(ward, group_size),
        teams=tuple(TeamHere(share=share, reasons=share.reasons[:reasons_each]) for share in shown),
        other_teams=len(present) - len(shown),
        absent=tuple(share.resource for share in ward.resources if share.hours <= 0),
    )
