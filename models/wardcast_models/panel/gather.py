"""Every file of a folder recognised, read or left aside; all broken files told at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import Path

from wardcast_models.errors import ErrorKind, Problem, WardcastError, invalid_input
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.mapping import (
    MAPPING_KEY,
    NamedMapping,
    holds_mappings,
    is_mapping_file,
    misspelt_key,
    read_mappings,
)
from wardcast_models.panel.parts import KnownUnused, Part
from wardcast_models.panel.readers import READERS
from wardcast_models.panel.readers.nearest import nearly_fits
from wardcast_models.panel.readers.reader import Reader
from wardcast_models.panel.release_days import (
    ToldDay,
    dated,
    holds_release_days,
    is_release_days,
    read_release_days,
)
from wardcast_models.panel.sources.limits import USUAL, Limits
from wardcast_models.panel.sources.opening import open_sources
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.spelling import spelling_of
from wardcast_models.panel.text.text_findings import about_the_text
from wardcast_models.progress import Progress

NEEDED = "MPS ward releases as CSV (MajorText or Group, MinorText or SubGroup, WardCode and month columns)"
"""What a folder must hold at least."""


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What a folder holds.

    Attributes:
        parts: What was read from each recognised file.
        findings: What was read and what was left aside, in file order.
        left_aside: Each unrecognised file: name, what it seems to be, how to mend it.
    """

    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]
    left_aside: tuple[tuple[str, str, str], ...]


def gather(data_dir: Path, progress: Progress, *, limits: Limits = USUAL, read_on: date | None = None) -> Gathered:
    """Read every file below a folder, or one file.

    Args:
        data_dir: A folder, searched recursively, or a single file.
        progress: Told about each file; fractions from 0 to 1.
        limits: How much of each file is opened.
        read_on: Day of the reading, after whose month nothing can have been counted; None is today.

    Returns:
        What the files gave.

    Raises:
        WardcastError: The folder does not exist or is empty, or recognised files are broken (all of them are told).
    """
    reading = _Reading()
    paths = [path for path in data_files(data_dir) if not reading.takes_guidance(path)]
    sizes = [path.stat().st_size for path in paths]
    done = 0
    for path, size in zip(paths, sizes, strict=True):
        progress(done / max(sum(sizes), 1), f"reading {path.name}")
        done += size
        try:
            for source in open_sources(path, limits=limits):
                reading.take(source if read_on is None else replace(source, read_on=read_on))
        except WardcastError as error:
            reading.broken.append(error)
    return reading.gathered()


@dataclass(kw_only=True)
class _Reading:
    """What the files gave so far."""

    parts: list[Part] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_aside: list[tuple[str, str, str]] = field(default_factory=list)
    broken: list[WardcastError] = field(default_factory=list)
    mappings: list[NamedMapping] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    days: dict[str, ToldDay] = field(default_factory=dict)

    def takes_guidance(self, path: Path) -> bool:
        """Read a file that tells how to read others (mappings, days of publication); False where it is another."""
        try:
            if is_mapping_file(path):
                self.mappings.extend(read_mappings(path))
            elif is_release_days(path):
                self.days = read_release_days(path, self.days)
            else:
                return False
        except WardcastError as error:
            self.broken.append(error)
        return True

    def take(self, source: SourceFile) -> None:
        """Read one source, or leave it aside; what is broken in it is kept, so that the next can be read."""
        try:
            table, reader = self._recognised(source)
            read = None if reader is None else reader.read(table)
        except WardcastError as error:
            self.broken.append(error)
            return
        if read is None:
            what, mend = source.seems_to_be()
            self.left_aside.append((source.name, what, mend))
            self.findings.append(_unread(source, what))
            return
        about = [*about_the_text(source), *_about_the_header(table), *table.findings]
        for undated in read if isinstance(read, list) else [read]:
            part = dated(undated, source, self.days)
            if isinstance(part, KnownUnused):
                self.findings.append(_left(part.file, f"This is {part.what}; it plays no part: {part.why}."))
            else:
                self.parts.append(part)
                self.findings.extend([*part.findings, *about])
                about = []

    def _recognised(self, source: SourceFile) -> tuple[SourceFile, Reader | None]:
        """Return a source as it is to be read, and its reader: by a mapping, its header, or a header further down.

        Last by a header that only spells a documented one another way.
        """
        for candidate in chain([source], source.lower_headers()):
            for mapping in self.mappings:
                if mapping.fits(candidate):
                    self.used.add(mapping.where)
                    return mapping.rewritten(candidate), mapping.reader
            for reader in READERS:
                if reader.recognises(candidate):
                    return candidate, reader
        for candidate in chain([source], source.lower_headers()):
            spelling = spelling_of(candidate)
            if spelling is not None:
                return spelling.rewritten(candidate), spelling.reader
        return source, None

    def gathered(self) -> Gathered:
        """Return what the files gave, or refuse them where one is broken."""
        if self.broken:
            raise _all_told(self.broken)
        unused = [_unused(mapping) for mapping in self.mappings if mapping.where not in self.used]
        return Gathered(parts=tuple(self.parts), findings=(*self.findings, *unused), left_aside=tuple(self.left_aside))


def _all_told(broken: list[WardcastError]) -> WardcastError:
    files = "1 file is" if len(broken) == 1 else f"{len(broken)} files are"
    details = " ".join(error.message for error in broken)
    return WardcastError(
        ErrorKind.INVALID_INPUT,
        f"{files} broken, so nothing was read. {details}",
        [problem for error in broken for problem in error.problems],
    )


def _unused(mapping: NamedMapping) -> Finding:
    columns = ", ".join(mapping.mapping.match)
    message = f"No file has the columns of {mapping.where} ({columns}), so that mapping plays no part."
    return Finding(kind=FindingKind.LEFT_ASIDE, file=mapping.file, message=message)


def _about_the_header(table: SourceFile) -> list[Finding]:
    if table.header_line == 1:
        return []
    message = f"The table begins in row {table.header_line}; the rows above it are passed over."
    return [Finding(kind=FindingKind.MENDED, file=table.name, message=message)]


def data_files(data_dir: Path) -> list[Path]:
    """Return the files that are read from a folder, whether they are read here or sent to a service.

    Files and folders whose name starts with a dot are passed over; links are followed.

    Args:
        data_dir: A folder, searched recursively, or a single file.

    Returns:
        The files, by name.

    Raises:
        WardcastError: The folder does not exist or is empty.
    """
    if data_dir.is_file():
        return [data_dir]
    if not data_dir.is_dir():
        raise invalid_input(
            f"{data_dir.name} does not exist.",
            Problem(where=str(data_dir), expected="a folder of data files", found="nothing", mend="Check the path."),
        )
    paths = [path for path in _below(data_dir, set()) if path.is_file()]
    if not paths:
        raise invalid_input(
            f"The folder {data_dir.name} is empty.",
            Problem(where=str(data_dir), expected=NEEDED, found="no file", mend="Put the files in the folder."),
        )
    return sorted(paths, key=lambda path: (path.name, str(path)))


def _below(folder: Path, entered: set[Path]) -> Iterator[Path]:
    """Return everything below a folder, each folder once however often links lead to it."""
    real = folder.resolve()
    if real in entered:
        return
    entered.add(real)
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _below(path, entered)
        else:
            yield path


def _unread(source: SourceFile, what: str) -> Finding:
    """Say what became of an unrecognised file, loudly where counts seem to be lost with it."""
    if not source.content:
        message = "It is empty, so nothing was read from it: fetch or save it again."
        return Finding(kind=FindingKind.MISSING, file=source.name, message=message)
    guidance = _guidance(source)
    if guidance is not None:
        message = (
            f"It holds {guidance}, which are read only from a file of the folder itself: take it out of the archive "
            "and put it beside the other files."
        )
        return Finding(kind=FindingKind.MISSING, file=source.name, message=message)
    if (key := misspelt_key(source.content)) is not None:
        message = f"It seems to hold column mappings, but under `{key}` and not under `{MAPPING_KEY}`: correct the key."
        return Finding(kind=FindingKind.MISSING, file=source.name, message=message)
    if source.looks_like_release():
        message = (
            f"It looks like an MPS ward release but is {what}, so its counts play no part: save it as CSV (comma, "
            "UTF-8) and read the folder again."
        )
        return Finding(kind=FindingKind.MISSING, file=source.name, message=message)
    if source.is_web_page:
        message = f"It is {what}, so nothing was read from it: download the file again."
        return Finding(kind=FindingKind.MISSING, file=source.name, message=message)
    near = next(filter(None, map(nearly_fits, chain([source], source.lower_headers()))), None)
    kind = FindingKind.LEFT_ASIDE if near is None else FindingKind.MISSING
    message = f"It seems to be {what}; it plays no part. {near or ''}".rstrip()
    return Finding(kind=kind, file=source.name, message=message)


def _guidance(source: SourceFile) -> str | None:
    """Return what a source would tell about other files, where it is such a file in an archive."""
    if holds_mappings(source.content):
        return "column mappings"
    return "days of publication" if holds_release_days(source.content) else None


def _left(file: str, message: str) -> Finding:
    return Finding(kind=FindingKind.LEFT_ASIDE, file=file, message=message)
