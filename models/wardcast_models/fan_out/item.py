"""One item of a fan-out, as it runs wherever it was sent."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

from threadpoolctl import threadpool_limits

Function = Callable[[Any, Any], Any]
"""Called with what is shared and an item."""
Numbered = Sequence[tuple[int, Any]]
"""Items with their places in the order asked for."""
Outcomes = Iterator[tuple[int, Any]]
"""Results with their items' places, as they finish."""
Run = Callable[[Function, Numbered, Any], AbstractContextManager[Outcomes]]
"""Runs items with what is shared; leaving the context early ends what still runs."""

_inside: ContextVar[bool] = ContextVar("inside an item", default=False)


def inside_item() -> bool:
    """Tell whether the caller is itself an item of a fan-out."""
    return _inside.get()


def run_item(function: Function, shared: Any, place: int, item: Any) -> tuple[int, Any]:
    """Run one item.

    Args:
        function: What to call.
        shared: Its first argument.
        place: The item's place in the order asked for.
        item: Its second argument.

    Returns:
        The place and the result.
    """
    before = _inside.set(True)
    try:
        return place, function(shared, item)
    finally:
        _inside.reset(before)


@contextmanager
def quietly_closed(outcomes: Generator[tuple[int, Any]]) -> Iterator[None]:
    """Close joblib's results at the end, without its warning where some were not taken.

    Args:
        outcomes: What `joblib.Parallel` returned; closing it early ends what still runs.

    Yields:
        Nothing.
    """
    try:
        yield
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            outcomes.close()


@contextmanager
def in_this_process(function: Function, items: Numbered, shared: Any) -> Iterator[Outcomes]:
    """Run items one after another, here.

    Args:
        function: What to call.
        items: Its second arguments, with their places.
        shared: Its first argument.

    Yields:
        Places and results.
    """
    with threadpool_limits(limits=1):
        yield (run_item(function, shared, place, item) for place, item in items)
