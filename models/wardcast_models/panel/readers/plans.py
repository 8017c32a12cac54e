"""What a user brings: the housing pipeline, ward groups and baseline hours."""

from __future__ import annotations

import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import BaselineHours, Pipeline, WardGroups
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.source import SourceFile
from wardcast_models.panel.table import read_table

_PIPELINE_COLUMNS = (
    "scheme",
    "ward_code",
    "homes",
    "first_completion",
    "last_completion",
    "probability",
    "persons_per_home",
    "source",
)

USUAL_SHIFTS = ("day", "late", "night")
"""Shifts of a request that names none."""


def read_pipeline(source: SourceFile) -> Pipeline:
    """Read a housing pipeline.

    Args:
        source: A file with `scheme, ward_code, homes, first_completion, last_completion, probability,
            persons_per_home, source`.

    Returns:
        The schemes, completions as month starts.

    Raises:
        WardcastError: A cell is wrong, a ward unknown, or a scheme ends before it starts or stands twice.
    """
    table = read_table(source, *_PIPELINE_COLUMNS)
    frame = pd.DataFrame(
        {
            "scheme": table.names_of_things("scheme"),
            "ward_code": table.london_wards(),
            "homes": table.numbers("homes"),
            "first_completion": table.months("first_completion"),
            "last_completion": table.months("last_completion"),
            "probability": table.numbers("probability", most=1.0),
            "persons_per_home": table.numbers("persons_per_home", most=10.0),
            "source": table.text("source"),
        }
    )
    table.problems.raise_if_any()
    for position in frame.index[frame["last_completion"] < frame["first_completion"]]:
        table.problems.add(
            row=table.lines[position],
            column=table.names["last_completion"],
            expected="a month not before first_completion",
            found=f"{frame.loc[position, 'last_completion']:%Y-%m}",
            mend="Correct the dates of the scheme.",
        )
    keys = ["scheme", "ward_code", "first_completion", "last_completion"]
    table.refuse_repeats(frame, keys)
    table.problems.raise_if_any()
    expected_homes = float((frame["homes"] * frame["probability"]).sum())
    message = f"Housing pipeline of {len(frame)} entries, {expected_homes:,.0f} homes weighted by probability."
    return Pipeline(file=source.name, frame=frame, findings=(table.read_finding(message),))


def read_groups(source: SourceFile) -> WardGroups:
    """Read a grouping of wards.

    Args:
        source: A file with `ward_code, group`.

    Returns:
        The group of each ward.

    Raises:
        WardcastError: A ward is unknown or stands twice, or a group is empty.
    """
    table = read_table(source)
    groups = table.names_of_things("group")
    frame = pd.DataFrame({"ward_code": table.london_wards(), "group": groups})
    table.refuse_repeats(frame, ["ward_code"])
    table.problems.raise_if_any()
    message = f"{len(frame)} wards in {frame['group'].nunique()} groups."
    return WardGroups(file=source.name, frame=frame, findings=(table.read_finding(message),))


def read_baseline(source: SourceFile) -> BaselineHours:
    """Read the presence that a plan does not move.

    Args:
        source: A file with `ward_code, shift, officer_hours_per_month`.

    Returns:
        Officer hours a month by ward and shift.

    Raises:
        WardcastError: A ward is unknown, a ward and shift stand twice, or hours are no number of 0 or more.
    """
    table = read_table(source)
    frame = pd.DataFrame(
        {
            "ward_code": table.london_wards(),
            "shift": table.names_of_things("shift"),
            "officer_hours_per_month": table.numbers("officer_hours_per_month"),
        }
    )
    table.refuse_repeats(frame, ["ward_code", "shift"])
    table.problems.raise_if_any()
    hours = float(frame["officer_hours_per_month"].sum())
    message = f"Baseline presence of {hours:,.0f} officer hours a month."
    return BaselineHours(
        file=source.name, frame=frame, findings=(table.read_finding(message), *_unknown_shifts(source.name, frame))
    )


def _unknown_shifts(file: str, frame: pd.DataFrame) -> tuple[Finding, ...]:
    """Name the shifts that a request has only where it says so."""
    unknown = sorted(set(frame["shift"]) - set(USUAL_SHIFTS))
    if not unknown:
        return ()
    message = (
        f"It has hours in shifts that a plan does not have by itself: {', '.join(unknown)} ({', '.join(USUAL_SHIFTS)} "
        "are the defaults). Unless the request names just the shifts of this file, only the total of each ward is "
        "used, spread over the plan's shifts by their length."
    )
    return (Finding(kind=FindingKind.CAVEAT, file=file, message=message),)


PIPELINE = Reader(
    what="a housing pipeline",
    recognises=has_columns("scheme", "ward_code", "homes", "first_completion", "last_completion"),
    read=read_pipeline,
)
GROUPS = Reader(what="ward groups", recognises=has_columns("ward_code", "group"), read=read_groups)
BASELINE = Reader(
    what="baseline hours",
    recognises=has_columns("ward_code", "shift", "officer_hours_per_month"),
    read=read_baseline,
)
