"""Work spread over processes or a Dask cluster gives the same results, and loses and leaves behind nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import dask
import psutil
import pytest
from distributed import LocalCluster
from joblib.externals.loky import get_reusable_executor

from tests.fan_out_tasks import (
    Heavy,
    die_at_number_1,
    die_once_at_number_1,
    kill_all_once,
    names_in,
    only_number_0_ends,
    process_id,
    process_ids_of_inner,
    refuse_number_1,
    square,
    sum_of,
    thread_counts,
)
from wardcast.settings import Settings
from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.fan_out import FanOut

LOKY = FanOut(workers=2)
PATIENCE_SECONDS = 60
THREADS = {f"{library}_NUM_THREADS": "2" for library in ("OMP", "OPENBLAS", "MKL")}

either = pytest.mark.parametrize("fan_out", ["loky", "dask"], indirect=True)
every = pytest.mark.parametrize("fan_out", ["sequential", "loky", "dask"], indirect=True)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the workers of the cluster put what they need."""
    return tmp_path_factory.mktemp("dask")


@pytest.fixture(scope="module")
def cluster(scratch: Path) -> Iterator[LocalCluster]:
    """Two worker processes with two threads for their numeric libraries."""
    unlike_ours = {
        "distributed.nanny.pre-spawn-environ": THREADS,
        # Otherwise a worker that is only just restarting after this long is dismissed.
        "distributed.deploy.lost-worker-timeout": "1h",
    }
    with (
        dask.config.set(unlike_ours),
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0",
            silence_logs="CRITICAL",
            local_directory=scratch,
        ) as cluster,
    ):
        yield cluster


@pytest.fixture
def fan_out(request: pytest.FixtureRequest) -> FanOut:
    """One of the three places to run."""
    if request.param == "dask":
        return FanOut(backend="dask", dask_scheduler=request.getfixturevalue("cluster").scheduler_address)
    return FanOut(backend=request.param, workers=2)


@pytest.fixture
def no_workers_yet() -> None:
    """The next fan-out starts its own processes, in the environment of the test."""
    get_reusable_executor().shutdown(wait=True)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_workers_yet: None) -> Path:
    """The folder of everybody's temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for variable in ("TMPDIR", "JOBLIB_TEMP_FOLDER"):
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def worker_processes() -> list[int]:
    children = psutil.Process().children(recursive=True)
    return [child.pid for child in children if any("popen_loky" in word for word in child.cmdline())]


def process_ids(cluster: LocalCluster) -> list[int]:
    with cluster.get_client() as client:
        client.wait_for_workers(2, timeout=PATIENCE_SECONDS)
        return list(client.run(os.getpid).values())


def problem_of(raised: pytest.ExceptionInfo[WardcastError]) -> Problem:
    (problem,) = raised.value.problems
    return problem


@every
def test_results_come_in_order_and_progress_as_items_finish(fan_out: FanOut) -> None:
    told: list[tuple[float, str]] = []
    results = fan_out.map(square, range(5), progress=lambda fraction, phrase: told.append((fraction, phrase)))
    assert results == [0, 1, 4, 9, 16]
    assert told == [(done / 5, f"{done} of 5 done") for done in range(6)]


@either
def test_work_is_done_in_other_processes(fan_out: FanOut) -> None:
    assert os.getpid() not in fan_out.map(process_id, range(4))


# A Dask scheduler that copies what it is given to all workers may ask one of them twice before it hears of the first.
@pytest.mark.parametrize(("fan_out", "most"), [("loky", 1), ("dask", 2)], indirect=["fan_out"])
def test_what_is_shared_is_sent_once_to_each_worker(fan_out: FanOut, most: int, tmp_path: Path) -> None:
    sums = fan_out.map(sum_of, range(12), shared=Heavy(tmp_path))
    arrivals = Counter(note.name.split()[0] for note in tmp_path.iterdir())
    assert sums == list(range(12))
    assert 1 <= max(arrivals.values()) <= most


@either
def test_workers_have_one_thread(fan_out: FanOut, no_workers_yet: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, threads in THREADS.items():
        monkeypatch.setenv(variable, threads)
    for counts in fan_out.map(thread_counts, range(3)):
        assert counts
        assert set(counts) == {1}


@either
def test_a_fan_out_inside_an_item_stays_in_its_process(fan_out: FanOut) -> None:
    for outer, inner in fan_out.map(process_ids_of_inner, range(2)):
        assert inner == [outer] * 3


@pytest.mark.parametrize(("workers", "n_items"), [(1, 3), (2, 1), (0, 1)])
def test_one_worker_or_one_item_needs_no_other_process(workers: int, n_items: int) -> None:
    assert FanOut(workers=workers).map(process_id, range(n_items)) == [os.getpid()] * n_items


def test_nothing_to_do_is_done() -> None:
    assert FanOut().map(square, []) == []


@every
def test_an_error_keeps_its_kind_and_problems_on_its_way_here(fan_out: FanOut) -> None:
    with pytest.raises(WardcastError) as raised:
        fan_out.map(refuse_number_1, range(3))
    assert (raised.value.kind, raised.value.message) == (ErrorKind.INVALID_INPUT, "The ward is missing.")
    assert problem_of(raised) == Problem(where="row 3", expected="a ward", found="nothing", mend="Name one.")


@either
def test_a_lost_worker_does_not_lose_the_run(fan_out: FanOut, tmp_path: Path) -> None:
    assert fan_out.map(die_once_at_number_1, range(6), shared=tmp_path) == list(range(6))
    assert (tmp_path / "died").exists()


def test_the_loss_of_all_workers_with_what_they_share_does_not_lose_the_run(
    cluster: LocalCluster, tmp_path: Path
) -> None:
    workers = process_ids(cluster)
    told: list[str] = []
    results = FanOut(backend="dask", dask_scheduler=cluster.scheduler_address).map(
        kill_all_once, range(6), shared=(tmp_path, workers), progress=lambda _, phrase: told.append(phrase)
    )
    assert results == list(range(6))
    assert any(phrase.startswith("a worker was lost") for phrase in told)


@pytest.mark.parametrize(
    ("fan_out", "setting"), [("loky", "WARDCAST_WORKERS"), ("dask", "WARDCAST_DASK_SCHEDULER")], indirect=["fan_out"]
)
def test_an_item_that_ends_every_worker_is_given_up(
    fan_out: FanOut, setting: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wardcast_models.fan_out.fan_out.MOST_RERUNS", 0)
    if fan_out.backend == "dask":
        cluster = request.getfixturevalue("cluster")
        monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    with pytest.raises(WardcastError, match="kept dying") as raised:
        fan_out.map(die_at_number_1, range(2))
    assert problem_of(raised).where == setting


def test_an_interruption_ends_the_workers_and_clears_up(temporary: Path, tmp_path: Path) -> None:
    class Interrupted(BaseException):
        pass

    def interrupt(fraction: float, phrase: str) -> None:
        if fraction > 0:
            assert worker_processes()
            raise Interrupted

    with pytest.raises(Interrupted):
        LOKY.map(only_number_0_ends, range(3), shared=Heavy(tmp_path), progress=interrupt)
    assert worker_processes() == []
    assert list(temporary.iterdir()) == []


def test_no_temporary_files_are_left(temporary: Path, tmp_path: Path) -> None:
    meanwhile = LOKY.map(names_in, [temporary] * 4, shared=Heavy(tmp_path))
    assert all(meanwhile)
    assert list(temporary.iterdir()) == []


def test_nothing_is_left_in_the_scratch_space_of_a_cluster(
    cluster: LocalCluster, scratch: Path, tmp_path: Path
) -> None:
    assert process_ids(cluster)  # a worker that is only just starting makes its own folder
    before = sorted(scratch.rglob("*"))
    FanOut(backend="dask", dask_scheduler=cluster.scheduler_address).map(sum_of, range(4), shared=Heavy(tmp_path))
    assert sorted(scratch.rglob("*")) == before


PARENT = """
from pathlib import Path
from tests.fan_out_tasks import Heavy, only_number_0_ends
from wardcast_models.fan_out import FanOut

FanOut(workers=2).map(only_number_0_ends, [1, 2], shared=Heavy(Path({notes!r})))
"""


def test_workers_end_and_clear_up_when_their_parent_is_killed(temporary: Path, tmp_path: Path) -> None:
    script = PARENT.format(notes=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        try:
            workers = {int(parent.stdout.readline()), int(parent.stdout.readline())}
            descendants = psutil.Process(parent.pid).children(recursive=True)
        finally:
            parent.kill()
    _, alive = psutil.wait_procs(descendants, timeout=PATIENCE_SECONDS)
    assert workers <= {process.pid for process in descendants}
    assert alive == []
    assert list(temporary.iterdir()) == []


def test_one_setting_moves_the_work_to_a_cluster(cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDCAST_DASK_SCHEDULER", cluster.scheduler_address)
    assert set(Settings.read().fan_out.map(process_id, range(4))) <= set(process_ids(cluster))


def test_a_cluster_that_runs_another_release_is_refused(cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardcast_models.fan_out.cluster._source_digests", lambda *_: {"another"})
    with pytest.raises(WardcastError) as raised:
        FanOut(backend="dask", dask_scheduler=cluster.scheduler_address).map(square, range(2))
    assert "release" in problem_of(raised).expected
