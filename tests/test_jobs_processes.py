"""Workers are processes: they are replaced when they die, and they die with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wardcast.jobs.queue import JobQueue
from wardcast.jobs.supervisor import WorkerPool
from wardcast.settings import Settings
from wardcast.store.records import OperationRecord, OperationState
from wardcast.store.store import Store

HANDLERS = "tests.process_handlers:make_handlers"
PATIENCE_SECONDS = 60


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    settings = settings_of(tmp_path)
    store = Store.open(settings.resolved_database_url, settings.artefact_dir)
    yield store
    store.close()


@pytest.fixture
def queue(store: Store) -> JobQueue:
    return JobQueue(store)


@pytest.fixture
def pool(tmp_path: Path, queue: JobQueue) -> Iterator[WorkerPool]:
    pool = WorkerPool(queue, settings_of(tmp_path), handlers_path=HANDLERS)
    pool.start()
    yield pool
    pool.stop()


def settings_of(home: Path) -> Settings:
    return Settings(home=home, worker_processes=1)


def eventually(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def awaited(queue: JobQueue, record: OperationRecord) -> OperationRecord:
    eventually(lambda: queue.get(record.operation_id).state.done)
    return queue.get(record.operation_id)


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    # A process that ended but was not yet waited for still has an id.
    return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_worker_process_that_is_killed_is_replaced_and_its_work_done(
    pool: WorkerPool, queue: JobQueue, tmp_path: Path
) -> None:
    (first,) = pool.process_ids
    done = awaited(queue, queue.submit("killed_once", "E09000002", {"file": str(tmp_path / "marker")}))
    assert (done.state, done.attempts) == (OperationState.SUCCEEDED, 2)
    assert pool.process_ids != (first,)


def test_a_supervisor_that_cannot_reach_the_database_tries_again(
    pool: WorkerPool, queue: JobQueue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, failures = queue.release_owner, iter([True])

    def hiccup(owner: str) -> None:
        if next(failures, False):
            raise OSError("the database is locked")
        release(owner)

    monkeypatch.setattr(queue, "release_owner", hiccup)
    done = awaited(queue, queue.submit("killed_once", "E09000002", {"file": str(tmp_path / "marker")}))
    assert (done.state, done.attempts) == (OperationState.SUCCEEDED, 2)


def test_stopping_puts_the_work_back_and_ends_the_process(pool: WorkerPool, queue: JobQueue, tmp_path: Path) -> None:
    record = queue.submit("until_file", "E09000002", {"file": str(tmp_path / "never")})
    eventually(lambda: queue.get(record.operation_id).phrase == "waiting for the file")
    (process_id,) = pool.process_ids
    pool.stop()
    assert not is_alive(process_id)
    put_back = queue.get(record.operation_id)
    assert (put_back.state, put_back.attempts) == (OperationState.QUEUED, 0)


SUPERVISOR = """
import sys
from pathlib import Path
from wardcast.jobs.queue import JobQueue
from wardcast.jobs.supervisor import WorkerPool
from wardcast.settings import Settings
from wardcast.store.store import Store

if __name__ == "__main__":
    settings = Settings(home=Path(sys.argv[1]), worker_processes=1)
    queue = JobQueue(Store.open(settings.resolved_database_url, settings.artefact_dir))
    pool = WorkerPool(queue, settings, handlers_path=sys.argv[2])
    pool.start()
    sys.stdin.read()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_worker_dies_with_its_parent_and_leaves_its_work_to_the_next(
    store: Store, queue: JobQueue, tmp_path: Path, how: signal.Signals
) -> None:
    script = tmp_path / "supervisor.py"
    script.write_text(SUPERVISOR)
    record = queue.submit("until_file", "E09000002", {"file": str(tmp_path / "file")})
    parent = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path), HANDLERS],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        start_new_session=True,
    )
    eventually(lambda: queue.get(record.operation_id).phrase == "waiting for the file")
    worker = int((tmp_path / "file.pid").read_text())
    parent.send_signal(how)
    parent.communicate()
    eventually(lambda: not is_alive(worker))
    put_back = queue.get(record.operation_id)
    assert (put_back.state, put_back.attempts) == (OperationState.QUEUED, 0)


def test_a_pool_that_was_never_started_can_be_stopped(tmp_path: Path, queue: JobQueue) -> None:
    pool = WorkerPool(queue, settings_of(tmp_path), handlers_path=HANDLERS)
    pool.stop()
    assert pool.process_ids == ()
