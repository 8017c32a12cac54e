"""The sections of the report, numbered, so that every reference to one is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TITLES = {
    "where": "Where the hours go",
    "who": "Who does what",
    "teams": "What each team is asked to do",
    "need": "Hours beside need",
    "why": "Why each ward",
    "effect": "What the plan is expected to do",
    "limits": "One more or one less hour",
    "changes": "What would change this answer",
    "fairness": "Fairness: protection and burden",
    "asb": "Anti-social behaviour",
    "trends": "Trends and forecast",
    "assumed": "What was assumed",
    "data": "What the data are like",
    "checks": "How the plan was worked out and checked",
    "words": "Words used",
    "origin": "Where this plan comes from",
    "approval": "Approval",
    "months": "Hours month by month",
}
"""Title by key, in the order of the report; the key is the id of the heading."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section.

    Attributes:
        key: Id of its heading.
        number: Its number, from 1.
        title: Its title.
    """

    key: str
    number: int
    title: str


def sections(*, with_months: bool) -> dict[str, Section]:
    """Number the sections.

    Args:
        with_months: Whether the report ends with a section of single months.

    Returns:
        The sections by key, in order.
    """
    return numbered({key: title for key, title in TITLES.items() if with_months or key != "months"})


def numbered(titles: Mapping[str, str]) -> dict[str, Section]:
    """Number sections in the order given.

    Args:
        titles: Title by key.

    Returns:
        The sections by key.
    """
    return {
        key: Section(key=key, number=number, title=title) for number, (key, title) in enumerate(titles.items(), start=1)
    }
