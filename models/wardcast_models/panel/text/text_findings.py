"""What is odd about a recognised file's encoding, separators and ending, in words."""

from __future__ import annotations

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.sources.source import SEPARATORS, SourceFile


def about_the_text(source: SourceFile) -> list[Finding]:
    """Say what was odd about a recognised file's encoding and ending.

    Args:
        source: The file as found.

    Returns:
        The findings; none for a UTF-8 file with commas that ends with a line break.
    """
    found = []
    if source.encoding.startswith("utf-16"):
        message = "The file is UTF-16 text, as spreadsheets save it; it was read as such."
        found.append(Finding(kind=FindingKind.MENDED, file=source.name, message=message))
    elif source.encoding != "utf-8-sig":
        message = "The file is not UTF-8; it was read as Windows text (cp1252), so accents in names may be wrong."
        found.append(Finding(kind=FindingKind.MENDED, file=source.name, message=message))
    if source.header and source.separator != ",":
        message = f"Its fields are separated by {SEPARATORS[source.separator]}, not commas; it was read as such."
        found.append(Finding(kind=FindingKind.MENDED, file=source.name, message=message))
    if source.header and not source.ends_with_line_break:
        message = (
            "The file does not end with a line break. Its last row is complete, but if the file was cut the last "
            "number may be short."
        )
        found.append(Finding(kind=FindingKind.CAVEAT, file=source.name, message=message))
    return found
