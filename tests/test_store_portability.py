"""Other databases than SQLite: what the store asks can be said in PostgreSQL's dialect. No such server is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.expression import ClauseElement

from tests.record_examples import dataset_example, forecast_record_example, plan_record_example
from wardcast.store.records import OperationRecord
from wardcast.store.store import Store
from wardcast.store.tables import Base

NOW = datetime(2025, 4, 2, 9, 15, tzinfo=UTC)


@pytest.fixture
def asked() -> Iterator[list[ClauseElement]]:
    """Every statement that any engine is asked while the test lasts."""
    statements: list[ClauseElement] = []

    def keep(_connection: object, statement: ClauseElement, *_: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_execute", keep)
    yield statements
    event.remove(Engine, "before_execute", keep)


def in_postgresql(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=postgresql.dialect()))


def work_through(store: Store) -> None:
    """Ask the store everything that it can be asked."""
    for examples, repository in (
        ((dataset_example(1), dataset_example(2)), store.datasets),
        ((forecast_record_example(1), forecast_record_example(2)), store.forecasts),
        ((plan_record_example(1), plan_record_example(2)), store.plans),
    ):
        for example in examples:
            repository.put(example)
        page = repository.list("E09000002", page_size=1)
        repository.list("E09000002", page_size=1, page_token=page.next_page_token)
    for number in range(3):
        store.operations.put(
            OperationRecord(operation_id=f"op-{number}", kind="plan", area_code="E09000002", payload={}, created_at=NOW)
        )
    assert store.operations.any_waiting(now=NOW)
    until = NOW + timedelta(minutes=1)
    held = store.operations.take(owner="a", now=NOW, expires_at=until, max_attempts=3)
    assert held is not None
    store.operations.renew(held, now=NOW, expires_at=until)
    store.operations.report(held, fraction=0.5, phrase="half", now=NOW)
    store.operations.succeed(held, result_name="areas/E09000002/plans/pl-1", now=NOW)
    store.operations.request_cancel("op-1", now=NOW)
    store.operations.release_owner("a", now=NOW)
    store.operations.unfinished()
    store.operations.expired(now=NOW)
    assert store.operations.delete_done(held.operation_id)


def test_every_statement_can_be_said_in_postgresql(asked: list[ClauseElement], store: Store) -> None:
    work_through(store)
    told = [in_postgresql(statement) for statement in asked]
    kinds = {text.split(maxsplit=1)[0] for text in told}
    assert kinds == {"CREATE", "SELECT", "INSERT", "UPDATE", "DELETE"}
    (taking,) = {text for text in told if "SKIP LOCKED" in text}
    assert "FOR UPDATE SKIP LOCKED" in taking, "two workers would take the same operation"


def test_the_tables_hold_there_what_they_hold_here() -> None:
    tables = {table.name: in_postgresql(CreateTable(table)) for table in Base.metadata.sorted_tables}
    assert "seed BIGINT NOT NULL" in tables["forecasts"], "a seed may have 63 bits"
    for table in Base.metadata.sorted_tables:
        for index in table.indexes:
            assert in_postgresql(CreateIndex(index)).startswith("CREATE INDEX")


def test_a_thing_that_another_process_stored_meanwhile_is_found_and_not_a_fault(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store.datasets.put(dataset_example())
    look = Session.get
    answers: list[object] = [None]  # as it was before the other process stored it

    def overtaken(session: Session, *arguments: object, **options: object) -> object:
        return answers.pop() if answers else look(session, *arguments, **options)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(Session, "get", overtaken)
    assert store.datasets.put(dataset_example()) == first
    assert answers == []
