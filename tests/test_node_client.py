"""A client that shares no code with the service gets a plan from it: Node, with the protos only."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.in_process_service import InProcessService, in_process_service
from tests.record_examples import AREA, dataset_example
from wardcast_models.allocation.request.plan_request import PlanRequest, Resource

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "experiments" / "clients" / "node"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with its packages installed."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Node and npm are not installed")
    folder = tmp_path_factory.mktemp("node") / "client"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules"))
    command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--prefer-offline"]
    # A proof that quietly skips proves nothing: where there is Node, the packages have to be there too.
    installed = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=200, check=False)
    assert installed.returncode == 0, f"npm could not get the packages of the example:\n{installed.stderr}"
    return folder


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessService]:
    with in_process_service(tmp_path_factory.mktemp("home")) as service:
        yield service


def run_example(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", "plan.mjs", *arguments],
        cwd=folder,
        env={"PATH": str(Path(shutil.which("node") or "").parent), "WARDCAST_PROTOS": str(ROOT / "protos")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_node_requests_a_plan_for_the_newest_dataset_and_prints_it(example: Path, service: InProcessService) -> None:
    store = service.workspace.store
    store.datasets.put(dataset_example(1))
    newest = store.datasets.put(dataset_example(2))
    done = run_example(example, service.grpc_address, AREA, "750")
    assert done.returncode == 0, done.stderr
    (record,) = store.plans.list(AREA).items
    assert record.dataset_id == newest.dataset_id
    assert record.request == PlanRequest(
        title="Plan requested from Node",
        resources=(Resource(name="Ward officers", agency="police", hours_per_month=750),),
    )
    lines = done.stdout.splitlines()
    assert lines[0] == record.name
    first = record.plan.wards[0]
    assert lines[2].split()[:3] == ["rank", "code", "ward"]
    assert lines[3].split()[:2] == ["1", first.ward_code]
    assert f"{first.hours:.1f}" in lines[3]
    assert len(lines) == 4 + len(record.plan.wards)
    assert lines[-1] == record.plan.verdict


def test_node_prints_the_sentence_of_a_refusal(example: Path, service: InProcessService) -> None:
    service.workspace.store.datasets.put(dataset_example(3))
    refused = run_example(example, service.grpc_address, AREA, "-5")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "The request `plan.request` has one thing to mend." in refused.stderr


def test_node_says_what_is_missing(example: Path, service: InProcessService) -> None:
    refused = run_example(example, service.grpc_address, "E09000016")
    assert refused.returncode == 1
    assert "has no dataset yet" in refused.stderr
