"""What a user brings: the housing pipeline, jobs and visitors, ward groups and baseline hours."""

from __future__ import annotations

import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.parts import BaselineHours, Pipeline, Visitors, WardGroups
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.table import read_table

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
            persons_per_home, source`, and where known `jobs` (opening as the homes complete), `homes_in_projection`
            (how many of the homes the population projection holds) and `known_from` (the month since when the scheme
            has been planned so); `persons_per_home` and the last three may have empty cells.

    Returns:
        The schemes, completions as month starts.

    Raises:
        WardcastError: A cell is wrong, a ward unknown, or a scheme ends before it starts, stands twice or has more
            homes in the projection than homes.
    """
    table = read_table(source, *_PIPELINE_COLUMNS)
    frame = pd.DataFrame(
        {
            "scheme": table.names_of_things("scheme"),
            "ward_code": table.wards(),
            "homes": table.numbers("homes"),
            "first_completion": table.months("first_completion"),
            "last_completion": table.months("last_completion"),
            "probability": table.numbers("probability", most=1.0),
            "persons_per_home": table.numbers_if_any("persons_per_home", most=10.0),
            "source": table.text("source"),
            "jobs": table.numbers_if_any("jobs"),
            "homes_in_projection": table.numbers_if_any("homes_in_projection"),
            "known_from": table.months_if_any("known_from"),
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
    for position in frame.index[frame["homes_in_projection"] > frame["homes"]]:
        table.problems.add(
            row=table.lines[position],
            column=table.names["homes_in_projection"],
            expected=f"at most the scheme's homes, {frame.loc[position, 'homes']:,.10g}",
            found=f"{frame.loc[position, 'homes_in_projection']:,.10g}",
            mend="Give how many of this scheme's homes the projection holds; leave it empty where that is not known.",
        )
    keys = ["scheme", "ward_code", "first_completion", "last_completion"]
    table.refuse_repeats(frame, keys)
    table.problems.raise_if_any()
    homes, jobs = (float((frame[what] * frame["probability"]).sum()) for what in ("homes", "jobs"))
    with_jobs = f" and {jobs:,.0f} jobs" if jobs else ""
    message = f"Housing pipeline of {len(frame)} entries, {homes:,.0f} homes{with_jobs} weighted by probability."
    return Pipeline(
        file=source.name,
        frame=frame,
        first_lines=table.first_lines(list(frame["ward_code"])),
        findings=(table.read_finding(message),),
    )


def recognises_visitors(source: SourceFile) -> bool:
    """Tell whether a file gives jobs or visitors by ward and date."""
    dated, counted = {"month", "year"} & source.columns, {"jobs", "visitors"} & source.columns
    return "ward_code" in source.columns and bool(dated) and bool(counted) and "scheme" not in source.columns


def read_visitors(source: SourceFile) -> Visitors:
    """Read jobs, and visitors a day, by ward and date.

    Args:
        source: A file with `ward_code`, `month` or `year` (a year's figure is for 1 July), `jobs` or `visitors` or
            both, and where known `source` and `known_from`; a figure may be empty where it is not known.

    Returns:
        The figures, as the ward's total at each date.

    Raises:
        WardcastError: A cell is wrong, a ward unknown, a ward and date stand twice or have no figure at all.
    """
    table = read_table(source)
    dates = "month" if "month" in table.columns else "year"
    frame = pd.DataFrame(
        {
            "ward_code": table.wards(),
            "month": table.months("month") if dates == "month" else table.mid_years("year"),
            "jobs": table.numbers_if_any("jobs"),
            "visitors": table.numbers_if_any("visitors"),
            "source": table.text("source") if "source" in table.columns else "supplied",
            "known_from": table.months_if_any("known_from"),
        }
    )
    written = table.text(dates)  # told as the file has it: the month of a year's figure is of our making
    for position in frame.index[frame.duplicated(["ward_code", "month"])]:
        table.problems.add(
            row=table.lines[position],
            expected=f"each {table.names['ward_code']} and {table.names[dates]} once",
            found=f"{frame.loc[position, 'ward_code']}, {written[position]} again",
            mend="Remove the repeated row.",
        )
    for position in frame.index[frame[["jobs", "visitors"]].isna().all(axis=1)]:
        table.problems.add(
            row=table.lines[position],
            expected="a number of jobs or of visitors a day",
            found="neither",
            mend="Give one of them, or remove the row.",
        )
    table.problems.raise_if_any()
    message = f"Jobs or visitors of {counted(frame['ward_code'].nunique(), 'ward')} by date."
    return Visitors(
        file=source.name,
        frame=frame,
        first_lines=table.first_lines(list(frame["ward_code"])),
        findings=(table.read_finding(message, list(frame["month"])),),
    )


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
    frame = pd.DataFrame({"ward_code": table.wards(), "group": groups})
    table.refuse_repeats(frame, ["ward_code"])
    table.problems.raise_if_any()
    message = f"{counted(len(frame), 'ward')} in {counted(frame['group'].nunique(), 'group')}."
    return WardGroups(
        file=source.name,
        frame=frame,
        first_lines=table.first_lines(list(frame["ward_code"])),
        findings=(table.read_finding(message),),
    )


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
            "ward_code": table.wards(),
            "shift": table.names_of_things("shift"),
            "officer_hours_per_month": table.numbers("officer_hours_per_month"),
        }
    )
    table.refuse_repeats(frame, ["ward_code", "shift"])
    table.problems.raise_if_any()
    hours = float(frame["officer_hours_per_month"].sum())
    message = f"Baseline presence of {hours:,.0f} officer hours a month."
    return BaselineHours(
        file=source.name,
        frame=frame,
        first_lines=table.first_lines(list(frame["ward_code"])),
        findings=(table.read_finding(message), *_unknown_shifts(source.name, frame)),
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
VISITORS = Reader(what="jobs and visitors", recognises=recognises_visitors, read=read_visitors)
GROUPS = Reader(what="ward groups", recognises=has_columns("ward_code", "group"), read=read_groups)
BASELINE = Reader(
    what="baseline hours",
    recognises=has_columns("ward_code", "shift", "officer_hours_per_month"),
    read=read_baseline,
)
