"""Records to table rows and back: the one place that knows both."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import pandas as pd
from pydantic import BaseModel

from wardcast.store.records import DatasetRecord, ForecastRecord, OperationRecord, OperationState, PlanRecord
from wardcast.store.tables import DatasetRow, ForecastRow, OperationRow, PlanRow
from wardcast_models.allocation.plan import Plan, Provenance
from wardcast_models.allocation.request import PlanRequest
from wardcast_models.errors import ErrorKind, Problem
from wardcast_models.panel.findings import Finding, FindingKind


def dataset_to_row(record: DatasetRecord) -> DatasetRow:
    """Return the table row of a dataset.

    Args:
        record: The dataset.

    Returns:
        The row.
    """
    return DatasetRow(
        id=record.dataset_id,
        area_code=record.area_code,
        created_at=record.created_at,
        area_name=record.area_name,
        vintage=record.vintage,
        first_month=_month(record.first_month),
        last_month=_month(record.last_month),
        n_wards=record.n_wards,
        categories=list(record.categories),
        synthetic=record.synthetic,
        digest=record.digest,
        findings=[asdict(finding) for finding in record.findings],
        artefact=record.artefact,
    )


def dataset_from_row(row: DatasetRow) -> DatasetRecord:
    """Return the dataset of a table row.

    Args:
        row: The row.

    Returns:
        The dataset.
    """
    return DatasetRecord(
        dataset_id=row.id,
        area_code=row.area_code,
        area_name=row.area_name,
        vintage=row.vintage,
        first_month=pd.Timestamp(row.first_month),
        last_month=pd.Timestamp(row.last_month),
        n_wards=row.n_wards,
        categories=tuple(row.categories),
        synthetic=row.synthetic,
        digest=row.digest,
        findings=tuple(Finding(**{**finding, "kind": FindingKind(finding["kind"])}) for finding in row.findings),
        artefact=row.artefact,
        created_at=row.created_at,
    )


def forecast_to_row(record: ForecastRecord) -> ForecastRow:
    """Return the table row of a forecast.

    Args:
        record: The forecast.

    Returns:
        The row.
    """
    return ForecastRow(
        id=record.forecast_id,
        area_code=record.area_code,
        created_at=record.created_at,
        dataset_id=record.dataset_id,
        until=_month(record.until),
        horizon_months=record.horizon_months,
        model=record.model,
        scenario=record.scenario,
        seed=record.seed,
        n_paths=record.n_paths,
        run_id=record.run_id,
        model_version=record.model_version,
        artefact=record.artefact,
    )


def forecast_from_row(row: ForecastRow) -> ForecastRecord:
    """Return the forecast of a table row.

    Args:
        row: The row.

    Returns:
        The forecast.
    """
    return ForecastRecord(
        forecast_id=row.id,
        area_code=row.area_code,
        dataset_id=row.dataset_id,
        until=pd.Timestamp(row.until),
        horizon_months=row.horizon_months,
        model=row.model,
        scenario=row.scenario,
        seed=row.seed,
        n_paths=row.n_paths,
        run_id=row.run_id,
        model_version=row.model_version,
        artefact=row.artefact,
        created_at=row.created_at,
    )


def plan_to_row(record: PlanRecord) -> PlanRow:
    """Return the table row of a plan.

    Args:
        record: The plan.

    Returns:
        The row.
    """
    return PlanRow(
        id=record.plan_id,
        area_code=record.area_code,
        created_at=record.created_at,
        dataset_id=record.dataset_id,
        forecast_id=record.forecast_id,
        plan=_plain(record.plan),
        provenance=_plain(record.provenance),
        request=_plain(record.request),
    )


def plan_from_row(row: PlanRow) -> PlanRecord:
    """Return the plan of a table row.

    Args:
        row: The row.

    Returns:
        The plan.
    """
    return PlanRecord(
        plan_id=row.id,
        area_code=row.area_code,
        dataset_id=row.dataset_id,
        forecast_id=row.forecast_id,
        plan=Plan.model_validate(row.plan),
        provenance=Provenance.model_validate(row.provenance),
        request=PlanRequest.model_validate(row.request),
        created_at=row.created_at,
    )


def operation_to_row(record: OperationRecord) -> OperationRow:
    """Return the table row of an operation.

    Args:
        record: The operation.

    Returns:
        The row.
    """
    error = (
        {}
        if record.error_kind is None
        else {
            "kind": record.error_kind.value,
            "message": record.error_message,
            "problems": [asdict(problem) for problem in record.error_problems],
        }
    )
    return OperationRow(
        id=record.operation_id,
        area_code=record.area_code,
        created_at=record.created_at,
        kind=record.kind,
        payload=record.payload,
        state=record.state,
        fraction=record.fraction,
        phrase=record.phrase,
        result_name=record.result_name,
        error=error,
        lease_owner=record.lease_owner,
        lease_expires_at=record.lease_expires_at,
        attempts=record.attempts,
        cancel_requested=record.cancel_requested,
        updated_at=record.updated_at,
    )


def operation_from_row(row: OperationRow) -> OperationRecord:
    """Return the operation of a table row.

    Args:
        row: The row.

    Returns:
        The operation.
    """
    error = row.error
    return OperationRecord(
        operation_id=row.id,
        kind=row.kind,
        area_code=row.area_code,
        payload=row.payload,
        state=OperationState(row.state),
        fraction=row.fraction,
        phrase=row.phrase,
        result_name=row.result_name,
        error_kind=ErrorKind(error["kind"]) if error else None,
        error_message=error.get("message", ""),
        error_problems=tuple(Problem(**problem) for problem in error.get("problems", [])),
        lease_owner=row.lease_owner,
        lease_expires_at=row.lease_expires_at,
        attempts=row.attempts,
        cancel_requested=row.cancel_requested,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


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
