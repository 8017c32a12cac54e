"""The queue gives each operation to one worker at a time and loses none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from tests.record_examples import NOON
from wardcast.jobs.queue import JobQueue, QueueRules
from wardcast.store.database import BUSY_TIMEOUT_SECONDS
from wardcast.store.records import OperationState
from wardcast.store.store import Store
from wardcast_models.errors import ErrorKind, WardcastError, invalid_input


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self):
        self.now += timedelta(microseconds=1)
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'wardcast.db'}", tmp_path / "artefacts")
    yield store
    store.close()


@pytest.fixture
def queue(store: Store, clock: Clock) -> JobQueue:
    return JobQueue(store, rules=QueueRules(lease_seconds=10, max_attempts=3), now=clock)


def rest(path: Path, *, hours: float) -> None:
    """Let a path look as if it was last written that long before the clock's noon."""
    for below in (path, *path.rglob("*")):
        moment = (NOON - timedelta(hours=hours)).timestamp()
        os.utime(below, (moment, moment))


def submit(queue: JobQueue, kind: str = "create_plan") -> str:
    return queue.submit(kind, "E09000002", {"dataset_id": "ds-1"}).operation_id


def test_operations_are_taken_in_the_order_submitted(queue: JobQueue) -> None:
    submitted = [submit(queue) for _ in range(3)]
    taken = [queue.take("worker") for _ in range(3)]
    assert [record.operation_id for record in taken if record] == submitted
    assert queue.take("worker") is None


def test_an_operation_goes_to_one_of_many_workers(store: Store) -> None:
    queue = JobQueue(store)
    submitted = {submit(queue) for _ in range(20)}

    def take_all(worker: int) -> list[str]:
        mine = JobQueue(store)
        taken = []
        while record := mine.take(f"worker {worker}"):
            taken.append(record.operation_id)
        return taken

    with ThreadPoolExecutor(4) as threads:
        taken = [identifier for part in threads.map(take_all, range(4)) for identifier in part]
    assert len(taken) == 20
    assert set(taken) == submitted


def test_progress_and_result_are_kept(queue: JobQueue) -> None:
    identifier = submit(queue)
    record = queue.take("worker")
    queue.report(record, 0.4, "fitting")
    running = queue.get(identifier)
    assert (running.state, running.fraction, running.phrase) == (OperationState.RUNNING, 0.4, "fitting")
    queue.succeed(record, "areas/E09000002/plans/pl-1")
    done = queue.get(identifier)
    assert (done.state, done.fraction, done.result_name) == (
        OperationState.SUCCEEDED,
        1.0,
        "areas/E09000002/plans/pl-1",
    )
    assert done.lease_owner == ""


@pytest.mark.parametrize(("told", "kept"), [(-1.0, 0.0), (1.5, 1.0)])
def test_a_fraction_out_of_bounds_is_bounded(queue: JobQueue, told: float, kept: float) -> None:
    identifier = submit(queue)
    queue.report(queue.take("worker"), told, "counting wrongly")
    assert queue.get(identifier).fraction == kept


def test_a_silent_worker_loses_its_operation_to_another(queue: JobQueue, clock: Clock) -> None:
    identifier = submit(queue)
    silent = queue.take("silent")
    clock.pass_seconds(9)
    assert queue.take("other") is None
    clock.pass_seconds(2)
    second = queue.take("other")
    assert second.operation_id == identifier
    assert second.attempts == 2
    assert queue.renew(silent) is None
    assert queue.succeed(silent, "areas/E09000002/plans/too-late") is None
    assert queue.succeed(second, "areas/E09000002/plans/in-time") is not None
    assert queue.get(identifier).result_name.endswith("in-time")


def test_a_sign_of_life_keeps_an_operation(queue: JobQueue, clock: Clock) -> None:
    submit(queue)
    record = queue.take("worker")
    for _ in range(5):
        clock.pass_seconds(8)
        assert queue.renew(record) is not None
        assert queue.take("other") is None


def test_an_operation_whose_workers_keep_dying_is_given_up_with_the_reason(queue: JobQueue, clock: Clock) -> None:
    identifier = submit(queue)
    for attempt in range(1, 4):
        assert queue.take("doomed").attempts == attempt
        clock.pass_seconds(11)
    assert queue.take("next") is None
    failed = queue.get(identifier)
    assert failed.state is OperationState.FAILED
    assert failed.error_kind is ErrorKind.INTERNAL
    assert "stopped 3 times" in failed.error_message


def test_a_lease_outlasts_the_wait_for_a_busy_database() -> None:
    assert QueueRules().lease_seconds > BUSY_TIMEOUT_SECONDS + 5


def test_what_a_dead_worker_held_is_available_at_once(queue: JobQueue) -> None:
    identifier = submit(queue)
    queue.take("dead")
    queue.release_owner("dead")
    assert queue.take("other").operation_id == identifier


def test_putting_back_does_not_count_as_an_attempt(queue: JobQueue) -> None:
    submit(queue)
    for _ in range(5):
        queue.put_back(queue.take("stopping"))
    assert queue.take("worker").attempts == 1


def test_a_waiting_operation_is_cancelled_at_once(queue: JobQueue) -> None:
    identifier = submit(queue)
    assert queue.cancel(identifier).state is OperationState.CANCELLED
    assert queue.take("worker") is None


def test_a_running_operation_is_told_to_stop(queue: JobQueue) -> None:
    identifier = submit(queue)
    record = queue.take("worker")
    assert queue.cancel(identifier).state is OperationState.RUNNING
    assert queue.renew(record).cancel_requested
    queue.end_cancelled(record)
    assert queue.get(identifier).state is OperationState.CANCELLED


def test_a_cancelled_operation_of_a_dead_worker_ends_cancelled(queue: JobQueue, clock: Clock) -> None:
    identifier = submit(queue)
    queue.take("dead")
    queue.cancel(identifier)
    clock.pass_seconds(11)
    assert queue.take("other") is None
    assert queue.get(identifier).state is OperationState.CANCELLED


def test_cancelling_what_has_ended_changes_nothing(queue: JobQueue) -> None:
    identifier = submit(queue)
    queue.fail(queue.take("worker"), invalid_input("The file is broken."))
    failed = queue.get(identifier)
    assert queue.cancel(identifier) == failed


def test_only_ended_operations_can_be_forgotten(queue: JobQueue) -> None:
    identifier = submit(queue)
    with pytest.raises(WardcastError, match="has not ended") as raised:
        queue.delete(identifier)
    assert raised.value.kind is ErrorKind.CONFLICT
    queue.cancel(identifier)
    queue.delete(identifier)
    with pytest.raises(WardcastError, match="There is no operation"):
        queue.get(identifier)


@pytest.mark.parametrize("end", ["succeed", "fail", "cancel"])
def test_uploaded_files_are_deleted_once_their_operation_ends(queue: JobQueue, store: Store, end: str) -> None:
    folder = store.artefacts.new_upload()
    record = queue.submit("import_dataset", "London", {"data_dir": str(folder)})
    if end == "cancel":
        queue.cancel(record.operation_id)
    elif end == "fail":
        queue.fail(queue.take("worker"), invalid_input("Broken."))
    else:
        queue.succeed(queue.take("worker"), "areas/E12000007/datasets/ds-1")
    assert not folder.exists()


def test_uploaded_files_stay_while_their_operation_may_run_again(queue: JobQueue, store: Store) -> None:
    folder = store.artefacts.new_upload()
    queue.submit("import_dataset", "London", {"data_dir": str(folder)})
    queue.put_back(queue.take("stopping"))
    rest(folder, hours=2)
    queue.sweep_uploads()
    assert folder.exists()


def test_an_upload_that_became_no_operation_is_deleted_once_it_has_rested(queue: JobQueue, store: Store) -> None:
    left_over, coming_in = store.artefacts.new_upload(), store.artefacts.new_upload()
    (coming_in / "mps").mkdir()
    (coming_in / "mps" / "wards.csv").write_bytes(b"so far")
    rest(left_over, hours=1.1)
    rest(coming_in, hours=3)
    rest(coming_in / "mps" / "wards.csv", hours=0.9)
    queue.sweep_uploads()
    assert not left_over.exists()
    assert coming_in.exists()


def test_a_folder_that_was_not_uploaded_is_never_deleted(queue: JobQueue, tmp_path: Path) -> None:
    own = tmp_path / "my data"
    own.mkdir()
    queue.submit("import_dataset", "London", {"data_dir": str(own)})
    queue.succeed(queue.take("worker"), "areas/E12000007/datasets/ds-1")
    assert own.exists()
