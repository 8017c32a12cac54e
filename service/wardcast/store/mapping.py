"""Records to table rows and back: the one place that knows both."""

from __future__ import annotations

import math
from dataclasses import asdict, fields
from typing import Any

import pandas as pd
from pydantic import BaseModel

from wardcast.store.earlier_plans import completed
from wardcast.store.records import DatasetRecord, ForecastRecord, OperationRecord, OperationState, PlanRecord
from wardcast.store.tables import DatasetRow, ForecastRow, OperationRow, PlanRow, StoredRow
from wardcast_models.allocation.plan import Plan, Provenance
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.panel.findings import Finding, FindingKind

_PLAN_PARTS: dict[str, type[BaseModel]] = {"plan": Plan, "provenance": Provenance, "request": PlanRequest}
"""Columns of a plan that hold a model as JSON."""


def dataset_to_row(record: DatasetRecord) -> DatasetRow:
    """Return the table row of a dataset.

    Args:
        record: The dataset.

    Returns:
        The row.
    """
    values = _row_values(record, "dataset_id")
    values |= {
        "first_month": _month(record.first_month),
        "last_month": _month(record.last_month),
        "categories": list(record.categories),
        "findings": [asdict(finding) for finding in record.findings],
    }
    return DatasetRow(**values)


def dataset_from_row(row: DatasetRow) -> DatasetRecord:
    """Return the dataset of a table row.

    Args:
        row: The row.

    Returns:
        The dataset.
    """
    values = _record_values(row, "dataset_id")
    values |= {
        "first_month": pd.Timestamp(row.first_month),
        "last_month": pd.Timestamp(row.last_month),
        "categories": tuple(row.categories),
        "findings": tuple(Finding(**{**finding, "kind": FindingKind(finding["kind"])}) for finding in row.findings),
    }
    return DatasetRecord(**values)


def forecast_to_row(record: ForecastRecord) -> ForecastRow:
    """Return the table row of a forecast.

    Args:
        record: The forecast.

    Returns:
        The row.
    """
    return ForecastRow(**_row_values(record, "forecast_id") | {"until": _month(record.until)})


def forecast_from_row(row: ForecastRow) -> ForecastRecord:
    """Return the forecast of a table row.

    Args:
        row: The row.

    Returns:
        The forecast.
    """
    return ForecastRecord(**_record_values(row, "forecast_id") | {"until": pd.Timestamp(row.until)})


def plan_to_row(record: PlanRecord) -> PlanRow:
    """Return the table row of a plan.

    Args:
        record: The plan.

    Returns:
        The row.
    """
    values = _row_values(record, "plan_id")
    values |= {name: _plain(values[name]) for name in _PLAN_PARTS}
    return PlanRow(**values)


def plan_from_row(row: PlanRow) -> PlanRecord:
    """Return the plan of a table row.

    Args:
        row: The row.

    Returns:
        The plan.
    """
    values = _record_values(row, "plan_id")
    values["plan"] = completed(values["plan"])
    values |= {name: model.model_validate(values[name]) for name, model in _PLAN_PARTS.items()}
    return PlanRecord(**values)


def operation_to_row(record: OperationRecord) -> OperationRow:
    """Return the table row of an operation.

    Args:
        record: The operation.

    Returns:
        The row.
    """
    values = _row_values(record, "operation_id")
    for name in ("error_kind", "error_message", "error_problems"):
        del values[name]
    return OperationRow(**values, error={} if record.failure is None else failure_content(record.failure))


def operation_from_row(row: OperationRow) -> OperationRecord:
    """Return the operation of a table row.

    Args:
        row: The row.

    Returns:
        The operation.
    """
    values = _record_values(row, "operation_id")
    error = values.pop("error")
    values |= {
        "state": OperationState(row.state),
        "error_kind": ErrorKind(error["kind"]) if error else None,
        "error_message": error.get("message", ""),
        "error_problems": tuple(Problem(**problem) for problem in error.get("problems", [])),
    }
    return OperationRecord(**values)


def failure_content(error: WardcastError) -> dict[str, Any]:
    """Return what the `error` column of an operation holds.

    Args:
        error: Why the operation failed.

    Returns:
        JSON values.
    """
    return {
        "kind": error.kind.value,
        "message": error.message,
        "problems": [asdict(problem) for problem in error.problems],
    }


def _row_values(record: Any, id_field: str) -> dict[str, Any]:
    """Return a record's fields as columns: they share their names, but for the id."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return {"id": values.pop(id_field), **values}


def _record_values(row: StoredRow, id_field: str) -> dict[str, Any]:
    """Return a row's columns as fields of its record."""
    values = {column.name: getattr(row, column.name) for column in row.__table__.columns}
    return {id_field: values.pop("id"), **values}


def _plain(model: BaseModel) -> dict[str, Any]:
    plain: dict[str, Any] = _without_nan(model.model_dump())
    return plain


def _without_nan(value: Any) -> Any:
    # A ward without history has no trend. JSON has no NaN: pydantic would write null, which cannot be read back, and
    # some databases refuse what Python writes. As text it can be both kept and read.
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _without_nan(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(part) for part in value]
    return value


def _month(month: pd.Timestamp) -> str:
    return month.strftime("%Y-%m")
