"""What a reading of the official files found, in words a person can check."""

from __future__ import annotations

from collections.abc import Iterable
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


def by_sentence(findings: Iterable[Finding]) -> list[tuple[Finding, ...]]:
    """Put findings that say the same of several files together.

    Args:
        findings: In any order.

    Returns:
        The findings of each kind and message, in the order of their first.
    """
    told: dict[tuple[FindingKind, str], list[Finding]] = {}
    for finding in findings:
        told.setdefault((finding.kind, finding.message), []).append(finding)
    return [tuple(same) for same in told.values()]


FILES_SHOWN = 8
"""Files that a sentence names; the rest are counted."""


def listed_files(names: Iterable[str]) -> str:
    """Write the files that a sentence is about.

    Args:
        names: The files, each as it is to be shown; copies count once.

    Returns:
        For example `a.csv; b.csv; and 86 more`.
    """
    distinct = list(dict.fromkeys(names))
    more = len(distinct) - FILES_SHOWN
    return "; ".join([*distinct[:FILES_SHOWN], *([f"and {more:,} more"] if more > 0 else [])])


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
