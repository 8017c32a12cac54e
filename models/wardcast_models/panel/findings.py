"""What a reading of the official files found, in words a person can check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What was done about the thing found."""

    READ = "read"
    """A file was recognised and read."""
    MENDED = "mended"
    """Something was put right on the way in (relabelled, summed, left-over column dropped)."""
    CAVEAT = "caveat"
    """Something the reader of a forecast or plan has to know."""
    LEFT_ASIDE = "left_aside"
    """A file was not recognised, or not needed, and plays no part."""
    MISSING = "missing"
    """Something useful was not supplied; what is done instead is said."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding.

    Attributes:
        kind: What was done about it.
        file: The file's name (never its full path), or "" where it concerns the whole panel.
        message: One or two sentences for a person.
        rows: Rows concerned, or None.
        first_month: First month concerned, `YYYY-MM`, or None.
        last_month: Last month concerned, `YYYY-MM`, or None.
    """

    kind: FindingKind
    file: str
    message: str
    rows: int | None = None
    first_month: str | None = None
    last_month: str | None = None


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """Write a count with its noun.

    Args:
        number: How many.
        singular: Noun for one.
        plural: Noun for any other number; the singular with `s` where not given.

    Returns:
        For example `1 ward`, `1,204 wards`.
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
