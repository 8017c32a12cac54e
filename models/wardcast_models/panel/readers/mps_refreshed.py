"""The day on which MPS refreshed a release, from the column that newer releases carry."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.text.written_months import MONTH_NAMES

_ISO = re.compile(r"(?P<year>20[0-9]{2})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})(?:[T ].*)?")
_STROKES = re.compile(r"(?P<day>[0-9]{1,2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<year>20[0-9]{2})(?: .*)?")
_NAMED = re.compile(r"(?P<day>[0-9]{1,2})[ -](?P<name>[A-Za-z]{3,9})[ -](?P<year>20[0-9]{2})(?: .*)?")


def refreshed_day(file: str, cells: Sequence[str]) -> tuple[pd.Timestamp | None, tuple[Finding, ...]]:
    """Return the newest day that a column of days of refreshing holds.

    Args:
        file: The file's name.
        cells: The column as written: `2025-04-03`, `03/04/2025` (day first, as MPS writes), `3 April 2025`, a time of
            day allowed; an empty cell tells nothing.

    Returns:
        The day, None where no cell tells one, and findings on cells that differ or cannot be read. The day only orders
        releases, so an odd cell is told and not refused.
    """
    written = {text for text in (cell.strip() for cell in set(cells)) if text}
    days = {text: written_day(text) for text in written}
    known = sorted({day for day in days.values() if day is not None})
    findings = []
    if odd := sorted(text for text, day in days.items() if day is None):
        message = f"The day of refreshing is written as {odd[0]!r}, which is no day: such cells are passed over."
        findings.append(Finding(kind=FindingKind.CAVEAT, file=file, message=message))
    if len(known) > 1:
        message = (
            f"Its rows were refreshed on {len(known)} days, {known[0]:%Y-%m-%d} to {known[-1]:%Y-%m-%d}; the release "
            "is taken as published on the newest."
        )
        findings.append(Finding(kind=FindingKind.CAVEAT, file=file, message=message))
    return (known[-1] if known else None), tuple(findings)


def written_day(text: str) -> pd.Timestamp | None:
    """Return a day as written, None where it is none.

    Args:
        text: As for `refreshed_day`.
    """
    match = _ISO.fullmatch(text) or _STROKES.fullmatch(text) or _NAMED.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    try:
        month = int(parts["month"]) if "month" in parts else MONTH_NAMES.index(parts["name"].lower()[:3]) + 1
        day = int(parts["day"])
        if month > 12:  # the month stands first, as American spreadsheets write it
            month, day = day, month
        return pd.Timestamp(year=int(parts["year"]), month=month, day=day)
    except ValueError:
        return None
