"""What the report says about the forecast itself: its parts, its models, what was marked, and how much it can say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.detector import Proposal, proposed_events
from wardcast_models.forecasting.forecast import Forecast, Precision
from wardcast_models.forecasting.levels import reading_levels
from wardcast_models.forecasting.per_person import PerPersonEffect
from wardcast_models.forecasting.regimes import marked_spans
from wardcast_models.forecasting.steps import EstimatedStep, marked_steps
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.events import event_labels
from wardcast_models.reference.taxonomy import families, taxonomy

ALL_CRIME_LABEL = "All forecast crime"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Expected crimes a month, in parts that add up.

    Attributes:
        label: What they are of.
        parts: Counts a month in the order of `COMPONENTS`, the level first.
    """

    label: str
    parts: tuple[float, ...]

    @property
    def expected(self) -> float:
        """Expected crimes a month."""
        return sum(self.parts)


@dataclass(frozen=True, kw_only=True)
class WardSeries:
    """The forecast of one ward and category, a month, over all months ahead.

    Attributes:
        ward_code: GSS code of the ward.
        ward_name: Its name.
        category: Label of the category.
        expected: Expected crimes a month.
        q05: Lower end of the 90 % range of the months' mean.
        q95: Upper end.
        parts: See `Parts`.
        precision: How much the series can say.
        read_at: Level at which it can be read (see `levels.level_frame`).
    """

    ward_code: str
    ward_name: str
    category: str
    expected: float
    q05: float
    q95: float
    parts: tuple[float, ...]
    precision: Precision
    read_at: str


@dataclass(frozen=True, kw_only=True)
class Readable:
    """How many wards a category can be read in.

    Attributes:
        category: Label of the category.
        precise: Wards with 30 or more a month.
        wide: Wards with 5 to 30 a month.
        too_few: Wards with fewer than 5 a month.
        read_at: Levels at which the last can be read, the most frequent first; empty where there are none.
    """

    category: str
    precise: int
    wide: int
    too_few: int
    read_at: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ForecastView:
    """What is shown of a forecast.

    Attributes:
        until: Last month of data used, `YYYY-MM`.
        members: Names of the models whose mean is expected, and their weights.
        per_person: How far crime follows residents, None where residents play no part.
        parts: All crime, then each family of crime.
        series: Every ward and category.
        readable: Every category.
        steps: Steps of marked events, in the totals that the models learn from.
        area_steps: The same in the area's own total.
        proposals: Changes that nothing marked explains.
        event_labels: Label of each marked event by its key.
    """

    until: str
    members: tuple[tuple[str, float], ...]
    per_person: PerPersonEffect | None
    parts: tuple[Parts, ...]
    series: tuple[WardSeries, ...]
    readable: tuple[Readable, ...]
    steps: tuple[EstimatedStep, ...]
    area_steps: tuple[EstimatedStep, ...]
    proposals: tuple[Proposal, ...]
    event_labels: Mapping[str, str]

    @property
    def events(self) -> tuple[tuple[str, str], ...]:
        """Key and label of each event with an estimated step."""
        seen = {step.event for step in self.steps}
        return tuple((event, label) for event, label in self.event_labels.items() if event in seen)


def forecast_view(panel: Panel, forecast: Forecast) -> ForecastView:
    """Gather what is shown of a forecast.

    Args:
        panel: The panel the forecast was made from.
        forecast: The forecast.

    Returns:
        The view.
    """
    read_at = reading_levels(forecast)
    return ForecastView(
        until=f"{forecast.until:%Y-%m}",
        members=forecast.member_weights,
        per_person=forecast.per_person,
        parts=tuple(_parts(forecast)),
        series=tuple(_series(forecast, read_at)),
        readable=tuple(_readable(forecast, read_at)),
        steps=marked_steps(panel, until=forecast.until),
        area_steps=marked_steps(panel, until=forecast.until, area_only=True),
        proposals=proposed_events(panel, until=forecast.until),
        event_labels=event_labels(marked_spans(panel)),
    )


def _parts(forecast: Forecast) -> Iterator[Parts]:
    """Yield the parts of all crime and of each family; incidents that are no crimes are in families of their own."""
    a_month = forecast.components.sum(axis=1).mean(axis=2)  # (6, C)
    members: dict[str, list[int]] = {}
    for position, category in enumerate(forecast.categories):
        members.setdefault(taxonomy()[category].major, []).append(position)
    crimes = [position for position, category in enumerate(forecast.categories) if taxonomy()[category].crime]
    if crimes:
        yield Parts(label=ALL_CRIME_LABEL, parts=_numbers(a_month[:, crimes].sum(axis=1)))
    for family, positions in members.items():
        yield Parts(label=families()[family], parts=_numbers(a_month[:, positions].sum(axis=1)))


def _series(forecast: Forecast, read_at: NDArray[np.object_]) -> Iterator[WardSeries]:
    bands = np.quantile(forecast.paths.mean(axis=3, dtype=np.float64), (0.05, 0.95), axis=0, method="inverted_cdf")
    parts = forecast.components.mean(axis=3)
    for ward, (code, name) in enumerate(zip(forecast.ward_codes, forecast.ward_names, strict=True)):
        for position, category in enumerate(forecast.categories):
            yield WardSeries(
                ward_code=code,
                ward_name=name,
                category=taxonomy()[category].label,
                expected=float(parts[:, ward, position].sum()),
                q05=float(bands[0, ward, position]),
                q95=float(bands[1, ward, position]),
                parts=_numbers(parts[:, ward, position]),
                precision=forecast.precision[ward][position],
                read_at=str(read_at[ward, position]),
            )


def _readable(forecast: Forecast, read_at: NDArray[np.object_]) -> Iterator[Readable]:
    for position, category in enumerate(forecast.categories):
        said = [row[position] for row in forecast.precision]
        elsewhere = pd.Series([str(level) for level in read_at[forecast.too_few[:, position], position]], dtype=object)
        yield Readable(
            category=taxonomy()[category].label,
            precise=said.count(Precision.OK),
            wide=said.count(Precision.WIDE),
            too_few=said.count(Precision.TOO_FEW),
            read_at=tuple(elsewhere.value_counts().index),
        )


def _numbers(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
