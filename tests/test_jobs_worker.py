"""A worker does what waits, tells how it went, and can be interrupted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from wardcast.jobs.handlers import Handler, load_handlers
from wardcast.jobs.queue import JobQueue
from wardcast.jobs.worker import Worker
from wardcast.settings import Settings
from wardcast.store.records import OperationRecord, OperationState
from wardcast.store.store import Store
from wardcast_models.errors import ErrorKind, Problem, WardcastError, invalid_input
from wardcast_models.progress import Progress

PLAN = "areas/E09000002/plans/pl-1"


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[JobQueue]:
    store = Store.open(f"sqlite:///{tmp_path / 'wardcast.db'}", tmp_path / "artefacts")
    yield JobQueue(store)
    store.close()


def abandon_nothing() -> None:
    raise AssertionError("the handler should have stopped by itself")


def worker_of(
    queue: JobQueue, handler: Handler, *, grace_seconds: float = 30, abandon: Callable[[], None] = abandon_nothing
) -> Worker:
    return Worker(queue, {"create_plan": handler}, owner="worker", grace_seconds=grace_seconds, abandon=abandon)


def done_by(queue: JobQueue, handler: Handler) -> OperationRecord:
    record = queue.submit("create_plan", "E09000002", {"seed": 3})
    assert worker_of(queue, handler).run_one()
    return queue.get(record.operation_id)


def test_a_handler_gets_its_payload_and_its_result_is_kept(queue: JobQueue) -> None:
    def handler(operation: OperationRecord, progress: Progress) -> str:
        assert operation.payload == {"seed": 3}
        progress(0.5, "solving")
        return PLAN

    done = done_by(queue, handler)
    assert (done.state, done.result_name, done.phrase) == (OperationState.SUCCEEDED, PLAN, "solving")


def test_an_idle_worker_says_so(queue: JobQueue) -> None:
    assert not worker_of(queue, lambda *_: PLAN).run_one()


def test_a_failure_told_in_full_is_kept_in_full(queue: JobQueue) -> None:
    problem = Problem(where="limits", expected="at most 900 hours", found="1900", mend="Lower the minimum.")

    def handler(operation: OperationRecord, progress: Progress) -> str:
        raise WardcastError(ErrorKind.INFEASIBLE, "The limits clash.", [problem])

    failed = done_by(queue, handler)
    assert failed.state is OperationState.FAILED
    assert (failed.error_kind, failed.error_problems) == (ErrorKind.INFEASIBLE, (problem,))


def test_a_fault_is_logged_and_not_shown(queue: JobQueue, caplog: pytest.LogCaptureFixture) -> None:
    def handler(operation: OperationRecord, progress: Progress) -> str:
        raise ZeroDivisionError("secret detail")

    with caplog.at_level(logging.ERROR):
        failed = done_by(queue, handler)
    assert failed.error_kind is ErrorKind.INTERNAL
    assert "secret" not in failed.error_message
    assert failed.name in failed.error_message
    assert "ZeroDivisionError: secret detail" in caplog.text


def test_work_that_nothing_can_do_fails(queue: JobQueue) -> None:
    record = queue.submit("make_coffee", "E09000002", {})
    worker_of(queue, lambda *_: PLAN).run_one()
    assert "make_coffee" in queue.get(record.operation_id).error_message


def test_a_handler_that_tells_progress_stops_when_cancelled(queue: JobQueue) -> None:
    def handler(operation: OperationRecord, progress: Progress) -> str:
        queue.cancel(record.operation_id)
        progress(0.1, "working")
        raise AssertionError("progress should not have returned")

    record = queue.submit("create_plan", "E09000002", {})
    worker_of(queue, handler).run_one()
    assert queue.get(record.operation_id).state is OperationState.CANCELLED


def test_a_worker_that_is_to_stop_puts_its_work_back(queue: JobQueue) -> None:
    def handler(operation: OperationRecord, progress: Progress) -> str:
        worker.stopping.set()
        progress(0.1, "working")
        raise AssertionError("progress should not have returned")

    record = queue.submit("create_plan", "E09000002", {})
    worker = worker_of(queue, handler)
    worker.run()
    put_back = queue.get(record.operation_id)
    assert (put_back.state, put_back.attempts) == (OperationState.QUEUED, 0)


def test_a_handler_that_does_not_listen_is_abandoned(queue: JobQueue) -> None:
    abandoned = Event()

    def handler(operation: OperationRecord, progress: Progress) -> str:
        queue.cancel(record.operation_id)
        assert abandoned.wait(30)
        return PLAN

    record = queue.submit("create_plan", "E09000002", {})
    worker_of(queue, handler, grace_seconds=0, abandon=abandoned.set).run_one()
    assert queue.get(record.operation_id).state is OperationState.CANCELLED


def test_a_handler_whose_lease_was_lost_writes_nothing(queue: JobQueue) -> None:
    def handler(operation: OperationRecord, progress: Progress) -> str:
        queue.release_owner("worker")
        second = queue.take("other worker")
        queue.succeed(second, PLAN)
        progress(0.9, "still working")
        raise AssertionError("progress should not have returned")

    record = queue.submit("create_plan", "E09000002", {})
    worker_of(queue, handler).run_one()
    done = queue.get(record.operation_id)
    assert (done.state, done.fraction) == (OperationState.SUCCEEDED, 1.0)


def test_a_sign_of_life_that_fails_is_given_again(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    renew, renewed, failures = queue.renew, Event(), iter([True, True])

    def hiccup(record: OperationRecord) -> OperationRecord | None:
        if next(failures, False):
            raise OSError("the database is locked")
        renewed.set()
        return renew(record)

    def handler(operation: OperationRecord, progress: Progress) -> str:
        assert renewed.wait(30), "the heartbeat has ended"
        return PLAN

    monkeypatch.setattr(queue, "renew", hiccup)
    monkeypatch.setattr("wardcast.jobs.attempt._BEAT_SECONDS", 0.01)
    assert done_by(queue, handler).state is OperationState.SUCCEEDED
    assert "the database is locked" in caplog.text


def test_a_progress_note_that_fails_does_not_fail_the_work(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    def hiccup(*_: object) -> None:
        raise OSError("the database is locked")

    def handler(operation: OperationRecord, progress: Progress) -> str:
        progress(0.5, "solving")
        return PLAN

    monkeypatch.setattr(queue, "report", hiccup)
    assert done_by(queue, handler).state is OperationState.SUCCEEDED


def test_work_that_cannot_be_settled_is_abandoned_all_the_same(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    abandoned = Event()

    def hiccup(*_: object) -> None:
        raise OSError("the database is locked")

    def handler(operation: OperationRecord, progress: Progress) -> str:
        queue.cancel(operation.operation_id)
        assert abandoned.wait(30)
        return PLAN

    monkeypatch.setattr(queue, "end_cancelled", hiccup)
    queue.submit("create_plan", "E09000002", {})
    worker_of(queue, handler, grace_seconds=0, abandon=abandoned.set).run_one()


def test_no_handler_can_swallow_an_interruption(queue: JobQueue) -> None:
    def handler(operation: OperationRecord, progress: Progress) -> str:
        queue.cancel(record.operation_id)
        try:
            progress(0.1, "working")
        except Exception as error:
            raise invalid_input("Something went wrong.") from error
        return PLAN

    record = queue.submit("create_plan", "E09000002", {})
    worker_of(queue, handler).run_one()
    assert queue.get(record.operation_id).state is OperationState.CANCELLED


@pytest.mark.parametrize(
    "path", ["tests.fake_handlers", "tests.fake_handlers:NONE", "no.such:make_handlers", ":", "os:sep", "builtins:repr"]
)
def test_a_path_without_handlers_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(WardcastError) as raised:
        load_handlers(path, Settings(home=tmp_path))
    assert raised.value.kind is ErrorKind.INTERNAL
