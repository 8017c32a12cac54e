"""Seconds of the parts of a solve, taken while the product runs it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import highspy

from wardcast_models.allocation.programme import solve as solving
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.programme import Programme, Solved

HIGHS = "HiGHS"
FIRST = "build and first solve"
CLOSER = "closer looks"
WHOLE = "whole units"
STEPS = {
    "join_like_shifts": "joining like shifts",
    "start_of_months": "months by themselves",
    "audit": "re-check in numpy",
    "nearest": "second programme",
    "round_hours": "rounding",
}
"""Steps of `solve`, by the name under which it calls them."""

WITH, WITHOUT = "with another figure", "without a limit"


class Stopwatch:
    """Seconds by part, one entry a call.

    Attributes:
        seconds: By part, in the order of the calls.
        sizes: Columns, rows and entries of each programme as HiGHS was given it, in the order of its runs.
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)
        self.sizes: list[tuple[int, int, int]] = []

    def total(self, part: str) -> float:
        """Return the seconds of all calls of a part."""
        return sum(self.seconds[part])

    def totals(self) -> dict[str, float]:
        """Return the seconds of every part."""
        return {part: sum(seconds) for part, seconds in self.seconds.items()}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Take the seconds of what is done within."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name].append(time.perf_counter() - started)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Take the seconds of the solves done within, those of programmes built before among them."""
        steps = {name: self._timed(getattr(solving, name), part) for name, part in STEPS.items()}
        with (
            patch.multiple(solving, Programme=self._programme(), **steps),
            patch.object(highspy.Highs, "run", self._run()),
            patch.object(Programme, "avoided_with", self._timed(Programme.avoided_with, WITH)),
            patch.object(Programme, "avoided_without", self._timed(Programme.avoided_without, WITHOUT)),
        ):
            yield

    def _timed(self, function: Callable[..., Any], part: str) -> Callable[..., Any]:
        """Return a function that does the same and is timed."""

        def timed(*arguments: Any, **named: Any) -> Any:
            with self.part(part):
                return function(*arguments, **named)

        return timed

    def _run(self) -> Callable[[Any], Any]:
        """Return HiGHS's own run, timed."""
        run = highspy.Highs.run

        def timed(model: Any) -> Any:
            self.sizes.append((model.getNumCol(), model.getNumRow(), model.getNumNz()))
            with self.part(HIGHS):
                return run(model)

        return timed

    def _programme(self) -> type[Programme]:
        """Return the programme, timed."""
        watch = self

        class Timed(Programme):
            """A programme whose every use is timed."""

            def __init__(self, instance: Instance, *arguments: Any, **named: Any) -> None:
                self._next = FIRST if instance.unit_hours is None else WHOLE
                with watch.part(self._next):
                    super().__init__(instance, *arguments, **named)

            def move(self, *arguments: Any, **named: Any) -> None:
                with watch.part(CLOSER):
                    super().move(*arguments, **named)

            def solve(self) -> Solved:
                with watch.part(self._next):
                    solved = super().solve()
                self._next = CLOSER
                return solved

        return Timed
