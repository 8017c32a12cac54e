"""The assessment as a document for programs: every figure, under stable names."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd

from wardcast.pack.assessment.standing import standing
from wardcast.pack.assessment.tables import tables_of
from wardcast_models.panel.findings import Finding
from wardcast_models.profile.assessment import Assessment, Review, View

MOST_WARD_ROWS = 10_000
"""Rows of single wards in a table other than that of the wards; of more, only those that stand out are kept."""

SCHEMA_VERSION = 1
"""Goes up where a name or a meaning changes; new names alone do not raise it."""


def assessment_document(
    assessment: Assessment, *, data_digest: str, findings: tuple[Finding, ...] = ()
) -> dict[str, Any]:
    """Return the assessment as a JSON-ready document.

    Months are `YYYY-MM`; what is not known is null. Each table is a list of rows with the names of
    `wardcast_models.profile.assessment.TABLE_COLUMNS`.

    Args:
        assessment: The assessment.
        data_digest: Fingerprint of the counts it was drawn from.
        findings: What the reading of the files found; none in the form for publication.

    Returns:
        The document.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "standing": list(standing(assessment)),
        "area": assessment.area_code,
        "area_name": assessment.area_name,
        "vintage": assessment.vintage,
        "year": assessment.year,
        "first_month": _month(assessment.first_month),
        "last_month": _month(assessment.last_month),
        "months_covered": assessment.months_covered,
        "annualised": assessment.annualised,
        "synthetic": assessment.synthetic,
        "data_digest": data_digest,
        "ward_names": dict(assessment.ward_names),
        "headlines": list(assessment.headlines),
        "notes": list(assessment.notes),
        "left_out": _left_out(assessment),
        "findings": [_finding(finding) for finding in findings],
        "tables": {name: _rows(_fitting(name, frame)) for name, frame in tables_of(assessment).items()},
        "views": [_view(view) for view in assessment.views],
        "review": None if assessment.review is None else _review(assessment.review),
    }


def assessment_json(assessment: Assessment, *, data_digest: str, findings: tuple[Finding, ...] = ()) -> str:
    """Return the document as text.

    Args:
        assessment: The assessment.
        data_digest: Fingerprint of the counts it was drawn from.
        findings: What the reading of the files found; none in the form for publication.

    Returns:
        JSON without NaN, one row of a table a line.
    """
    document = assessment_document(assessment, data_digest=data_digest, findings=findings)
    members = ",\n".join(
        f"{_text(name)}: {_tables_text(value) if name == 'tables' else _text(value)}"
        for name, value in document.items()
    )
    return "{\n" + members + "\n}\n"


def _tables_text(tables: dict[str, list[dict[str, Any]]]) -> str:
    written = []
    for name, rows in tables.items():
        lines = ",\n".join(_text(row) for row in rows)
        written.append(f"{_text(name)}: [\n{lines}\n]")
    return "{\n" + ",\n".join(written) + "\n}"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _fitting(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table that a program can load at once: of very many rows, those of the area and what stands out."""
    if name == "wards" or "ward_code" not in frame.columns or (frame["ward_code"] != "").sum() <= MOST_WARD_ROWS:
        return frame
    kept = frame["ward_code"] == ""
    for flag in ("significant", "stands_out"):
        if flag in frame.columns:
            kept |= frame[flag].astype(bool)
    return frame[kept]


def _left_out(assessment: Assessment) -> list[str]:
    """Say which tables are not whole."""
    return [
        f"{name}: {len(fitting):,} of {len(frame):,} rows, those of the whole area"
        + (" and what stands out." if "significant" in frame.columns else ".")
        for name, frame in tables_of(assessment).items()
        if len(fitting := _fitting(name, frame)) < len(frame)
    ]


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "message": finding.message,
        "file": finding.file,
        "rows": finding.rows,
        "first_month": finding.first_month,
        "last_month": finding.last_month,
    }


def _view(view: View) -> dict[str, Any]:
    return {
        "view": view.view,
        "title": view.title,
        "purpose": view.purpose,
        "table": _rows(view.table),
        "findings": list(view.findings),
        "missing": list(view.missing),
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "first_month": _month(review.first_month),
        "last_month": _month(review.last_month),
        "then_first_month": _month(review.then_first_month),
        "then_last_month": _month(review.then_last_month),
        "table": _rows(review.table),
        "findings": list(review.findings),
    }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: object) -> Any:
    """Return a cell as JSON has it; infinite ends of an interval are unknown there."""
    if isinstance(value, pd.Timestamp):
        return _month(value)
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _month(month: pd.Timestamp) -> str:
    return f"{month:%Y-%m}"
