"""What the service refuses of an import, and that nothing of it stays behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from tests.grpc_refusal import refused
from tests.in_process_service import InProcessService, in_process_service
from tests.record_examples import AREA
from wardcast.v1 import dataset_service_pb2_grpc
from wardcast.v1.dataset_service_pb2 import ImportDatasetRequest


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessService]:
    with in_process_service(tmp_path_factory.mktemp("home"), processes=0, max_upload_bytes=1000) as service:
        yield service


@pytest.fixture(scope="module")
def datasets(service: InProcessService) -> Iterator[dataset_service_pb2_grpc.DatasetServiceStub]:
    with grpc.insecure_channel(service.grpc_address) as channel:
        yield dataset_service_pb2_grpc.DatasetServiceStub(channel)


CONFIG = ImportDatasetRequest(config=ImportDatasetRequest.Config(area=AREA))


def file(name: str, size_bytes: int = 3) -> ImportDatasetRequest:
    return ImportDatasetRequest(file=ImportDatasetRequest.File(name=name, size_bytes=size_bytes))


CHUNK = ImportDatasetRequest(chunk=b"abc")


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [CONFIG],
        [file("a.csv"), CHUNK],
        [CONFIG, CONFIG, file("a.csv"), CHUNK],
        [CONFIG, CHUNK],
        [CONFIG, ImportDatasetRequest()],
        [CONFIG, file("a.csv"), ImportDatasetRequest(chunk=b"a" * (1024 * 1024 + 1))],
        [CONFIG, file("a.csv", 4), CHUNK],
        [CONFIG, file("a.csv", 2), CHUNK],
        [CONFIG, file("a.csv", 4), CHUNK, file("b.csv"), CHUNK],
        [CONFIG, file("a.csv", -1)],
        [CONFIG, file("a.csv", 1001)],
        [CONFIG, file("a.csv"), CHUNK, file("A.CSV"), CHUNK],
        [CONFIG, file("a"), CHUNK, file("a/b.csv"), CHUNK],
        [CONFIG, file("a.csv"), CHUNK, file("b.csv", 998), CHUNK],
        [ImportDatasetRequest(config=ImportDatasetRequest.Config(area=" ")), file("a.csv"), CHUNK],
        [ImportDatasetRequest(config=ImportDatasetRequest.Config(area="x" * 300)), file("a.csv"), CHUNK],
    ],
)
def test_an_import_that_is_out_of_order_leaves_nothing_behind(
    service: InProcessService,
    datasets: dataset_service_pb2_grpc.DatasetServiceStub,
    messages: list[ImportDatasetRequest],
) -> None:
    code, details = refused(lambda: datasets.ImportDataset(iter(messages)))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert details["BadRequest"].field_violations
    assert service.workspace.store.artefacts.uploads() == ()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../outside.csv",
        "a/../../outside.csv",
        "a//b.csv",
        "a/./b.csv",
        "a\\..\\b.csv",
        "C:/windows.csv",
        "nul\x00.csv",
        "line\nbreak.csv",
        "x" * 201,
        "é" * 101,
        "/".join("abcdefghi"),
    ],
)
def test_a_file_name_that_leads_elsewhere_is_refused(
    service: InProcessService, datasets: dataset_service_pb2_grpc.DatasetServiceStub, name: str
) -> None:
    code, details = refused(lambda: datasets.ImportDataset(iter([CONFIG, file(name), CHUNK])))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert details["BadRequest"].field_violations[0].field == "file.name"
    outside = [path for path in Path(service.workspace.settings.home).rglob("*outside*") if path.is_file()]
    assert outside == []
    assert service.workspace.store.artefacts.uploads() == ()
