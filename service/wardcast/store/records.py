"""What the store keeps, as frozen records that know neither SQL nor protobuf."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pandas as pd

from wardcast.store.identifiers import operation_name, resource_name
from wardcast_models.allocation.plan import Plan, Provenance
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.panel.findings import Finding


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class DatasetRecord:
    """One ingested panel.

    Attributes:
        dataset_id: `identifiers.dataset_id(digest)`.
        area_code: GSS code of the area.
        area_name: Its name.
        vintage: Ward vintage, e.g. `WD22`.
        first_month: First month of the panel.
        last_month: Last month of the panel.
        n_wards: Wards of the area.
        categories: Analysis category ids.
        synthetic: True for the embedded sample.
        digest: SHA-256 of the panel, as hex.
        findings: What the reading found.
        created_at: When it was first stored, UTC.
    """

    dataset_id: str
    area_code: str
    area_name: str
    vintage: str
    first_month: pd.Timestamp
    last_month: pd.Timestamp
    n_wards: int
    categories: tuple[str, ...]
    synthetic: bool
    digest: str
    findings: tuple[Finding, ...]
    created_at: datetime = field(default_factory=utc_now)

    @property
    def name(self) -> str:
        """Resource name."""
        return resource_name(self.area_code, "datasets", self.dataset_id)


@dataclass(frozen=True, kw_only=True)
class ForecastRecord:
    """One forecast.

    Attributes:
        forecast_id: From `identifiers.new_id("fc")`.
        area_code: GSS code of the area.
        dataset_id: Dataset it was made from.
        until: Last month of data used.
        horizon_months: Months ahead.
        model: Name of the forecaster.
        scenario: Population and housing scenario.
        seed: Seed of the paths.
        n_paths: Number of sample paths.
        run_id: MLflow run, or "".
        model_version: `name/version` in the model registry, or "".
        created_at: When it was stored, UTC.
    """

    forecast_id: str
    area_code: str
    dataset_id: str
    until: pd.Timestamp
    horizon_months: int
    model: str
    scenario: str
    seed: int
    n_paths: int
    run_id: str = ""
    model_version: str = ""
    created_at: datetime = field(default_factory=utc_now)

    @property
    def name(self) -> str:
        """Resource name."""
        return resource_name(self.area_code, "forecasts", self.forecast_id)


@dataclass(frozen=True, kw_only=True)
class PlanRecord:
    """One allocation plan with the request and the run that made it.

    Attributes:
        plan_id: From `identifiers.new_id("pl")`.
        area_code: GSS code of the area.
        dataset_id: Dataset it was made from.
        forecast_id: Forecast it was made from.
        plan: The plan.
        provenance: Ids and times of the run.
        request: What was asked for.
        created_at: When it was stored, UTC.
    """

    plan_id: str
    area_code: str
    dataset_id: str
    forecast_id: str
    plan: Plan
    provenance: Provenance
    request: PlanRequest
    created_at: datetime = field(default_factory=utc_now)

    @property
    def name(self) -> str:
        """Resource name."""
        return resource_name(self.area_code, "plans", self.plan_id)


class OperationState(StrEnum):
    """Where a piece of long work stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def done(self) -> bool:
        """Whether nothing more will happen."""
        return self in {OperationState.SUCCEEDED, OperationState.FAILED, OperationState.CANCELLED}


@dataclass(frozen=True, kw_only=True)
class OperationRecord:
    """One piece of long work.

    Attributes:
        operation_id: From `identifiers.new_id("op")`.
        kind: Key of its handler, for example `create_plan`.
        area_code: Area it is for, as the caller named it.
        payload: Arguments of the handler; JSON values only.
        state: Where it stands.
        fraction: Fraction done, 0 to 1.
        phrase: What is being done.
        result_name: Resource name of the result once it succeeded, else "".
        error_kind: Kind of the failure, or None.
        error_message: One sentence, or "".
        error_problems: The problems behind the failure.
        lease_owner: Worker that holds it, or "".
        lease_expires_at: When the lease ends unless renewed, or None.
        attempts: Times a worker took it up.
        cancel_requested: Somebody asked to stop it.
        created_at: When it was submitted, UTC.
        updated_at: When it last changed, UTC.
    """

    operation_id: str
    kind: str
    area_code: str
    payload: dict[str, Any]
    state: OperationState = OperationState.QUEUED
    fraction: float = 0.0
    phrase: str = ""
    result_name: str = ""
    error_kind: ErrorKind | None = None
    error_message: str = ""
    error_problems: tuple[Problem, ...] = ()
    lease_owner: str = ""
    lease_expires_at: datetime | None = None
    attempts: int = 0
    cancel_requested: bool = False
    created_at: datetime = field(default_factory=utc_now)
    updated_at: datetime = field(default_factory=utc_now)

    @property
    def name(self) -> str:
        """Resource name."""
        return operation_name(self.operation_id)

    @property
    def failure(self) -> WardcastError | None:
        """The failure as the error it was, or None."""
        if self.error_kind is None:
            return None
        return WardcastError(self.error_kind, self.error_message, self.error_problems)
