"""Zip archives and gzip files, unpacked in memory piece by piece and never onto the disk."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from wardcast_models.panel.sources.limits import Limits
from wardcast_models.panel.sources.refusals import damage_told, holds_too_much, not_trusted

GZIP_MARK = b"\x1f\x8b"
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
"""First bytes of an archive with members, and of an empty one."""

_PIECE_BYTES = 1 << 20
_ENCRYPTED = 0x1
_NAME_CHARACTERS = 200
_BESIDE_THE_FILES = "__MACOSX"
"""Folder in which one system keeps its own notes on an archive's files."""


def unpacked_gzip(packed: bytes, *, name: str, limits: Limits) -> bytes:
    """Return what a gzip file holds.

    Args:
        packed: The file.
        name: Its name.
        limits: Most bytes that it may hold.

    Returns:
        The bytes.

    Raises:
        WardcastError: The stream is cut or damaged, or holds too much.
    """
    with damage_told(name, "gzip file"), gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
        content = read_at_most(stream, limits.source_bytes)
    if content is None:
        raise holds_too_much(name, f"a gzip file that holds at most {limits.source_bytes:,} bytes")
    return content


def read_at_most(stream: IO[bytes] | gzip.GzipFile, most_bytes: int) -> bytes | None:
    """Read a stream to its end, piece by piece, since a few kilobytes can hold more than the machine's memory.

    Args:
        stream: An open stream.
        most_bytes: Most bytes that it may hold.

    Returns:
        The bytes, or None where there are more.
    """
    content = bytearray()
    while piece := stream.read(min(_PIECE_BYTES, most_bytes + 1)):
        content += piece
        if len(content) > most_bytes:
            return None
    return bytes(content)


def members_of(path: Path, *, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Read the files in an archive one after the other.

    Names that start with a dot are passed over, as in a folder.

    Args:
        path: The archive.
        limits: How many members and bytes it may hold.

    Yields:
        Each member's name, with the archive's before it, and its bytes.

    Raises:
        WardcastError: The archive is damaged or encrypted or holds too much, a member's name leads out of the archive
            or stands twice, or a member is a link.
    """
    name = path.name
    if path.stat().st_size > limits.packed_bytes:
        raise holds_too_much(name, f"an archive of at most {limits.packed_bytes:,} bytes")
    with damage_told(name, "zip archive or workbook"):
        archive = zipfile.ZipFile(path)
    with archive:
        members = checked_members(archive, name=name, limits=limits)
        left = limits.archive_bytes
        for member in members:
            if not _passed_over(member.filename):
                content = member_bytes(archive, member, name=name, limits=limits)
                left -= len(content)
                if left < 0:
                    raise holds_too_much(name, f"an archive that holds at most {limits.archive_bytes:,} bytes")
                yield f"{name}: {shown(member.filename)}", content


def checked_members(archive: zipfile.ZipFile, *, name: str, limits: Limits) -> list[zipfile.ZipInfo]:
    """Return an archive's files, having refused an archive that nobody honest would publish.

    Nothing is ever unpacked onto the disk and no link is followed, so such names could do no harm; but an archive with
    them was tampered with, and its counts are not to be believed.

    Args:
        archive: The open archive.
        name: Its name.
        limits: How many members it may have.

    Returns:
        The files, without folders, in the order of their names.

    Raises:
        WardcastError: There are too many members, a name leads out of the archive or stands twice, or a member is a
            link or encrypted.
    """
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > limits.members:
        raise holds_too_much(name, f"an archive of at most {limits.members:,} files", f"{len(members):,} files")
    seen: set[str] = set()
    for member in members:
        found = _what_is_wrong(member, seen)
        if found is not None:
            expected = "an archive of plain files, each once, below its own folder and without a password"
            mend = "Fetch the archive again from its source, or put the files into the folder yourself."
            raise not_trusted(name, expected, f"{shown(member.filename)!r}, {found}", mend)
        seen.add(member.filename)
    return sorted(members, key=lambda member: member.filename)


def _what_is_wrong(member: zipfile.ZipInfo, seen: set[str]) -> str | None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in member.filename.partition("/")[0]:
        return "a name that leads out of the archive"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "a link to another file"
    if member.flag_bits & _ENCRYPTED:
        return "which is encrypted"
    return "a name that stands twice" if member.filename in seen else None


def _passed_over(filename: str) -> bool:
    parts = PurePosixPath(filename).parts
    return parts[:1] == (_BESIDE_THE_FILES,) or any(part.startswith(".") for part in parts)


def member_bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, name: str, limits: Limits) -> bytes:
    """Read one file of an archive; its checksum is compared on the way.

    Args:
        archive: The open archive.
        member: The file in it.
        name: The archive's name.
        limits: Most bytes of one source.

    Returns:
        The bytes.

    Raises:
        WardcastError: The member is damaged or holds too much.
    """
    full_name = f"{name}: {shown(member.filename)}"
    with damage_told(full_name, "member of an archive"), archive.open(member) as stream:
        content = read_at_most(stream, limits.source_bytes)
    if content is None:
        raise holds_too_much(full_name, f"at most {limits.source_bytes:,} bytes, unpacked")
    return content


def shown(name: str) -> str:
    """Return a name from inside a file as it may be shown: printable, and not endless.

    Args:
        name: The name as found.

    Returns:
        The name to show.
    """
    printable = "".join(character if character.isprintable() else "?" for character in name)
    return printable if len(printable) <= _NAME_CHARACTERS else f"{printable[:_NAME_CHARACTERS]}..."
