"""Events that a user marks, so that no trend is drawn through them."""

from __future__ import annotations

import pandas as pd

from wardcast_models.panel.parts import MarkedEvents
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.table import Table, read_table
from wardcast_models.reference.events import event_spans
from wardcast_models.reference.taxonomy import taxonomy


def read_events(source: SourceFile) -> MarkedEvents:
    """Read marked events.

    Args:
        source: A file with `event, first_month, last_month`, and where known `category, label, source`. An empty
            `last_month` marks a step that stays, an empty `category` an event of all categories. An event may have
            several rows.

    Returns:
        The events, months as month starts.

    Raises:
        WardcastError: A cell is wrong, a category unknown, an event ends before it starts, stands twice or bears the
            name of a packaged one.
    """
    table = read_table(source)
    events = table.names_of_things("event")
    frame = pd.DataFrame(
        {
            "event": events,
            "first_month": table.months("first_month"),
            "last_month": pd.Series(table.months_if_any("last_month"), dtype="datetime64[us]"),
            "category": _categories(table),
            "label": [label or event for label, event in zip(_optional(table, "label"), events, strict=True)],
            "source": [cell or "supplied" for cell in _optional(table, "source")],
        }
    )
    packaged = {span.event for span in event_spans()}
    for position in frame.index[frame["event"].isin(packaged)]:
        table.problems.add(
            row=table.lines[position],
            column=table.names["event"],
            expected="a name of its own",
            found=f"{frame.loc[position, 'event']}, which is marked already",
            mend="Choose another name, or remove the row.",
        )
    for position in frame.index[frame["last_month"] < frame["first_month"]]:
        table.problems.add(
            row=table.lines[position],
            column=table.names["last_month"],
            expected="a month not before first_month, or nothing for a step that stays",
            found=f"{frame.loc[position, 'last_month']:%Y-%m}",
            mend="Correct the months of the event.",
        )
    table.refuse_repeats(frame, ["event", "first_month", "category"])
    table.problems.raise_if_any()
    message = f"{frame['event'].nunique()} events marked beside the packaged ones."
    return MarkedEvents(
        file=source.name, frame=frame, findings=(table.read_finding(message, list(frame["first_month"])),)
    )


def _optional(table: Table, column: str) -> list[str]:
    """Return a column that may be absent, as text."""
    return table.text(column) if column in table.columns else [""] * len(table)


def _categories(table: Table) -> list[str]:
    """Return the category of each row, "" for all."""

    def parse(cell: str) -> str:
        if cell and cell not in taxonomy():
            raise ValueError(cell)
        return cell

    if "category" not in table.columns:
        return [""] * len(table)
    return table.convert(
        "category", parse, expected="a category such as burglary_residential, or nothing for all", default=""
    )


READER = Reader(what="marked events", recognises=has_columns("event", "first_month", "last_month"), read=read_events)
