"""Resident surveys: the borough results of MOPAC's Public Attitude Survey, and a plain layout for any other.

Public Attitude Survey, borough sheet (London Datastore, "MOPAC Surveys"): Date, Survey, Borough, Measure, Proportion,
MPS; `Date` is the last day of the period, `MPS` the figure for all of London.

Plain layout:

    area_code    GSS code of the borough, ward or London; or instead of it
    borough      the borough's name, or London
    question     what was asked, such as `Feel safe walking alone after dark`
    period_end   last day (2025-03-31) or month (2025-03) of the period
    share        from 0 to 1; or instead of it
    percent      from 0 to 100
    base         number of answers, where known
    period_months, source   where known
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import Part, Survey
from wardcast_models.panel.places.wards import LONDON, borough_codes, plain_name
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.cells import parse_number
from wardcast_models.panel.text.days import month_starts, read_days
from wardcast_models.panel.text.table import Table, read_table
from wardcast_models.panel.text.written_months import month_of

SAFE_BY_DAY, SAFE_AFTER_DARK = "safe_by_day", "safe_after_dark"

USUAL_PERIOD_MONTHS = 12
"""Months that a borough's figure describes where the file does not say: the Public Attitude Survey asks about 100
people a borough and quarter, to give a sample of 400 in any twelve months (UK Data Service, study 7048)."""

PAS_SOURCE = "MOPAC Public Attitude Survey"

_LONDON_NAMES = frozenset({"london", "greater london", "mps", "met"})

_BLANKS = frozenset({"", "na", "n/a", "#n/a", "-", ".", "*"})
_UP_TO_ONE = re.compile(r"0(?:\.[0-9]*)?|\.[0-9]+|1(?:\.0*)?")
_KEYS = ["area_code", "measure", "last_month", "source"]
_COLUMNS = ("area_code", "measure", "label", "last_month", "period_months", "share", "base", "source")


def measure_id(question: str) -> str:
    """Return the id of what was asked.

    Args:
        question: The question or measure as written.

    Returns:
        `safe_by_day` or `safe_after_dark` where that is what was asked, else lower-case words joined by underscores.
    """
    words = re.findall(r"[a-z0-9]+", question.casefold())
    if "safe" in words:
        if {"dark", "night"} & set(words):
            return SAFE_AFTER_DARK
        if {"day", "daytime", "daylight"} & set(words):
            return SAFE_BY_DAY
    return "_".join(words)


def read_pas(source: SourceFile) -> Part:
    """Read borough results of the Public Attitude Survey.

    Args:
        source: A file with `Date, Survey, Borough, Measure, Proportion, MPS`.

    Returns:
        Shares by borough, measure and period, those of London among them.

    Raises:
        WardcastError: The file is cut, a cell is wrong, a result stands twice, or London's figure differs from row to
            row of one measure and period.
    """
    table = read_table(source, only={"date", "survey", "borough", "measure", "proportion", "mps"})
    codes, unknown = _codes_by_name(table)
    days, day_findings = read_days(table, "date")
    rows = pd.DataFrame(
        {
            "area_code": codes,
            "label": table.names_of_things("measure"),
            "last_month": month_starts(days),
            "share": _shares(table, "proportion", 1.0),
            "london": _shares(table, "mps", 1.0),
            "source": [f"{PAS_SOURCE} ({text})" if text else PAS_SOURCE for text in table.text("survey")],
        }
    ).assign(period_months=USUAL_PERIOD_MONTHS, base=math.nan)
    rows["measure"] = [measure_id(label) for label in rows["label"]]
    table.refuse_repeats(rows[rows["area_code"] != ""], _KEYS)
    table.problems.raise_if_any()
    london = rows.drop(columns="share").rename(columns={"london": "share"}).assign(area_code=LONDON.code)
    london = london.dropna(subset="share").drop_duplicates([*_KEYS, "share"])
    for position in london.index[london.duplicated(_KEYS)]:
        table.problems.add(
            row=table.lines[position],
            column=table.names["mps"],
            expected="one figure for London in each measure and period",
            found=f"{london.loc[position, 'share']:g}, and another above",
            mend="Correct the figure.",
        )
    table.problems.raise_if_any()
    given = rows[rows["area_code"] != LONDON.code]
    return _survey(
        table,
        pd.concat([given, london], ignore_index=True),
        (*unknown, *day_findings, _assumed(table.file)),
        table.first_lines(codes),
    )


def read_plain(source: SourceFile) -> Part:
    """Read survey results in the plain layout.

    Args:
        source: A file with the columns above.

    Returns:
        Shares by area, question and period.

    Raises:
        WardcastError: The file is cut, a cell is wrong, or a result stands twice.
    """
    table = read_table(source)
    unknown: tuple[Finding, ...] = ()
    if "area_code" in table.columns:
        codes = table.codes("area_code")
    else:
        codes, unknown = _codes_by_name(table)
    months, day_findings = _period_ends(table)
    column, most = ("share", 1.0) if "share" in table.columns else ("percent", 100.0)
    if column == "percent":
        _refuse_shares_for_percentages(table)
    labels = table.names_of_things("question")
    periods = table.numbers_if_any("period_months", most=120.0)
    frame = pd.DataFrame(
        {
            "area_code": codes,
            "measure": [measure_id(label) for label in labels],
            "label": labels,
            "last_month": months,
            "period_months": [USUAL_PERIOD_MONTHS if math.isnan(period) else int(period) for period in periods],
            "share": _shares(table, column, most),
            "base": table.numbers_if_any("base"),
            "source": [text or "supplied" for text in table.text("source")]
            if "source" in table.columns
            else "supplied",
        }
    )
    table.refuse_repeats(frame[frame["area_code"] != ""], _KEYS)
    table.problems.raise_if_any()
    assumed = (_assumed(table.file),) if any(math.isnan(period) for period in periods) else ()
    return _survey(table, frame, (*unknown, *day_findings, *assumed), table.first_lines(codes))


def _survey(table: Table, rows: pd.DataFrame, findings: Sequence[Finding], first_lines: Mapping[str, int]) -> Survey:
    """Return the results that have an area and a figure."""
    placed = rows[rows["area_code"] != ""]
    frame = placed.dropna(subset="share").sort_values(_KEYS)[list(_COLUMNS)].reset_index(drop=True)
    areas, questions = frame["area_code"].nunique(), frame["measure"].nunique()
    message = f"{len(frame):,} survey results (areas: {areas}, questions: {questions})."
    found = [table.read_finding(message, list(frame["last_month"]))]
    if empty := len(placed) - len(frame):
        text = f"{empty:,} results have no figure and are taken as not known."
        found.append(Finding(kind=FindingKind.MISSING, file=table.file, message=text, rows=empty))
    if not {SAFE_BY_DAY, SAFE_AFTER_DARK} & set(frame["measure"]):
        text = "It does not ask how safe people feel by day or after dark."
        found.append(Finding(kind=FindingKind.MISSING, file=table.file, message=text))
    return Survey(file=table.file, frame=frame, first_lines=first_lines, findings=(*found, *findings))


def _codes_by_name(table: Table) -> tuple[list[str], tuple[Finding, ...]]:
    """Return the code of each row's borough, "" where no borough has its name, and a finding that tells those names."""
    codes = borough_codes() | dict.fromkeys(_LONDON_NAMES, LONDON.code)
    names = table.text("borough")
    found = [codes.get(plain_name(name), "") for name in names]
    unknown = sorted({name or "no name" for name, code in zip(names, found, strict=True) if not code})
    if not unknown:
        return found, ()
    rows = found.count("")
    message = f"{rows:,} rows name no London borough and were left out: {', '.join(unknown)}."
    return found, (Finding(kind=FindingKind.CAVEAT, file=table.file, message=message, rows=rows),)


def _shares(table: Table, column: str, most: float) -> list[float]:
    """Return a column of shares, NaN where a cell tells none; a cell with a percent sign is a percentage."""

    def parse(cell: str) -> float:
        if cell.casefold() in _BLANKS:
            return math.nan
        value = parse_number(cell.removesuffix("%")) / (100.0 if cell.endswith("%") else most)
        if not 0.0 <= value <= 1.0:
            raise ValueError(cell)
        return value

    return table.convert(column, parse, expected=f"a number from 0 to {most:g}, or nothing", default=math.nan)


def _refuse_shares_for_percentages(table: Table) -> None:
    """Note a column of percentages of which none is above 1: a spreadsheet keeps 38 % as 0.38."""
    filled = [text for text in table.text("percent") if text.casefold() not in _BLANKS]
    numbers = [float(text) for text in filled if _UP_TO_ONE.fullmatch(text)]
    if numbers and len(numbers) == len(filled) and max(numbers) > 0:
        table.problems.add(
            row=table.lines[table.text("percent").index(filled[0])],
            column=table.names["percent"],
            expected="percentages from 0 to 100",
            found=f"{filled[0]}, and none above 1",
            mend="A spreadsheet keeps 38 % as 0.38: name the column share, or write the percentages as 38.",
        )


def _period_ends(table: Table) -> tuple[list[pd.Timestamp], tuple[Finding, ...]]:
    """Return the month in which each period ends."""
    if all(month_of(text) is not None for text in table.text("period_end")):
        return table.counted_months("period_end"), ()
    days, findings = read_days(table, "period_end")
    return month_starts(days), findings


def _assumed(file: str) -> Finding:
    message = f"The file does not say how many months a figure describes; {USUAL_PERIOD_MONTHS} are assumed."
    return Finding(kind=FindingKind.CAVEAT, file=file, message=message)


PAS = Reader(
    what="borough results of the Public Attitude Survey",
    recognises=has_columns("date", "borough", "measure", "proportion", "mps"),
    read=read_pas,
)
PLAIN = Reader(
    what="resident survey results",
    recognises=has_columns(("area_code", "borough"), "question", "period_end", ("share", "percent")),
    read=read_plain,
)
