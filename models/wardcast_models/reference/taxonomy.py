"""The analysis categories: one stable list that every release's labels map to.

The tables beside this module carry the mapping, flags, preventable shares and harm weights, each with its
source.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from wardcast_models.reference.tables import packaged_rows, packaged_table

ASB = "asb"
"""Category id of anti-social behaviour."""

COUNCIL_ASB, FLY_TIPPING, DELIBERATE_FIRES = "council_asb", "fly_tipping", "deliberate_fires"
"""Category ids of what the council and the fire brigade count."""


def asb_aim(categories: Collection[str]) -> str | None:
    """Return the category that a plan means by anti-social behaviour: the police's counts, else the council's.

    The same incident may be reported to both, so a plan never aims at both.

    Args:
        categories: The categories that are forecast.

    Returns:
        The category id, or None where neither is forecast.
    """
    return next((category for category in (ASB, COUNCIL_ASB) if category in categories), None)


@dataclass(frozen=True, kw_only=True)
class Category:
    """One analysis category.

    Attributes:
        category: Stable id, used in every frame.
        label: Name for people.
        major: Family of categories, for reading at a coarser level (see `families`).
        crime: Whether it is recorded crime; incidents that are none (anti-social behaviour, reports to the council,
            fires) enter no total of crimes.
        forecast: Whether it is forecast.
        objective: Whether a plan may aim at it by default.
        police_generated: Counts follow police activity.
        report_sensitive: Counts partly follow detection or reporting.
        too_rare: Too rare to plan for.
        night: Concentrated after dark.
        victim_repeat: Repeat victimisation is common.
        preventable: Share that visible presence can touch: low, central, high.
        preventable_source: Source of that share, or `assumed` and why.
        priority: Id of the CSP priority served, or "".
        note: What a reader should know.
    """

    category: str
    label: str
    major: str
    crime: bool
    forecast: bool
    objective: bool
    police_generated: bool
    report_sensitive: bool
    too_rare: bool
    night: bool
    victim_repeat: bool
    preventable: tuple[float, float, float]
    preventable_source: str
    priority: str
    note: str


@cache
def taxonomy() -> dict[str, Category]:
    """Return every analysis category by id, in the order used throughout."""
    return {
        row["category"]: Category(
            category=row["category"],
            label=row["label"],
            major=row["major"],
            crime=row["crime"] == "1",
            forecast=row["forecast"] == "1",
            objective=row["objective"] == "1",
            police_generated=row["police_generated"] == "1",
            report_sensitive=row["report_sensitive"] == "1",
            too_rare=row["too_rare"] == "1",
            night=row["night"] == "1",
            victim_repeat=row["victim_repeat"] == "1",
            preventable=(
                float(row["preventable_low"]),
                float(row["preventable_central"]),
                float(row["preventable_high"]),
            ),
            preventable_source=row["preventable_source"],
            priority=row["priority"],
            note=row["note"],
        )
        for row in packaged_rows("taxonomy.csv")
    }


@cache
def category_by_minor_label() -> dict[str, str]:
    """Return the category of each upper-cased minor label."""
    table = packaged_table("minor_labels.csv")
    return dict(zip(table["minor_label"], table["category"], strict=True))


@cache
def category_by_major_label() -> dict[str, str]:
    """Return the category of each upper-cased major label whose minors are all one category."""
    table = packaged_table("minor_groups.csv")
    return dict(zip(table["major_label"], table["category"], strict=True))


@cache
def category_by_policeuk_type() -> dict[str, str]:
    """Return the category of each police.uk crime type, by its words in lower case joined by hyphens."""
    table = packaged_table("policeuk_types.csv")
    return dict(zip(table["crime_type"], table["category"], strict=True))


@cache
def policeuk_crimes() -> frozenset[str]:
    """Return the crime categories that counts from police.uk alone come in; MPS releases draw some of them finer."""
    return frozenset(category for category in category_by_policeuk_type().values() if taxonomy()[category].crime)


def in_use(categories: Collection[str]) -> tuple[str, ...]:
    """Return the categories of the taxonomy that could stand beside some categories.

    MPS releases and police.uk alone name the same crimes differently, so that one of the two sets is always absent;
    reports to the council stand for anti-social behaviour only where the police's counts are absent.

    Args:
        categories: Categories of a panel or forecast.

    Returns:
        Category ids in taxonomy order: with MPS's crimes, or with police.uk's where the categories hold one of its own.
    """
    beside = tuple(each for each in taxonomy() if each != COUNCIL_ASB or asb_aim(categories) == COUNCIL_ASB)
    of_mps = set(category_by_minor_label().values()) | set(category_by_major_label().values())
    others = of_mps - policeuk_crimes()
    if any(category in policeuk_crimes() - of_mps for category in categories):
        return tuple(category for category in beside if category not in others)
    return tuple(category for category in beside if category not in policeuk_crimes() - of_mps)


@cache
def harm_weights(scale: str) -> dict[str, float]:
    """Return the harm of one crime by category.

    Args:
        scale: `cambridge` (median days), `ons` (severity score, partial: categories without a known weight
            are absent) or `count` (1 for every crime category).

    Returns:
        Weight by category; incidents that are no crimes, ASB among them, have none in any scale and are absent.
    """
    if scale == "count":
        return {category: 1.0 for category, kind in taxonomy().items() if kind.crime}
    table = packaged_table("harm_weights.csv")
    rows = table[table["scale"] == scale]
    return dict(zip(rows["category"], rows["weight"].astype(float), strict=True))


@cache
def known_ons_weights() -> dict[str, float]:
    """Return every weight of the ONS Crime Severity Score that could be read, by offence.

    Returns:
        Score by offence as published; `harm_weights("ons")` holds those that match a category.
    """
    return {row["offence"]: float(row["weight"]) for row in packaged_rows("ons_severity_known.csv")}


@cache
def families() -> dict[str, str]:
    """Return the label of each family (`Category.major`) by id."""
    return {row["family"]: row["label"] for row in packaged_rows("families.csv")}


@cache
def priorities() -> dict[str, str]:
    """Return the label of each CSP priority by id."""
    table = packaged_table("priorities.csv")
    return dict(zip(table["priority"], table["label"], strict=True))
