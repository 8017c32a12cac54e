"""A file of days of publication, for releases that do not tell their own: whoever downloads them may know it."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

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


@dataclass(frozen=True, kw_only=True)
class ToldDay:
    """A day of publication, as a list tells it.

    Attributes:
        day: The day.
        file: Name of the release it is told of, without folders; "" where the list names none.
        told_by: The list, and the row in it.
    """

    day: pd.Timestamp
    file: str
    told_by: str


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


def read_release_days(path: Path, earlier: Mapping[str, ToldDay]) -> dict[str, ToldDay]:
    """Read days of publication.

    Args:
        path: A file with the columns `COLUMNS`.
        earlier: What other lists tell, by SHA-256.

    Returns:
        What all of them tell, by SHA-256 of a file's bytes; of two days told of the same bytes the earlier, on which
        they had come out.

    Raises:
        WardcastError: A row holds no checksum or no day.
    """
    days = dict(earlier)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.DictReader(file)
        for row in rows:
            checksum, day, named = ((row[column] or "").strip() for column in COLUMNS)
            if not (checksum or day or named):
                continue  # the commas that spreadsheets leave of an empty line
            checksum, line = checksum.lower(), rows.line_num
            published = pd.to_datetime(day, format="%Y-%m-%d", errors="coerce") if _DAY.fullmatch(day) else pd.NaT
            if not _SHA256.fullmatch(checksum) or pd.isna(published):
                problem = Problem(
                    where=f"{path.name}, row {line}",
                    expected="a SHA-256 of 64 letters and digits, and a day such as 2025-04-16",
                    found=f"{checksum[:12]!r} and {day[:12]!r}",
                    mend="Correct the row or delete it.",
                )
                raise invalid_input(f"{path.name} tells no day of publication in row {line}.", problem)
            name = PurePosixPath(named.replace("\\", "/")).name
            if checksum not in days or published < days[checksum].day:
                days[checksum] = ToldDay(day=published, file=name, told_by=f"{path.name}, row {line}")
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


def dated(part: Part, source: SourceFile, days: Mapping[str, ToldDay]) -> Part:
    """Return a release with its day of publication, where its own file does not tell it and a list does.

    A day before the release's own newest month is not believed, whoever tells it.

    Args:
        part: What was read.
        source: What it was read from.
        days: As `read_release_days` gives them.

    Returns:
        The part; where nothing tells the day of a release, with the day of the reading, by which it had come out.
    """
    if not isinstance(part, WardRelease | BoroughRelease):
        return part
    if part.published is not None and part.published >= part.months[-1]:
        return part
    findings = list(part.findings)
    if part.published is not None:
        findings.append(_too_early(part, part.published))
    checksum = hashlib.sha256(source.content).hexdigest() if days else ""
    told = days.get(checksum)
    if told is not None and told.day >= part.months[-1]:
        message = f"Published on {told.day:%Y-%m-%d}, as the list of days of publication in the folder tells."
        findings.append(Finding(kind=FindingKind.READ, file=part.file, message=message))
        return replace(part, published=told.day, findings=tuple(findings))
    if told is not None:
        findings.append(_too_early(part, told.day, f", by {told.told_by},"))
    elif of_same_name := [each for each in days.values() if each.file == PurePosixPath(part.file).name]:
        findings.append(_other_bytes(part, checksum, of_same_name[0]))
    return replace(part, published=None, read_on=pd.Timestamp(source.read_on), findings=tuple(findings))


def _too_early(release: WardRelease | BoroughRelease, day: pd.Timestamp, told_by: str = ",") -> Finding:
    message = (
        f"Its day of publication, {day:%Y-%m-%d}{told_by} is before its newest month, {release.months[-1]:%Y-%m}, and "
        "cannot be right: it is taken as a release that tells no day."
    )
    return Finding(kind=FindingKind.CAVEAT, file=release.file, message=message)


def _other_bytes(release: WardRelease | BoroughRelease, checksum: str, told: ToldDay) -> Finding:
    message = (
        f"The day that {told.told_by} tells is of a file of this name with another content, and was not used. If it is "
        f"this file's, write its checksum there: {checksum}."
    )
    return Finding(kind=FindingKind.CAVEAT, file=release.file, message=message)
