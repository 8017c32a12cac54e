"""The analysis categories: one stable list that every release's labels map to.

The tables beside this module carry the mapping, flags, preventable shares and harm weights, each with its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import StringIO

import pandas as pd

ASB = "asb"
"""Category id of anti-social behaviour."""


@dataclass(frozen=True, kw_only=True)
class Category:
    """One analysis category.

    Attributes:
        category: Stable id, used in every frame.
        label: Name for people.
        major: Family of categories, for reading at a coarser level.
        forecast: Whether it is forecast.
        objective: Whether a plan may aim at it by default.
        police_generated: Counts follow police activity.
        report_sensitive: Counts partly follow detection or reporting.
        too_rare: Too rare to plan for.
        night: Concentrated after dark.
        victim_repeat: Repeat victimisation is common.
        preventable: Share that visible presence can touch: low, central, high.
        preventable_source: Source of that share, or `assumed`.
        priority: Id of the CSP priority served, or "".
        note: What a reader should know.
    """

    category: str
    label: str
    major: str
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


def packaged_table(name: str) -> pd.DataFrame:
    """Read a table packaged beside this module.

    Args:
        name: File name, for example `taxonomy.csv`.

    Returns:
        The table, empty cells as "".
    """
    text = resources.files("wardcast_models.reference").joinpath(name).read_text(encoding="utf-8")
    return pd.read_csv(StringIO(text), keep_default_na=False)


@cache
def taxonomy() -> dict[str, Category]:
    """Return every analysis category by id, in the order used throughout."""
    table = packaged_table("taxonomy.csv")
    return {
        row.category: Category(
            category=row.category,
            label=row.label,
            major=row.major,
            forecast=bool(row.forecast),
            objective=bool(row.objective),
            police_generated=bool(row.police_generated),
            report_sensitive=bool(row.report_sensitive),
            too_rare=bool(row.too_rare),
            night=bool(row.night),
            victim_repeat=bool(row.victim_repeat),
            preventable=(
                float(row.preventable_low),
                float(row.preventable_central),
                float(row.preventable_high),
            ),
            preventable_source=row.preventable_source,
            priority=row.priority,
            note=row.note,
        )
        for row in table.itertuples(index=False)
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
def harm_weights(scale: str) -> dict[str, float]:
    """Return the harm of one crime by category.

    Args:
        scale: `cambridge` (median days), `ons` (severity score, partial: categories without a known weight are
            absent) or `count` (1 for every crime category).

    Returns:
        Weight by category; ASB has none in any scale and is absent.
    """
    if scale == "count":
        return {category: 1.0 for category in taxonomy() if category != ASB}
    table = packaged_table("harm_weights.csv")
    rows = table[table["scale"] == scale]
    return dict(zip(rows["category"], rows["weight"].astype(float), strict=True))


@cache
def priorities() -> dict[str, str]:
    """Return the label of each CSP priority by id."""
    table = packaged_table("priorities.csv")
    return dict(zip(table["priority"], table["label"], strict=True))
