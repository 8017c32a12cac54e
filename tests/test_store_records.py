"""What is stored is found again, whole, also by the next process."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from tests.record_examples import dataset_example, forecast_record_example, plan_record_example
from wardcast.store.mapping import plan_from_row, plan_to_row
from wardcast.store.records import OperationRecord, OperationState
from wardcast.store.store import Store
from wardcast_models.errors import ErrorKind, Problem, WardcastError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "not yet" / "there"


def open_store(home: Path) -> Store:
    return Store.open(f"sqlite:///{home / 'wardcast.db'}", home / "artefacts")


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    store = open_store(home)
    yield store
    store.close()


def filled(store: Store) -> None:
    store.datasets.put(dataset_example())
    store.forecasts.put(forecast_record_example())
    store.plans.put(plan_record_example())


def test_a_restart_forgets_nothing(home: Path) -> None:
    before = open_store(home)
    filled(before)
    failed = OperationRecord(
        operation_id="op-1",
        kind="create_plan",
        area_code="E09000002",
        payload={"request": {"seed": 3}, "until": None},
        state=OperationState.FAILED,
        error_kind=ErrorKind.INFEASIBLE,
        error_message="The limits clash.",
        error_problems=(Problem(where="limits", expected="less", found="more", mend="Lower it."),),
        attempts=2,
    )
    before.operations.put(failed)
    before.close()

    after = open_store(home)
    assert after.datasets.get(dataset_example().dataset_id) == dataset_example()
    assert after.forecasts.get("fc-0001") == forecast_record_example()
    assert after.plans.get("pl-0001") == plan_record_example()
    assert after.operations.get("op-1") == failed
    assert str(after.operations.get("op-1").failure) == str(failed.failure)
    after.close()


def test_a_plan_keeps_a_trend_that_is_not_a_number(store: Store) -> None:
    filled(store)
    record = plan_record_example(2)
    ward = record.plan.wards[0].model_copy(update={"trend": math.nan})
    store.plans.put(replace(record, plan=record.plan.model_copy(update={"wards": (ward,)})))
    assert math.isnan(store.plans.get("pl-0002").plan.wards[0].trend)


def test_a_plan_of_an_earlier_release_is_read_and_says_what_was_not_worked_out() -> None:
    row = plan_to_row(plan_record_example())
    later = {"resources", "sensitivities", "fairness", "warnings", "risk", "certificate", "whole_units", "cost_pounds"}
    row.plan = {name: value for name, value in row.plan.items() if name not in later}
    plan = plan_from_row(row).plan
    assert plan.assignments == plan_record_example().plan.assignments
    assert math.isnan(plan.risk.residual_cvar)
    assert "earlier release" in plan.certificate.statement


def test_the_same_content_is_the_same_dataset(store: Store) -> None:
    first = store.datasets.put(dataset_example())
    again = store.datasets.put(replace(dataset_example(), findings=(), created_at=dataset_example(9).created_at))
    assert again == first
    assert store.datasets.list().items == (first,)


def test_a_thing_may_take_the_place_of_the_one_before(store: Store) -> None:
    store.datasets.put(dataset_example())
    newer = replace(dataset_example(), findings=())
    assert store.datasets.put_over(newer) == newer
    assert store.datasets.list().items == (newer,)


def test_a_plan_of_a_forecast_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError):
        store.plans.put(plan_record_example())
    assert store.plans.list().items == ()


def test_what_is_not_there_is_said(store: Store) -> None:
    with pytest.raises(WardcastError, match="There is no plan pl-none") as raised:
        store.plans.get("pl-none")
    assert raised.value.kind is ErrorKind.NOT_FOUND


def test_a_thing_is_not_found_in_another_area(store: Store) -> None:
    store.datasets.put(dataset_example())
    with pytest.raises(WardcastError, match="in area E09000016") as raised:
        store.datasets.get(dataset_example().dataset_id, area_code="E09000016")
    assert raised.value.kind is ErrorKind.NOT_FOUND


def test_a_new_database_may_be_opened_by_several_at_once(home: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        stores = list(threads.map(lambda _: open_store(home), range(8)))
    filled(stores[0])
    assert all(store.plans.get("pl-0001") == plan_record_example() for store in stores)


def test_several_writers_wait_for_each_other(home: Path) -> None:
    stores = [open_store(home) for _ in range(4)]

    def put_some(part: int) -> None:
        for number in range(25):
            stores[part].datasets.put(dataset_example(100 * part + number))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(put_some, range(4)))
    assert len(stores[0].datasets.list(page_size=1000).items) == 100


def test_a_database_url_that_is_none_is_refused(home: Path) -> None:
    with pytest.raises(WardcastError) as raised:
        Store.open("no url", home)
    assert raised.value.kind is ErrorKind.INVALID_INPUT


def test_only_uploads_can_be_discarded(store: Store, tmp_path: Path) -> None:
    upload = store.artefacts.new_upload()
    (upload / "wards.csv").write_text("data")
    bystander = tmp_path / "holiday photos"
    bystander.mkdir()
    store.artefacts.discard_upload(bystander)
    store.artefacts.discard_upload(upload / "..")
    assert bystander.exists()
    assert store.artefacts.uploads() == (upload,)
    store.artefacts.discard_upload(upload)
    assert store.artefacts.uploads() == ()
