"""Lists are given in pages: complete, without doubles, and only to tokens that belong to them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.record_examples import dataset_example
from wardcast.store.identifiers import (
    new_id,
    parse_operation_name,
    parse_parent,
    parse_resource_name,
    resource_name,
)
from wardcast.store.pages import decode_token, encode_token, slice_page
from wardcast.store.store import Store
from wardcast_models.errors import ErrorKind, WardcastError


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home: Path = tmp_path_factory.mktemp("home")
    store = Store.open(f"sqlite:///{home / 'wardcast.db'}", home)
    for number in range(7):
        store.datasets.put(dataset_example(number))
    store.datasets.put(dataset_example(50, area_code="E09000016"))
    yield store
    store.close()


def all_pages(store: Store, area_code: str | None, page_size: int) -> list[str]:
    names, token = [], ""
    while True:
        page = store.datasets.list(area_code, page_size=page_size, page_token=token)
        assert len(page.items) <= page_size
        names += [record.name for record in page.items]
        token = page.next_page_token
        if not token:
            return names


@pytest.mark.parametrize("page_size", [1, 2, 3, 7, 8, 1000])
def test_pages_of_any_size_give_every_item_once_newest_first(store: Store, page_size: int) -> None:
    expected = [dataset_example(number).name for number in reversed(range(7))]
    assert all_pages(store, "E09000002", page_size) == expected


def test_all_areas_are_listed_together(store: Store) -> None:
    assert len(all_pages(store, None, 3)) == 8


def test_items_added_meanwhile_do_not_shift_the_pages(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'wardcast.db'}", tmp_path)
    for number in range(4):
        store.datasets.put(dataset_example(number))
    first = store.datasets.list(page_size=2)
    store.datasets.put(dataset_example(99))
    second = store.datasets.list(page_size=2, page_token=first.next_page_token)
    assert [*first.items, *second.items] == [dataset_example(number) for number in (3, 2, 1, 0)]


def test_a_token_is_good_for_its_own_list_only(store: Store) -> None:
    token = store.datasets.list("E09000002", page_size=2).next_page_token
    refused = (
        lambda: store.datasets.list("E09000016", page_token=token),
        lambda: store.datasets.list(page_token=token),
        lambda: store.plans.list("E09000002", page_token=token),
    )
    for attempt in refused:
        with pytest.raises(WardcastError, match="page token") as raised:
            attempt()
        assert raised.value.kind is ErrorKind.INVALID_INPUT


@given(st.text(max_size=60))
def test_any_other_text_is_refused_as_a_token(token: str) -> None:
    with pytest.raises(WardcastError, match="page token"):
        decode_token(token, ["datasets", ""], (str, str))


def test_a_token_with_the_wrong_sort_of_key_is_refused() -> None:
    with pytest.raises(WardcastError):
        decode_token(encode_token(["models", "x"], ["2025"]), ["models", "x"], (int,))


@pytest.mark.parametrize("moment", ["yesterday", "0001-01-01T00:00:00+23:59"])
def test_a_token_with_a_time_that_is_none_is_refused(store: Store, moment: str) -> None:
    with pytest.raises(WardcastError, match="page token"):
        store.datasets.list(page_token=encode_token(["datasets", ""], [moment, "ds-1"]))


@pytest.mark.parametrize("content", ["[" * 1400, "[" * 20_000, " " * 1_000_000])
def test_a_token_made_to_exhaust_the_reader_is_refused(content: str) -> None:
    token = base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")
    with pytest.raises(WardcastError, match="page token"):
        decode_token(token, ["datasets", ""], (str, str))


def test_a_token_that_starts_before_the_list_is_refused() -> None:
    with pytest.raises(WardcastError, match="page token"):
        slice_page(range(9), scope=["n"], page_size=3, page_token=encode_token(["n"], [-4]))


def test_a_negative_page_size_is_refused(store: Store) -> None:
    with pytest.raises(WardcastError, match="fewer than no items"):
        store.datasets.list(page_size=-1)


@given(st.integers(0, 40), st.integers(1, 12))
def test_a_list_at_hand_is_cut_without_loss(length: int, page_size: int) -> None:
    found: list[int] = []
    token = ""
    while True:
        page = slice_page(range(length), scope=["numbers"], page_size=page_size, page_token=token)
        found += page.items
        token = page.next_page_token
        if not token:
            break
    assert found == list(range(length))


def test_ids_sort_by_time_and_fit_into_names() -> None:
    ids = [new_id("pl") for _ in range(50)]
    assert [identifier[:15] for identifier in ids] == sorted(identifier[:15] for identifier in ids)
    assert len(set(ids)) == 50
    for identifier in ids:
        name = resource_name("E09000002", "plans", identifier)
        assert parse_resource_name(name, "plans") == ("E09000002", identifier)


@pytest.mark.parametrize(
    "name",
    ["", "plans/pl-1", "areas/E09/forecasts/pl-1", "areas/../plans/x", "areas/E09/plans/../../x", "areas/E09/plans/"],
)
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(WardcastError):
        parse_resource_name(name, "plans")


def test_every_area_is_meant_only_where_that_makes_sense() -> None:
    assert parse_parent("areas/-", allow_any=True) is None
    with pytest.raises(WardcastError):
        parse_parent("areas/-")
    with pytest.raises(WardcastError):
        parse_operation_name("areas/E09/operations/1")
