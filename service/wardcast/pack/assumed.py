"""The assumptions of a plan as the report lists them: what holds for several topics is told once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wardcast_models.allocation.plan import Assumption
from wardcast_models.words import listed


@dataclass(frozen=True, kw_only=True)
class Assumed:
    """What was taken as given, and of what.

    Attributes:
        topic: One topic, or several of one kind, for example `Delivery: Wardens and Youth workers`.
        statement: What was taken as given.
        source: Where from.
    """

    topic: str
    statement: str
    source: str


def told_once(assumptions: Iterable[Assumption]) -> tuple[Assumed, ...]:
    """Join assumptions of one kind that say the same from the same source.

    Args:
        assumptions: The assumptions.

    Returns:
        One each, where the first of those joined stood.
    """
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for each in assumptions:
        kind, _, about = each.topic.partition(": ")
        grouped.setdefault((kind, each.statement, each.source), []).append(about)
    return tuple(
        Assumed(topic=f"{kind}: {listed(about)}" if all(about) else kind, statement=statement, source=source)
        for (kind, statement, source), about in grouped.items()
    )
