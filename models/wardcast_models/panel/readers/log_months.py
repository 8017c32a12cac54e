"""Which months a log covers in full: a log that starts on the 15th must not count half a month as a quiet one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.readers.mps_months import LEAST_NEIGHBOURS, LEAST_SHARE, usual_total
from wardcast_models.panel.text.days import month_starts

LEAST_USUAL = 10.0
"""Where this many records a month are usual, a month without any is missing: by chance alone a month of mean 10 would
be empty once in 22,000."""

LEAST_DAYS = 10
"""With records on fewer days than this, nothing tells whether the first and last months are complete."""


@dataclass(frozen=True, kw_only=True)
class LogMonths:
    """The months of a log.

    Attributes:
        months: Month starts that the log covers in full, sorted, gaps possible.
        findings: Which months are not used, and why.
    """

    months: pd.DatetimeIndex
    findings: tuple[Finding, ...]


def months_of_days(file: str, what: str, days: list[pd.Timestamp]) -> LogMonths:
    """Find the complete months of a log that tells the day of each record.

    A month at the edge of the log is complete when the silence between it and the log's first (or last) record is no
    longer than the longest silence inside the log; so a log kept on working days only, or closed at Christmas, is
    measured by its own habits. A month without records, or with next to none, is missing where many are usual; the
    months beside it are edges too.

    Args:
        file: The file's name.
        what: What the log holds, for the findings, for example `fly-tipping reports`.
        days: Day of each record, in any order; at least one.

    Returns:
        The complete months and what was found.
    """
    present = pd.DatetimeIndex(days).normalize().unique().sort_values()
    totals = totals_by_month(month_starts(days))
    known = months_of_totals(file, what, totals)
    if len(present) < LEAST_DAYS:
        message = (
            f"Records of {what} stand on {len(present)} days only: too few to tell whether its first and last months "
            "are complete. They are taken as complete."
        )
        return LogMonths(months=known.months, findings=(*known.findings, _finding(file, FindingKind.CAVEAT, message)))
    edges, longest = _silences(present, known.months)
    partial = {month: silent for month, silent in edges.items() if silent > longest}
    findings = [
        _finding(
            file,
            FindingKind.MENDED,
            f"{month:%Y-%m} is not complete: {silent} days at its edge have no record of {what}, and nowhere else does "
            f"it fall silent for more than {longest}. The month's {totals[month]:,} records were not used.",
            month,
        )
        for month, silent in partial.items()
    ]
    kept = known.months[~known.months.isin(list(partial))]
    return LogMonths(months=kept, findings=(*known.findings, *findings))


def months_of_totals(file: str, what: str, totals: pd.Series[int], *, stated: bool = False) -> LogMonths:
    """Find the months of a log that are not missing or left over, by their totals alone.

    Args:
        file: The file's name.
        what: What the log holds.
        totals: Records by month start, sorted.
        stated: Whether the file itself gives each total, so that its zeros are meant.

    Returns:
        The months and what was found.
    """
    values: NDArray[np.int64] = np.asarray(totals, dtype=np.int64)
    months = pd.DatetimeIndex(totals.index)
    keep = np.ones(len(totals), dtype=np.bool_)
    findings: list[Finding] = []
    for position, (month, total) in enumerate(zip(months, values, strict=True)):
        usual = usual_total(values, position)
        if total == 0 and not stated and usual >= LEAST_USUAL:
            said = "It is taken as missing, not as zero."
        elif usual >= LEAST_NEIGHBOURS and total < LEAST_SHARE * usual:
            said = "It is left over or unfinished and was not used."
        else:
            continue
        keep[position] = False
        message = f"{month:%Y-%m} holds {total:,} records of {what} where about {usual:,.0f} are usual. {said}"
        findings.append(_finding(file, FindingKind.MISSING, message, month))
    return LogMonths(months=months[keep], findings=tuple(findings))


def totals_by_month(months: list[pd.Timestamp]) -> pd.Series[int]:
    """Count records by month, months without any between the first and the last included.

    Args:
        months: Month start of each record; at least one.

    Returns:
        Records by month start, sorted.
    """
    counted = pd.Series(1, index=pd.DatetimeIndex(months)).groupby(level=0).sum()
    span = pd.date_range(counted.index.min(), counted.index.max(), freq="MS")
    return counted.reindex(span, fill_value=0)


def _silences(present: pd.DatetimeIndex, months: pd.DatetimeIndex) -> tuple[dict[pd.Timestamp, int], int]:
    """Return the silent days at both edges of each unbroken run of months, and the longest silence inside a run."""
    edges: dict[pd.Timestamp, int] = {}
    longest = 0
    clock = np.asarray(12 * months.year + months.month)
    for run in np.split(np.arange(len(months)), np.flatnonzero(np.diff(clock) > 1) + 1):
        if not len(run):
            continue
        first, last = months[run[0]], months[run[-1]]
        end = last + pd.offsets.MonthEnd(0)
        inside = present[(present >= first) & (present <= end)]
        longest = max([longest, *(int(gap) - 1 for gap in np.diff(inside).astype("timedelta64[D]").astype(int))])
        # A run of one month has two edges: the longer silence counts.
        for month, silent in ((first, (inside[0] - first).days), (last, (end - inside[-1]).days)):
            edges[month] = max(edges.get(month, 0), silent)
    return edges, longest


def _finding(file: str, kind: FindingKind, message: str, month: pd.Timestamp | None = None) -> Finding:
    named = None if month is None else f"{month:%Y-%m}"
    return Finding(kind=kind, file=file, message=message, first_month=named, last_month=named)
