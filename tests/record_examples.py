"""Small records of every kind, for tests of what keeps and carries them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from tests.plan_examples import plan_example, provenance_example
from tests.plans import all_level
from wardcast.store.identifiers import dataset_id
from wardcast.store.records import DatasetRecord, ForecastRecord, PlanRecord
from wardcast.tracking.model_record import ModelRecord
from wardcast_models.allocation.request.limits import Forbidden, Limits, LockedHours, RingFence
from wardcast_models.allocation.request.objective import Objective
from wardcast_models.allocation.request.plan_request import Baseline, LastPlan, PlanRequest
from wardcast_models.allocation.request.resource import Resource, ShiftShares
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.panel.findings import Finding, FindingKind

AREA = "E09000002"
NOON = datetime(2025, 4, 2, 12, tzinfo=UTC)


def dataset_example(number: int = 1, *, area_code: str = AREA) -> DatasetRecord:
    """Return a dataset; each number has content, and a time, of its own."""
    digest = f"{number:064x}"[::-1]
    return DatasetRecord(
        dataset_id=dataset_id(digest),
        area_code=area_code,
        area_name="Barking and Dagenham",
        vintage="WD22",
        first_month=pd.Timestamp("2010-04-01"),
        last_month=pd.Timestamp("2025-03-01"),
        n_wards=19,
        categories=("violence_with_injury", "burglary_residential"),
        synthetic=True,
        digest=digest,
        findings=(
            Finding(kind=FindingKind.READ, file="wards.csv", message="Read.", rows=0, first_month="2010-04"),
            Finding(kind=FindingKind.MISSING, file="", message="No ward polygons were given."),
        ),
        created_at=NOON + timedelta(seconds=number, microseconds=7),
    )


def forecast_record_example(number: int = 1, *, dataset: DatasetRecord | None = None) -> ForecastRecord:
    """Return a forecast's record."""
    dataset = dataset or dataset_example()
    return ForecastRecord(
        forecast_id=f"fc-{number:04d}",
        area_code=dataset.area_code,
        dataset_id=dataset.dataset_id,
        until=dataset.last_month,
        horizon_months=3,
        model="pooled_prophet",
        scenario="as_planned",
        seed=7,
        n_paths=50,
        run_id="9f2c",
        model_version="wardcast-E09000002/3",
        created_at=NOON + timedelta(minutes=number),
    )


def forecast_example(*, horizon_months: int = 3, n_paths: int = 50, seed: int = 7) -> Forecast:
    """Return sample paths of two wards and two categories, one of them rare."""
    means = np.array([[40.0, 2.0], [25.0, 1.0]])
    paths = np.random.default_rng(seed).poisson(means[None, :, :, None], (n_paths, 2, 2, horizon_months))
    return Forecast(
        area_code=AREA,
        area_name="Barking and Dagenham",
        ward_codes=("E05014053", "E05014054"),
        ward_names=("Abbey", "Alibon"),
        categories=("violence_with_injury", "burglary_residential"),
        months=pd.date_range("2025-04-01", periods=horizon_months, freq="MS"),
        paths=paths.astype(np.int32),
        components=all_level(np.repeat(means[:, :, None], horizon_months, axis=2)),
        member_weights=(("pooled_prophet", 1.0),),
        demand_history=means,
        exposure_growth=np.ones((2, horizon_months)),
        until=pd.Timestamp("2025-03-01"),
        model="pooled_prophet",
        seed=seed,
        scenario="as_planned",
        panel_digest="ab" * 32,
        synthetic=True,
        assumptions=("Recorded crime stands for crime.",),
    )


def request_example() -> PlanRequest:
    """Return a request that sets something in every part."""
    return PlanRequest(
        title="Summer quarter",
        first_month="2025-06",
        horizon_months=2,
        resources=(
            Resource(name="Council wardens", agency="council", hours_per_month=400, delivery_rate=0.55),
            Resource(
                name="Ward officers",
                agency="police",
                hours_per_month=900.5,
                type="youth_outreach",
                effectiveness={"robbery_personal": 1.2, "burglary_residential": 0.0},
                shifts=("late", "night"),
                wards=("E05014053",),
                hours_by_month={"2025-06": 850.0},
                cost_per_hour=38.5,
                unit_hours=4.0,
                enforcement=False,
            ),
        ),
        shift_shares=(ShiftShares(category="all", shares={"day": 0.3, "late": 0.45, "night": 0.25}),),
        objective=Objective(harm_scale="ons", priority_weights={"burglary": 2.0}, asb_weight=0.0, elasticity=0.4),
        limits=Limits(
            ward_min_hours_per_month=8,
            ward_max_share=0.25,
            asb_floor_share=0.0,
            ring_fences=(RingFence(name="School run", hours_per_month=40, agency="council", shifts=("day",)),),
            locked=(LockedHours(ward="E05014053", resource="Ward officers", hours_per_month=20, shift="late"),),
            forbidden=(Forbidden(ward="E05014054", resource="Council wardens"),),
            protection_by="group",
            most_change_hours_per_month=60,
        ),
        baseline=Baseline(officer_hours_per_month=9000, split="equal"),
        last_plan=LastPlan(name="areas/E09000002/plans/pl-0000", ward_hours_per_month={"E05014053": 210.5}),
        n_paths=200,
        seed=3,
    )


def plan_record_example(number: int = 1, *, forecast: ForecastRecord | None = None) -> PlanRecord:
    """Return a plan's record."""
    forecast = forecast or forecast_record_example()
    return PlanRecord(
        plan_id=f"pl-{number:04d}",
        area_code=forecast.area_code,
        dataset_id=forecast.dataset_id,
        forecast_id=forecast.forecast_id,
        plan=plan_example(),
        provenance=provenance_example(),
        request=request_example(),
        created_at=NOON + timedelta(hours=number),
    )


def model_example(version: int = 1, *, aliases: tuple[str, ...] = ()) -> ModelRecord:
    """Return a registered model version."""
    return ModelRecord(
        name=f"wardcast-{AREA}",
        version=version,
        area_code=AREA,
        forecaster="pooled_prophet",
        until="2025-03",
        panel_digest="ab" * 32,
        synthetic=False,
        wardcast_version="0.1.0",
        run_id=f"run{version}",
        aliases=aliases,
        created_at="2025-04-02T09:15:00+00:00",
    )
