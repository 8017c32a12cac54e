"""A store with a few things in it, for tests of what is shown of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd

from tests.plan_examples import plan_example, provenance_example
from wardcast.store.records import DatasetRecord, ForecastRecord, PlanRecord
from wardcast.store.store import Store
from wardcast_models.allocation.request.plan_request import PlanRequest, Resource
from wardcast_models.panel.findings import Finding, FindingKind

AREA = "E09000002"
START = datetime(2025, 4, 2, 9, 15, tzinfo=UTC)


def open_store(folder: Path) -> Store:
    """Open an empty store."""
    return Store.open(f"sqlite:///{folder / 'wardcast.db'}", folder / "artefacts")


def add_dataset(store: Store, *, area_name: str = "Barking and Dagenham", synthetic: bool = False) -> DatasetRecord:
    """Store a dataset with one finding."""
    return store.datasets.put(
        DatasetRecord(
            dataset_id="ds-4be14be14be1",
            area_code=AREA,
            area_name=area_name,
            vintage="WD22",
            first_month=pd.Timestamp("2010-04-01"),
            last_month=pd.Timestamp("2025-03-01"),
            n_wards=19,
            categories=("violence_with_injury", "burglary_residential"),
            synthetic=synthetic,
            digest="4be1" * 16,
            findings=(
                Finding(kind=FindingKind.MENDED, file="wards.csv", message="A left-over column was dropped: 2023-03."),
            ),
            created_at=START,
        )
    )


def add_plans(store: Store, number: int, *, title: str = "Patrol plan") -> list[PlanRecord]:
    """Store plans of the dataset, a minute apart, oldest first."""
    store.forecasts.put(
        ForecastRecord(
            forecast_id="fc-1",
            area_code=AREA,
            dataset_id="ds-4be14be14be1",
            until=pd.Timestamp("2025-03-01"),
            horizon_months=3,
            model="pooled share",
            scenario="as_planned",
            seed=0,
            n_paths=500,
        )
    )
    request = PlanRequest(resources=(Resource(name="Police ward team", agency="police", hours_per_month=560),))
    return [
        store.plans.put(
            PlanRecord(
                plan_id=f"pl-{index:04d}",
                area_code=AREA,
                dataset_id="ds-4be14be14be1",
                forecast_id="fc-1",
                plan=plan_example(title=f"{title} {index}"),
                provenance=provenance_example(),
                request=request,
                created_at=START + timedelta(minutes=index),
            )
        )
        for index in range(number)
    ]
