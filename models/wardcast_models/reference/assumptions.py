"""The packaged defaults: what is assumed where neither the data nor the request say, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.reference.tables import packaged_rows


@dataclass(frozen=True, kw_only=True)
class AssumptionRow:
    """One packaged default.

    Attributes:
        key: Stable key.
        value: The figure.
        unit: Its unit, in words.
        statement: The assumption as a sentence for a report.
        source: A citation, or the word `assumed` and why.
    """

    key: str
    value: float
    unit: str
    statement: str
    source: str


@cache
def assumptions() -> dict[str, AssumptionRow]:
    """Return every packaged default by key."""
    return {
        row["key"]: AssumptionRow(
            key=row["key"],
            value=float(row["value"]),
            unit=row["unit"],
            statement=row["statement"],
            source=row["source"],
        )
        for row in packaged_rows("assumptions.csv")
    }


def assumption(key: str) -> AssumptionRow:
    """Return one packaged default.

    Args:
        key: Its key, for example `elasticity`.

    Returns:
        The default with its statement and source.

    Raises:
        WardcastError: There is no such default.
    """
    rows = assumptions()
    if key not in rows:
        raise WardcastError(
            ErrorKind.NOT_FOUND,
            f"There is no packaged assumption `{key}`.",
            [
                Problem(
                    where="assumptions.csv",
                    expected=f"one of {', '.join(rows)}",
                    found=key,
                    mend="Use one of the packaged keys.",
                )
            ],
        )
    return rows[key]
