"""The database tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, ForeignKey, Index, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """A time with its zone in Python, kept as UTC without one: SQLite has no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is fixed
        """Drop the zone after converting to UTC."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is fixed
        """Say again that it is UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {datetime: UtcDateTime, str: Text, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class StoredRow(Base):
    """What datasets, forecasts and plans have in common: an id, an area and a time to page by."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(String(63), primary_key=True)
    area_code: Mapped[str] = mapped_column(String(63))
    created_at: Mapped[datetime]


class DatasetRow(StoredRow):
    """An ingested panel; the panel itself is an artefact file."""

    __tablename__ = "datasets"
    __table_args__ = (Index("datasets_by_area", "area_code", "created_at", "id"),)

    area_name: Mapped[str]
    vintage: Mapped[str]
    first_month: Mapped[str] = mapped_column(String(7))
    last_month: Mapped[str] = mapped_column(String(7))
    n_wards: Mapped[int]
    categories: Mapped[list[Any]]
    synthetic: Mapped[bool]
    digest: Mapped[str]
    findings: Mapped[list[Any]]


class ForecastRow(StoredRow):
    """A forecast; its sample paths are an artefact file."""

    __tablename__ = "forecasts"
    __table_args__ = (Index("forecasts_by_area", "area_code", "created_at", "id"),)

    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"))
    until: Mapped[str] = mapped_column(String(7))
    horizon_months: Mapped[int]
    model: Mapped[str]
    scenario: Mapped[str]
    seed: Mapped[int] = mapped_column(BigInteger)  # up to 2**63 - 1; an integer of SQLite holds it anyway
    n_paths: Mapped[int]
    run_id: Mapped[str]
    model_version: Mapped[str]


class PlanRow(StoredRow):
    """A plan, whole."""

    __tablename__ = "plans"
    __table_args__ = (Index("plans_by_area", "area_code", "created_at", "id"),)

    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"))
    forecast_id: Mapped[str] = mapped_column(ForeignKey("forecasts.id"))
    plan: Mapped[dict[str, Any]]
    provenance: Mapped[dict[str, Any]]
    request: Mapped[dict[str, Any]]


class OperationRow(StoredRow):
    """A piece of long work."""

    __tablename__ = "operations"
    __table_args__ = (
        Index("operations_by_time", "created_at", "id"),
        Index("operations_by_state", "state", "created_at", "id"),
    )

    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16))
    fraction: Mapped[float]
    phrase: Mapped[str]
    result_name: Mapped[str]
    error: Mapped[dict[str, Any]]
    lease_owner: Mapped[str]
    lease_expires_at: Mapped[datetime | None]
    attempts: Mapped[int]
    cancel_requested: Mapped[bool]
    updated_at: Mapped[datetime]
