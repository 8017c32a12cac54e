"""A client asks a running service for everything it offers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from tests.in_process_service import InProcessService, in_process_service
from tests.record_examples import AREA, forecast_example, request_example
from wardcast.client import WardcastClient
from wardcast.store.records import DatasetRecord
from wardcast_models.allocation.request.limits import Limits
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.forecasting.grouping import CategoryLevel, PlaceLevel
from wardcast_models.forecasting.levels import level_frame


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessService]:
    with in_process_service(tmp_path_factory.mktemp("home"), max_upload_bytes=5_000_000) as service:
        yield service


@pytest.fixture(scope="module")
def client(service: InProcessService) -> Iterator[WardcastClient]:
    with WardcastClient(service.grpc_address) as client:
        yield client


@pytest.fixture(scope="module")
def dataset(client: WardcastClient, tmp_path_factory: pytest.TempPathFactory) -> DatasetRecord:
    return client.import_dataset(official_files(tmp_path_factory.mktemp("data")), area="Barking and Dagenham")


def official_files(folder: Path) -> Path:
    (folder / "mps" / "older").mkdir(parents=True)
    (folder / "mps" / "wards (last 24 months).csv").write_bytes(b"w" * 2_500_000)
    (folder / "mps" / "older" / "wards.csv").write_bytes(b"")
    return folder


def test_files_are_sent_and_kept_as_a_dataset(
    client: WardcastClient, service: InProcessService, dataset: DatasetRecord
) -> None:
    sent = [finding.file for finding in dataset.findings]
    assert sent == ["mps/older/wards.csv", "mps/wards (last 24 months).csv"]
    assert client.get_dataset(dataset.name) == dataset
    assert dataset in list(client.datasets(AREA))
    assert dataset in list(client.datasets("-"))
    assert service.workspace.store.artefacts.uploads() == ()


def test_a_broken_file_is_told_with_its_row_and_nothing_is_kept(
    client: WardcastClient, service: InProcessService, tmp_path: Path
) -> None:
    (tmp_path / "broken.csv").write_text("a,b\n1")
    before = list(client.datasets("-"))
    with pytest.raises(WardcastError, match=r"broken\.csv cannot be read") as raised:
        client.import_dataset(tmp_path, area=AREA)
    assert raised.value.kind is ErrorKind.INVALID_INPUT
    assert raised.value.problems[0].where == "broken.csv row 3"
    assert list(client.datasets("-")) == before
    assert service.workspace.store.artefacts.uploads() == ()


def test_more_than_the_service_takes_is_refused(
    client: WardcastClient, service: InProcessService, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(b"a" * 3_000_000)
    (tmp_path / "b.csv").write_bytes(b"b" * 3_000_000)
    with pytest.raises(WardcastError, match="too large") as raised:
        client.import_dataset(tmp_path, area=AREA)
    assert raised.value.problems[0].where == "b.csv"
    assert service.workspace.store.artefacts.uploads() == ()


def test_a_folder_without_files_is_refused_before_anything_is_sent(client: WardcastClient, tmp_path: Path) -> None:
    with pytest.raises(WardcastError, match="is empty"):
        client.import_dataset(tmp_path, area=AREA)


def test_a_single_file_is_sent_as_well_as_a_folder(client: WardcastClient, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_bytes(b"not asked for")
    (tmp_path / "wards.csv").write_bytes(b"w" * 77)
    dataset = client.import_dataset(tmp_path / "wards.csv", area=AREA)
    assert [finding.file for finding in dataset.findings] == ["wards.csv"]


def test_the_files_sent_are_those_that_would_be_read_here(client: WardcastClient, tmp_path: Path) -> None:
    for hidden in (".DS_Store", ".git/config.csv", "mps/.~lock.wards.csv"):
        path = tmp_path / "data" / hidden
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"hidden")
    (tmp_path / "data" / "mps" / "wards.csv").write_bytes(b"w" * 78)
    dataset = client.import_dataset(tmp_path / "data", area=AREA)
    assert [finding.file for finding in dataset.findings] == ["mps/wards.csv"]


def test_a_forecast_is_made_and_read_back_row_by_row(client: WardcastClient, dataset: DatasetRecord) -> None:
    told: list[tuple[float, str]] = []
    forecast = client.create_forecast(
        dataset,
        until=dataset.last_month,
        horizon_months=30,
        n_paths=60,
        seed=5,
        model="mean_12_months",
        progress=lambda fraction, phrase: told.append((fraction, phrase)),
    )
    assert (forecast.horizon_months, forecast.n_paths, forecast.seed) == (30, 60, 5)
    assert (forecast.model, forecast.scenario) == ("mean_12_months", "as_planned")
    assert told[-1][0] == 1.0
    expected = forecast_example(horizon_months=30, n_paths=60, seed=5)
    assert_frame_equal(client.forecast_rows(forecast), level_frame(expected), check_dtype=False)
    coarse = {"places": PlaceLevel.AREA, "categories": CategoryLevel.ALL}
    assert_frame_equal(client.forecast_rows(forecast, **coarse), level_frame(expected, **coarse), check_dtype=False)
    assert_frame_equal(client.forecast_tables(forecast)[1], expected.decomposition_frame(), check_dtype=False)
    _, total = client.forecast_tables(forecast, **coarse)
    assert total["expected"].to_numpy() == pytest.approx(expected.mean.sum(axis=(0, 1)))
    assert client.forecast_notes(forecast) == expected.assumptions
    assert client.get_forecast(forecast.name) == forecast
    assert forecast in list(client.forecasts(AREA))


def test_a_forecast_out_of_range_is_refused_at_once(client: WardcastClient, dataset: DatasetRecord) -> None:
    with pytest.raises(WardcastError) as raised:
        client.create_forecast(dataset, horizon_months=37)
    assert raised.value.problems[0].where == "forecast.horizon_months"


def test_a_plan_is_made_and_its_files_downloaded(client: WardcastClient, dataset: DatasetRecord) -> None:
    plan = client.create_plan(dataset, request=request_example())
    assert plan.request == request_example()
    assert plan.plan.assignments
    assert client.get_plan(plan.name) == plan
    assert plan in list(client.plans(AREA))
    report = client.plan_file(plan, "report.html")
    assert report.startswith(b"<!doctype html>")
    assert len(report) == 600_015
    assert client.plan_file(plan, "assignments.csv") == b"ward_code\n"


def test_limits_that_clash_are_told_with_their_hours(client: WardcastClient, dataset: DatasetRecord) -> None:
    impossible = request_example().model_copy(update={"limits": Limits(ward_min_hours_per_month=5000)})
    with pytest.raises(WardcastError, match="more than there are") as raised:
        client.create_plan(dataset, request=impossible)
    assert raised.value.kind is ErrorKind.INFEASIBLE
    assert raised.value.problems[0].expected == "19000 hours"


def test_models_are_trained_listed_and_promoted(client: WardcastClient, dataset: DatasetRecord) -> None:
    assert client.train_model(dataset, until=dataset.last_month).version == 2
    assert [model.version for model in client.models(AREA)] == [2, 1]
    told: list[str] = []
    judged = client.judge_model(AREA, 2, n_origins=3, progress=lambda _fraction, phrase: told.append(phrase))
    assert judged.version == 2
    assert any("judging with 3 origins" in phrase for phrase in told)
    promoted = client.promote(AREA, 2, without_gate_reason="for the test")
    assert (promoted.aliases, promoted.without_gate_reason) == (("champion",), "for the test")
    assert [model.aliases for model in client.models(AREA)] == [("champion",), ()]
    assert client.models("E09000016") == []
    with pytest.raises(WardcastError) as raised:
        client.promote(AREA, 77)
    assert raised.value.kind is ErrorKind.NOT_FOUND


@pytest.mark.parametrize(
    "name", ["areas/E09000002/plans/pl-none", "areas/E09000016/plans/pl-none", "areas/E09000002/plans/..%2f"]
)
def test_a_plan_that_is_not_there_is_said_so(client: WardcastClient, name: str) -> None:
    with pytest.raises(WardcastError) as raised:
        client.get_plan(name)
    assert raised.value.kind in {ErrorKind.NOT_FOUND, ErrorKind.INVALID_INPUT}


def test_a_service_that_is_not_there_is_said_so() -> None:
    with WardcastClient("127.0.0.1:1") as client, pytest.raises(WardcastError, match="No service answers"):
        client.models(AREA)


def test_a_restart_forgets_nothing(client: WardcastClient, dataset: DatasetRecord, tmp_path: Path) -> None:
    with in_process_service(tmp_path, processes=1) as first, WardcastClient(first.grpc_address) as one:
        kept = one.import_dataset(official_files(tmp_path / "data"), area=AREA)
        plan = one.create_plan(kept, request=request_example())
    with in_process_service(tmp_path, processes=0) as second, WardcastClient(second.grpc_address) as other:
        assert list(other.datasets(AREA)) == [kept]
        assert other.get_plan(plan.name) == plan
        assert other.plan_file(plan, "assignments.csv") == b"ward_code\n"
