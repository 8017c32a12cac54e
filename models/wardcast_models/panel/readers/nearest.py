"""The layout that an unrecognised table nearly fits: a column forgotten or misnamed must not lose a file unnoticed."""

from __future__ import annotations

from wardcast_models.panel.readers import LAYOUTS
from wardcast_models.panel.readers.reader import HasColumns
from wardcast_models.panel.sources.source import SourceFile

_MOST_MISSING = 2


def nearly_fits(source: SourceFile) -> str | None:
    """Say which documented layout a table nearly fits and which of its columns are missing.

    It nearly fits where one or two columns are missing and more than those are there.

    Args:
        source: A file that no reader recognises.

    Returns:
        A sentence or two, or None where it comes near no layout.
    """
    near = []
    for reader in LAYOUTS.values():
        if isinstance(reader.recognises, HasColumns):
            missing = reader.recognises.missing(source.columns)
            present = len(reader.recognises.names) - len(missing)
            if len(missing) <= _MOST_MISSING and len(missing) < present:
                near.append((len(missing), -present, reader.what, missing))
    if not near:
        return None
    lacking, present, _, _ = min(near)
    layouts = [
        f"{what} (missing: {', '.join(missing)})"
        for number, there, what, missing in sorted(near)
        if (number, there) == (lacking, present)
    ]
    columns = "the missing column" if lacking == 1 else "the missing columns"
    return f"It nearly fits {' or '.join(layouts)}. Add or rename {columns} and read the folder again."
