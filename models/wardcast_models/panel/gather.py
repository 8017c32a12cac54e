"""Every file of a folder recognised, read or left aside; all broken files told at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wardcast_models.errors import ErrorKind, Problem, WardcastError, invalid_input
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import KnownUnused, Part
from wardcast_models.panel.readers import READERS
from wardcast_models.panel.source import SourceFile, open_source
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


def gather(data_dir: Path, progress: Progress) -> Gathered:
    """Read every file below a folder, or one file.

    Args:
        data_dir: A folder, searched recursively, or a single file.
        progress: Told about each file; fractions from 0 to 1.

    Returns:
        What the files gave.

    Raises:
        WardcastError: The folder does not exist or is empty, or recognised files are broken (all of them are told).
    """
    paths = data_files(data_dir)
    parts: list[Part] = []
    findings: list[Finding] = []
    left_aside: list[tuple[str, str, str]] = []
    broken: list[WardcastError] = []
    sizes = [path.stat().st_size for path in paths]
    done = 0
    for path, size in zip(paths, sizes, strict=True):
        progress(done / max(sum(sizes), 1), f"reading {path.name}")
        done += size
        try:
            source = open_source(path)
            part = _read(source)
        except WardcastError as error:
            broken.append(error)
            continue
        if part is None:
            what, mend = source.seems_to_be()
            left_aside.append((source.name, what, mend))
            findings.append(_unread(source, what))
        elif isinstance(part, KnownUnused):
            findings.append(_left(part.file, f"This is {part.what}; it plays no part: {part.why}."))
        else:
            parts.append(part)
            findings.extend(part.findings)
            findings.extend(_about_the_text(source))
    if broken:
        files = "1 file is" if len(broken) == 1 else f"{len(broken)} files are"
        details = " ".join(error.message for error in broken)
        raise WardcastError(
            ErrorKind.INVALID_INPUT,
            f"{files} broken, so nothing was read. {details}",
            [problem for error in broken for problem in error.problems],
        )
    return Gathered(parts=tuple(parts), findings=tuple(findings), left_aside=tuple(left_aside))


def data_files(data_dir: Path) -> list[Path]:
    """Return the files that are read from a folder, whether they are read here or sent to a service.

    Files and folders whose name starts with a dot are passed over.

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
    paths = [
        path
        for path in data_dir.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(data_dir).parts)
    ]
    if not paths:
        raise invalid_input(
            f"The folder {data_dir.name} is empty.",
            Problem(where=str(data_dir), expected=NEEDED, found="no file", mend="Put the files in the folder."),
        )
    return sorted(paths, key=lambda path: (path.name, str(path)))


def _read(source: SourceFile) -> Part | None:
    for reader in READERS:
        if reader.recognises(source):
            return reader.read(source)
    return None


def _about_the_text(source: SourceFile) -> list[Finding]:
    """Say what was odd about a recognised file's encoding and ending."""
    found = []
    if source.encoding == "utf-16":
        message = "The file is UTF-16 text, as spreadsheets save it; it was read as such."
        found.append(Finding(kind=FindingKind.MENDED, file=source.name, message=message))
    elif source.encoding != "utf-8-sig":
        message = "The file is not UTF-8; it was read as Windows text (cp1252), so accents in names may be wrong."
        found.append(Finding(kind=FindingKind.MENDED, file=source.name, message=message))
    if source.header and source.separator != ",":
        mark = "semicolons" if source.separator == ";" else "tabs"
        message = f"Its fields are separated by {mark}, not commas; it was read as such."
        found.append(Finding(kind=FindingKind.MENDED, file=source.name, message=message))
    if source.header and not source.text.endswith(("\n", "\r")):
        message = (
            "The file does not end with a line break. Its last row is complete, but if the file was cut the last "
            "number may be short."
        )
        found.append(Finding(kind=FindingKind.CAVEAT, file=source.name, message=message))
    return found


def _unread(source: SourceFile, what: str) -> Finding:
    """Say what became of an unrecognised file, loudly where counts seem to be lost with it."""
    if not source.content:
        message = "It is empty, so nothing was read from it: fetch or save it again."
        return Finding(kind=FindingKind.MISSING, file=source.name, message=message)
    if source.looks_like_release():
        message = (
            f"It looks like an MPS ward release but is {what}, so its counts play no part: save it as CSV (comma, "
            "UTF-8) and read the folder again."
        )
        return Finding(kind=FindingKind.MISSING, file=source.name, message=message)
    return _left(source.name, f"It seems to be {what}; it plays no part.")


def _left(file: str, message: str) -> Finding:
    return Finding(kind=FindingKind.LEFT_ASIDE, file=file, message=message)
