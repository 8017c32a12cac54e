"""How far each category stepped with each marked event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.level_regression import LevelRegression, trend_and_season
from wardcast_models.forecasting.pool import pool_category
from wardcast_models.forecasting.regimes import event_regressors, marked_spans
from wardcast_models.forecasting.scope import scope_of
from wardcast_models.forecasting.total import logarithm
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.events import EventSpan

FEWEST_A_MONTH = 5.0
"""A total below this mean has no logarithm to speak of."""

_NORMAL_95 = 1.645


@dataclass(frozen=True, kw_only=True)
class EstimatedStep:
    """The step of one category with one marked event.

    Attributes:
        category: Category id.
        event: Key of the event.
        step_percent: How far, in per cent.
        low: Lower end of its 90 % interval.
        high: Upper end.
        wards: Number of wards in the total that it was estimated from.
    """

    category: str
    event: str
    step_percent: float
    low: float
    high: float
    wards: int


@dataclass(frozen=True, kw_only=True)
class Total:
    """The monthly total of a category over wards that are observed together.

    Attributes:
        months: The months observed, length T.
        places: Their positions among the panel's months, shape (T,).
        counts: The total, shape (T,).
        wards: How many wards.
    """

    months: pd.DatetimeIndex
    places: NDArray[np.intp]
    counts: NDArray[np.float64]
    wards: int

    @property
    def log(self) -> NDArray[np.float64]:
        """Its logarithm, shape (T,)."""
        return logarithm(self.counts)

    @property
    def counting_variance(self) -> float:
        """Variance of the logarithm that counting alone makes."""
        return 1.0 / max(float(self.counts.mean()), 1.0)


def category_total(past: Panel, category: int, *, area_only: bool = False) -> Total:
    """Add up a category over all wards where they are observed together, else over the area's.

    Args:
        past: The panel.
        category: Position of the category; observed in all wards of the area in some month.
        area_only: Leave the wards outside the area out.

    Returns:
        The total.
    """
    rows = past.area_rows if area_only else np.arange(len(past.ward_codes))
    counts = past.counts[rows, category]
    within = np.searchsorted(rows, past.area_rows)
    pool = pool_category(counts, np.ones_like(counts), within, np.zeros(len(rows), dtype=np.intp))
    places = np.flatnonzero(~np.isnan(pool.total))
    return Total(months=past.months[places], places=places, counts=pool.total[places], wards=len(pool.rows))


def marked_steps(panel: Panel, *, until: pd.Timestamp, area_only: bool = False) -> tuple[EstimatedStep, ...]:
    """Estimate the step of each category that is forecast with each marked event.

    The logarithm of the pooled total is regressed on trend, season and events beside a level that wanders (see
    `LevelRegression`), so that a slow change is not taken for a step. Events overlap: the step of the lockdowns is on
    top of the pandemic's.

    Args:
        panel: The panel.
        until: Last month looked at.
        area_only: Take the area's wards alone, also where the files hold more.

    Returns:
        One a category and event; none for categories with fewer than 5 a month, nor for an event that trend, season and
        the other events make up over the months observed: in exactly two years, a step after the first is the trend.

    Raises:
        WardcastError: `until` lies outside the panel, or the data are too short to forecast from.
    """
    past = panel.up_to(until)
    scope = scope_of(past)
    steps: list[EstimatedStep] = []
    for category, position in zip(scope.categories, scope.positions, strict=True):
        total = category_total(past, int(position), area_only=area_only)
        events = seen_events(total.months, until, marked_spans(past, category))
        if events.empty or total.counts.mean() < FEWEST_A_MONTH:
            continue
        marked = events.to_numpy(dtype=np.float64)
        design = np.hstack([marked, trend_and_season(total.months)])
        regression = LevelRegression(places=total.places, regressors=design)
        found = regression.estimates(total.log[None], np.array([total.counting_variance]))
        for number, event in enumerate(events.columns):
            mean, margin = found.mean[0, number], _NORMAL_95 * found.sd[0, number]
            steps.append(
                EstimatedStep(
                    category=category,
                    event=str(event),
                    step_percent=percent(mean),
                    low=percent(mean - margin),
                    high=percent(mean + margin),
                    wards=total.wards,
                )
            )
    return tuple(steps)


def seen_events(months: pd.DatetimeIndex, until: pd.Timestamp, spans: Sequence[EventSpan]) -> pd.DataFrame:
    """Return the regressors of the marked events that can be told from trend, season and each other.

    Args:
        months: The months observed; length T.
        until: Last month of data.
        spans: Spans of the events.

    Returns:
        One row a month and one column an event that `trend_and_season` and the columns before it do not already make up
        over them.
    """
    events = event_regressors(months, until=until, spans=spans)
    design = trend_and_season(months)
    kept: list[str] = []
    for name in events.columns:
        wider = np.column_stack([design, events[name].to_numpy(dtype=np.float64)])
        if np.linalg.matrix_rank(wider) > np.linalg.matrix_rank(design):
            design = wider
            kept.append(str(name))
    return events[kept]


def percent(log_step: float) -> float:
    """Return a step of a logarithm in per cent."""
    return float(100.0 * np.expm1(log_step))
