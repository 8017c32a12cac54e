"""The forecast in words: its parts, its models, how much a series can say and how far something stepped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wardcast.pack.wording import month_label
from wardcast_models.forecasting.forecast import Precision, precision_of
from wardcast_models.forecasting.grouping import CategoryLevel, PlaceLevel
from wardcast_models.forecasting.levels import NOT_READABLE
from wardcast_models.words import listed

PART_LABELS = ("Level", "Season", "Trend", "Residents", "New homes", "Marked events")
"""Names of the parts of an expected count, in the order of `expectation.COMPONENTS`."""

MODEL_LABELS = {
    "pooled_prophet": "Prophet on pooled totals",
    "pooled_ets": "Exponential smoothing (ETS) on pooled totals",
    "pooled_theta": "Theta on pooled totals",
    "pooled_count": "Count model with shared season and shrinkage",
    "simple_smoothing": "Simple exponential smoothing of each ward series",
    "ward_prophet": "Prophet on each ward series",
    "mean_12_months": "Mean of the last 12 months",
    "seasonal_naive": "The same month a year earlier",
}
"""Names of the models for people; another model goes by its own name."""

PRECISION_WORDS = {
    Precision.TOO_FEW: "too few",
    Precision.WIDE: "wide",
    Precision.OK: "30 or more a month",
}

PRECISION_NOTES = {
    Precision.TOO_FEW: "Too few: under 5 a month, so no claim about this ward.",
    Precision.WIDE: "Wide: under 30 a month, so an error above 20% is usual.",
    Precision.OK: "",
}
"""What stands beside a series, after Gorr, Olligschlaeger and Thompson (2003)."""

_PLACES = {PlaceLevel.WARD: "its ward", PlaceLevel.CLUSTER: "its cluster of wards", PlaceLevel.AREA: "the whole area"}
_KINDS = {
    CategoryLevel.CATEGORY: "",
    CategoryLevel.PRIORITY: ", with the other crimes of its priority",
    CategoryLevel.ALL: ", all crime together",
}


def model_label(name: str) -> str:
    """Return a model's name for people."""
    return MODEL_LABELS.get(name, name.replace("_", " "))


def precision_words(precision: Precision) -> str:
    """Return how much a series can say, in a word or two."""
    return PRECISION_WORDS[precision]


def precision_note(precision: Precision) -> str:
    """Return what a reader should know about a series of this precision, or ""."""
    return PRECISION_NOTES[precision]


def category_precision(per_month: float) -> str:
    """Return what to tag a ward's category with, by its expected crimes a month; "" for nothing."""
    precision = precision_of(per_month)
    return "" if precision is Precision.OK else PRECISION_WORDS[precision]


def month_of(month: date) -> str:
    """Write a month start in words, for example `April 2025`."""
    return month_label(f"{month:%Y-%m}")


def level_words(read_at: str) -> str:
    """Write the level at which a series can be read.

    Args:
        read_at: As in the forecast file, for example `area/category`.

    Returns:
        For example `the whole area, all crime together`.
    """
    if read_at == NOT_READABLE:
        return "nowhere: too few even in the whole area"
    place, _, kind = read_at.partition("/")
    return _PLACES[PlaceLevel(place)] + _KINDS[CategoryLevel(kind)]


def levels_words(levels: Sequence[str]) -> str:
    """Write several such levels, or a dash for none."""
    return listed([level_words(level) for level in levels]).replace(" and ", " or ") or "–"


def signed_percent(value: float) -> str:
    """Write a change in per cent.

    Args:
        value: Per cent.

    Returns:
        For example `+12%`, `−54%`, `0%`.
    """
    points = round(value)
    if points == 0:
        return "0%"
    return f"+{points:,}%" if points > 0 else f"−{-points:,}%"


def plain_count(value: float) -> str:
    """Write an expected count so that what stands beside it can be added up: whole, to a tenth below 10.

    Args:
        value: Crimes a month.

    Returns:
        For example `1,705`, `9.2`.
    """
    return f"{value:,.0f}" if abs(value) >= 9.95 else f"{value:.1f}"


def signed_count(value: float) -> str:
    """Write what a part adds to an expected count, to a tenth below 10.

    Args:
        value: Crimes a month.

    Returns:
        For example `+14`, `−2.3`, `0`.
    """
    size = plain_count(abs(value))
    if size == "0.0":
        return "0"
    return f"+{size}" if value > 0 else f"−{size}"
