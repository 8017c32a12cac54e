"""A file of days of publication, for releases that do not tell their own: whoever downloads them may know it."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import BoroughRelease, Part, WardRelease
from wardcast_models.panel.sources.source import SourceFile

COLUMNS = ("sha256", "published", "file")
"""Columns of such a file, by which it is recognised: SHA-256 of a release's bytes, its day of publication
(`YYYY-MM-DD`), and its path, which is for people only."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"20\d{2}-\d{2}-\d{2}")
_HEADER = ",".join(COLUMNS).encode()
_HEAD_BYTES = len(_HEADER) + 5


def is_release_days(path: Path) -> bool:
    """Tell whether a file is one of days of publication."""
    try:
        with path.open("rb") as file:
            return holds_release_days(file.read(_HEAD_BYTES))
    except OSError:
        return False


def holds_release_days(content: bytes) -> bool:
    """Tell whether bytes are those of a file of days of publication."""
    header, _, _ = content[:_HEAD_BYTES].partition(b"\n")
    return header.removeprefix(b"\xef\xbb\xbf").strip() == _HEADER


def read_release_days(path: Path) -> dict[str, pd.Timestamp]:
    """Read days of publication.

    Args:
        path: A file with the columns `COLUMNS`.

    Returns:
        Day by SHA-256 of a file's bytes.

    Raises:
        WardcastError: A row holds no checksum or no day.
    """
    days: dict[str, pd.Timestamp] = {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            checksum, day = (row["sha256"] or "").strip().lower(), (row["published"] or "").strip()
            published = pd.to_datetime(day, format="%Y-%m-%d", errors="coerce") if _DAY.fullmatch(day) else pd.NaT
            if not _SHA256.fullmatch(checksum) or pd.isna(published):
                problem = Problem(
                    where=f"{path.name}, row {line}",
                    expected="a SHA-256 of 64 letters and digits, and a day such as 2025-04-16",
                    found=f"{checksum[:12]!r} and {day[:12]!r}",
                    mend="Correct the row or delete it.",
                )
                raise invalid_input(f"{path.name} tells no day of publication in row {line}.", problem)
            days[checksum] = published
    return days


def write_release_days(path: Path, days: Iterable[tuple[str, str, str]]) -> None:
    """Write days of publication.

    Args:
        path: The file.
        days: SHA-256, day (`YYYY-MM-DD`) and path of each release.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([COLUMNS, *days])


def dated(part: Part, source: SourceFile, days: Mapping[str, pd.Timestamp]) -> Part:
    """Return a release with its day of publication, where its own file does not tell it and another does.

    Args:
        part: What was read.
        source: What it was read from.
        days: As `read_release_days` gives them.

    Returns:
        The part; the same where nothing tells its day.
    """
    if not days or not isinstance(part, WardRelease | BoroughRelease) or part.published is not None:
        return part
    day = days.get(hashlib.sha256(source.content).hexdigest())
    if day is None:
        return part
    message = f"Published on {day:%Y-%m-%d}, as the list of days of publication in the folder tells."
    finding = Finding(kind=FindingKind.READ, file=part.file, message=message)
    return replace(part, published=day, findings=(*part.findings, finding))
