"""The cases that are measured, and what is wanted of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Place:
    """An area of the benchmark.

    Attributes:
        title: Its name in the report.
        area: Its code or name in the official files.
        n_wards: Its wards, where it is drawn.
        runs: How often its cases are run.
    """

    title: str
    area: str
    n_wards: int
    runs: int


PLACES = {
    "lbbd": Place(title="Barking and Dagenham", area="E09000002", n_wards=19, runs=5),
    "london": Place(title="all London", area="London", n_wards=679, runs=1),
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One programme that is measured.

    Attributes:
        place: Key in `PLACES`.
        title: What it is, in the report.
        options: Of `quarter.quarter`.
        what_ifs: Whether its binding limits are asked what one unit more or less would change.
        once: Whether one run is enough.
    """

    place: str
    title: str
    options: dict[str, Any] = field(default_factory=dict)
    what_ifs: bool = False
    once: bool = False

    @property
    def whole_units(self) -> bool:
        """Whether it has whole units, which the programme beside it does not."""
        return bool(self.options.get("whole_units"))


CASES = {
    "lbbd": Case(place="lbbd", title="all limits", what_ifs=True),
    "lbbd-months-apart": Case(place="lbbd", title="no limit over the whole plan", options={"coupled": False}),
    "lbbd-cvar": Case(place="lbbd", title="all limits, worst tenth of 200 paths", options={"cvar_weight": 0.5}),
    "lbbd-whole-units": Case(place="lbbd", title="all limits, whole units", options={"whole_units": True}, once=True),
    "london": Case(place="london", title="all limits", what_ifs=True),
    "london-months-apart": Case(place="london", title="no limit over the whole plan", options={"coupled": False}),
}


@dataclass(frozen=True, kw_only=True)
class Target:
    """A figure that is wanted.

    Attributes:
        case: Key in `CASES`.
        title: What is measured.
        figure: Attribute of the measurements.
        most: Largest value wanted.
        unit: Its unit.
    """

    case: str
    title: str
    figure: str
    most: float
    unit: str


TARGETS = (
    Target(case="lbbd", title="assemble, build and solve", figure="plan_seconds", most=1.0, unit="s"),
    Target(case="lbbd-cvar", title="assemble, build and solve", figure="plan_seconds", most=8.0, unit="s"),
    Target(case="lbbd", title="slowest what-if", figure="slowest_what_if_seconds", most=0.5, unit="s"),
    Target(case="london", title="assemble, build and solve", figure="plan_seconds", most=20.0, unit="s"),
    Target(case="london", title="peak memory", figure="peak_mib", most=2048.0, unit="MiB"),
)
