"""The evidence on what patrols do to crime, each figure with its study, scale, country and quality."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from wardcast_models.reference.tables import packaged_rows


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One study's figure, as quoted; nothing is filled in where the quotation gives none.

    Attributes:
        study: Stable key, used by the response library.
        title: Authors or place, and subject.
        measures: What the figure measures.
        scale: Size of the places studied.
        country: Where.
        quality: Kind of study, and what limits it.
        unit: Unit of `low`, `central` and `high`.
        low: Lowest figure, or None.
        central: Central figure, or None.
        high: Highest figure, or None.
        citation: Where it was published, or that it is quoted second-hand.
        note: What a reader should know before using it.
        use: What this program does with it.
    """

    study: str
    title: str
    measures: str
    scale: str
    country: str
    quality: str
    unit: str
    low: float | None
    central: float | None
    high: float | None
    citation: str
    note: str
    use: str


@cache
def evidence() -> dict[str, Evidence]:
    """Return every packaged figure by study key."""
    return {
        row["study"]: Evidence(
            study=row["study"],
            title=row["title"],
            measures=row["measures"],
            scale=row["scale"],
            country=row["country"],
            quality=row["quality"],
            unit=row["unit"],
            low=_figure(row["low"]),
            central=_figure(row["central"]),
            high=_figure(row["high"]),
            citation=row["citation"],
            note=row["note"],
            use=row["use"],
        )
        for row in packaged_rows("evidence.csv")
    }


def _figure(cell: str) -> float | None:
    """Return a cell's number, or None where it is empty."""
    return None if cell == "" else float(cell)
