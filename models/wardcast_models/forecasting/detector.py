"""Steps that no marked event explains: proposals for a person to look into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.level_regression import LevelRegression, Scan, trend_and_season
from wardcast_models.forecasting.regimes import marked_spans
from wardcast_models.forecasting.steps import category_total, percent, seen_events
from wardcast_models.forecasting.total import logarithm
from wardcast_models.panel.panel import Panel
from wardcast_models.progress import Progress, silent
from wardcast_models.reference.events import EventSpan, event_labels
from wardcast_models.reference.taxonomy import taxonomy

STEP_STRENGTH = 4.0
"""Square root of the likelihood ratio from which a step is proposed (see `LevelRegression.scan`).

Measured on simulated series of 60, 120 and 180 months with a season and 20, 50 or 1,000 a month, none with a step: at
most 0.7 % are given one where the level stays or follows a straight trend, 0 to 19 % where it wanders by 1 to 6 % a
month (a level that wanders has months that look like steps; a strength of 5 then leaves about 1 %). A step of 30 % in a
steady series of 50 a month is found in 93 to 100 % of series of 180 months, 79 to 98 % of 120 and 29 to 77 % of 60."""

MONTH_STRENGTH = 5.0
"""The same for a single month that is out of line; higher, as a single count has fatter tails than a mean of many."""

SHORTEST_MONTHS = 48
"""A shorter series is not searched: season, trend and step cannot be told apart."""

FEWEST_A_MONTH = 20.0
"""A smaller mean is not searched: its logarithm jumps by itself."""

_EDGE_MONTHS = 6
_MOST_PER_SERIES = 4
_NEAR_MONTHS = 2
_COMMON_CATEGORIES = 3
_NORMAL_95 = 1.645


class Shape(StrEnum):
    """How a series was out of line."""

    STEP = "step"
    """The level changed and stayed."""
    MONTH = "month"
    """One month stands out."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One change that trend, season and marked events do not explain.

    Attributes:
        scope: `category` for the pooled total of a category, `ward` for a ward's crime against all other wards'.
        key: Category id or ward code.
        label: Name for people.
        shape: Whether the level changed, or one month stands out.
        month: First month of the new level, or the month itself.
        step_percent: How far.
        low: Lower end of its 90 % interval; the month is taken as certain.
        high: Upper end.
        strength: Square root of the likelihood ratio.
        note: What a person should know before marking it as an event.
    """

    scope: str
    key: str
    label: str
    shape: Shape
    month: pd.Timestamp
    step_percent: float
    low: float
    high: float
    strength: float
    note: str


def proposed_events(panel: Panel, *, until: pd.Timestamp, progress: Progress = silent) -> tuple[Proposal, ...]:
    """Search every category's pooled total, and every ward of the area against all other wards, for unmarked changes.

    Steps and single months are added to the regression one at a time, the strongest first, until none passes its
    threshold (Chen and Liu, Journal of the American Statistical Association 88, 1993). A proposal changes no forecast:
    a person decides whether something happened that should be marked.

    Args:
        panel: The panel.
        until: Last month looked at.
        progress: Told how far it is.

    Returns:
        The proposals, categories first, the strongest of each first.

    Raises:
        WardcastError: `until` lies outside the panel.
    """
    past = panel.up_to(until)
    progress(0.0, "searching for unmarked steps")
    together: dict[tuple[bytes, tuple[EventSpan, ...]], list[_Series]] = {}
    for one in [*_category_series(past), *_ward_series(past)]:
        together.setdefault((one.places.tobytes(), one.spans), []).append(one)
    found: list[Proposal] = []
    for done, series in enumerate(together.values()):
        progress(done / len(together), "searching for unmarked steps")
        found.extend(_search(series, past.months))
    return _noted(sorted(found, key=lambda one: (one.scope, -one.strength)), marked_spans(past))


@dataclass(frozen=True, kw_only=True)
class _Series:
    """One series to be searched.

    Attributes:
        scope: See `Proposal`, as `key` and `label`.
        log: Its logarithm, shape (T,).
        variance: Variance of it that counting alone makes.
        places: Positions of its months among the panel's, shape (T,).
        spans: Spans of the events that are marked in it.
    """

    scope: str
    key: str
    label: str
    log: NDArray[np.float64]
    variance: float
    places: NDArray[np.intp]
    spans: tuple[EventSpan, ...]


def _category_series(past: Panel) -> Iterator[_Series]:
    """Yield the pooled total of each category that is long and large enough."""
    for position, category in enumerate(past.categories):
        if np.isnan(past.counts[past.area_rows, position]).any(axis=0).all():
            continue
        total = category_total(past, position)
        if len(total.months) >= SHORTEST_MONTHS and total.counts.mean() >= FEWEST_A_MONTH:
            yield _Series(
                scope="category",
                key=category,
                label=taxonomy()[category].label,
                log=total.log,
                variance=total.counting_variance,
                places=total.places,
                spans=marked_spans(past, category),
            )


def _ward_series(past: Panel) -> Iterator[_Series]:
    """Yield each large ward of the area against all others, in the categories observed everywhere and always."""
    always = ~np.isnan(past.counts).any(axis=(0, 2))
    if len(past.months) < SHORTEST_MONTHS or len(past.counts) < 2 or not always.any():
        return
    crime = past.counts[:, always].sum(axis=1)
    everywhere = crime.sum(axis=0)
    for row in past.area_rows.tolist():
        others = everywhere - crime[row]
        if crime[row].mean() >= FEWEST_A_MONTH:
            yield _Series(
                scope="ward",
                key=past.ward_codes[row],
                label=past.ward_names[past.ward_codes[row]],
                log=logarithm(crime[row]) - logarithm(others),
                variance=1.0 / crime[row].mean() + 1.0 / max(others.mean(), 1.0),
                places=np.arange(len(past.months)),
                spans=marked_spans(past, ""),
            )


def _search(series: Sequence[_Series], calendar: pd.DatetimeIndex) -> Iterator[Proposal]:
    """Add changes to the regressions of N series over the same T months and events until none is strong enough."""
    places, spans = series[0].places, series[0].spans
    months = calendar[places]
    log, variance = np.stack([one.log for one in series]), np.array([one.variance for one in series])
    events = seen_events(months, months[-1], spans).to_numpy(dtype=np.float64)
    design = np.hstack([trend_and_season(months), events])
    changes, shapes, starts = _changes(len(months))
    enough = np.where(shapes == Shape.STEP, STEP_STRENGTH, MONTH_STRENGTH)
    first = LevelRegression(places=places, regressors=design).scan(log, changes, variance)
    for number, one in enumerate(series):
        row, taken = slice(number, number + 1), design
        scan = Scan(size=first.size[row], sd=first.sd[row], strength=first.strength[row])
        for _ in range(_MOST_PER_SERIES):
            at = int((np.abs(scan.strength[0]) - enough).argmax())
            if abs(scan.strength[0, at]) < enough[at]:
                break
            size, margin = scan.size[0, at], _NORMAL_95 * scan.sd[0, at]
            yield Proposal(
                scope=one.scope,
                key=one.key,
                label=one.label,
                shape=Shape(shapes[at]),
                month=months[starts[at]],
                step_percent=percent(size),
                low=percent(size - margin),
                high=percent(size + margin),
                strength=float(abs(scan.strength[0, at])),
                note="",
            )
            taken = np.column_stack([taken, changes[:, at]])
            scan = LevelRegression(places=places, regressors=taken).scan(log[row], changes, variance[row])


def _changes(n_months: int) -> tuple[NDArray[np.float64], NDArray[np.str_], NDArray[np.intp]]:
    """Return steps and single months as regressors (T, J), their shapes (J,) and first months (J,)."""
    steps = np.arange(_EDGE_MONTHS, n_months - _EDGE_MONTHS + 1)
    every = np.arange(n_months)
    regressors = np.hstack([every[:, None] >= steps, np.eye(n_months, dtype=bool)]).astype(np.float64)
    return regressors, np.repeat([Shape.STEP, Shape.MONTH], [len(steps), n_months]), np.concatenate([steps, every])


def _noted(proposals: Sequence[Proposal], spans: Sequence[EventSpan]) -> tuple[Proposal, ...]:
    """Say of each proposal what else moved in its month, and which marked event is near."""
    together = Counter(one.month for one in proposals if one.scope == "category")
    noted = []
    for one in proposals:
        notes = []
        near = _marked_event_near(one.month, spans)
        if near:
            notes.append(f"Close to the edge of a marked event, {near}, whose months may be too few or too many.")
        if one.scope == "category" and together[one.month] >= _COMMON_CATEGORIES:
            notes.append(f"{together[one.month]} categories change in this month.")
        if one.scope == "category" and not taxonomy()[one.key].forecast:
            notes.append("This category is not forecast.")
        if one.scope == "ward":
            notes.append("Against all other wards of the files; ward shares follow such a change by themselves.")
        noted.append(replace(one, note=" ".join(notes)))
    return tuple(noted)


def _marked_event_near(month: pd.Timestamp, spans: Sequence[EventSpan]) -> str:
    """Return the label of a marked event that starts or ends within two months of a month, or ""."""
    near = pd.DateOffset(months=_NEAR_MONTHS)
    for span in spans:
        edges = (span.first_month, span.last_month + pd.DateOffset(months=1) if span.last_month else None)
        if any(edge is not None and month - near <= edge <= month + near for edge in edges):
            return event_labels(spans)[span.event]
    return ""
