"""The report's account of the forecast: charts and tables, rounded for people."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
from markupsafe import Markup

from wardcast.pack.charts.change_bars import ChangeRow, change_bars
from wardcast.pack.charts.interval_plot import IntervalRow, interval_plot
from wardcast.pack.forecast_view import ForecastView, Parts
from wardcast.pack.forecast_wording import PART_LABELS, model_label, signed_count
from wardcast_models.forecasting.detector import Proposal
from wardcast_models.forecasting.per_person import PRIOR_MEAN, PRIOR_SD, PerPersonEffect
from wardcast_models.forecasting.steps import EstimatedStep
from wardcast_models.reference.taxonomy import taxonomy

RECENT_YEARS = 5
"""Older unmarked changes hardly touch a forecast; the workbook has them."""

MOST_PROPOSALS = 15
"""Unmarked changes listed, the strongest first."""


@dataclass(frozen=True, kw_only=True)
class EventRow:
    """Steps of one category.

    Attributes:
        category: Label of the category.
        steps: One a marked event, in the order of the heads; None where it could not be estimated.
    """

    category: str
    steps: tuple[EstimatedStep | None, ...]


@dataclass(frozen=True, kw_only=True)
class ForecastSection:
    """What the template shows of a forecast.

    Attributes:
        view: The forecast.
        parts: Heads of the parts.
        parts_chart: What moves all crime away from its level; None where there is no crime.
        models: Label and weight of each model.
        per_person_chart: The per-person effect before and after the data; None where residents play no part.
        events: Label of each marked event.
        event_rows: Their steps by category.
        event_wards: Number of wards whose totals these are.
        proposals: Recent changes of crime that is forecast and that nothing marked explains.
        other_proposals: How many more there are.
    """

    view: ForecastView
    parts: tuple[str, ...]
    parts_chart: Markup | None
    models: tuple[tuple[str, float], ...]
    per_person_chart: Markup | None
    events: tuple[str, ...]
    event_rows: tuple[EventRow, ...]
    event_wards: int
    proposals: tuple[Proposal, ...]
    other_proposals: int


def forecast_section(view: ForecastView) -> ForecastSection:
    """Prepare what the report shows of a forecast.

    Args:
        view: The forecast.

    Returns:
        The section.
    """
    proposals = _shown_proposals(view)
    return ForecastSection(
        view=view,
        parts=PART_LABELS,
        parts_chart=_parts_chart(view.parts[0]) if view.parts else None,
        models=tuple((model_label(name), weight) for name, weight in view.members),
        per_person_chart=None if view.per_person is None else _per_person_chart(view.per_person),
        events=tuple(label for _, label in view.events),
        event_rows=_event_rows(view),
        event_wards=max((step.wards for step in view.steps), default=0),
        proposals=proposals,
        other_proposals=len(view.proposals) - len(proposals),
    )


def _parts_chart(total: Parts) -> Markup:
    """Draw what each part but the level adds to all crime."""
    rows = [
        ChangeRow(label=label, value=value, value_label=signed_count(value))
        for label, value in zip(PART_LABELS[1:], total.parts[1:], strict=True)
    ]
    words = [f"{row.label}: {row.value_label}." for row in rows]
    return change_bars(
        rows,
        axis_label="Crimes a month, against the level",
        key="forecast-parts",
        title=f"What moves the forecast of {total.parts[0]:,.0f} crimes a month to {total.expected:,.0f}",
        description=" ".join(words),
    )


def _per_person_chart(effect: PerPersonEffect) -> Markup:
    """Draw the effect as assumed, as the data alone have it, and as it is taken."""
    rows = [_interval("Assumed before the data", replace(effect, mean=PRIOR_MEAN, sd=PRIOR_SD))]
    if effect.places:
        rows.append(_interval("What the data alone say", replace(effect, mean=effect.data_mean, sd=effect.data_sd)))
    rows.append(_interval("Taken", effect, emphasised=True))
    words = [f"{row.label}: {row.mean:.2f}, range {row.low:.2f} to {row.high:.2f}." for row in rows]
    return interval_plot(
        rows,
        axis_label="Per cent more crime with one per cent more residents",
        key="per-person",
        title="How far crime follows residents",
        description=" ".join(words),
    )


def _interval(label: str, effect: PerPersonEffect, *, emphasised: bool = False) -> IntervalRow:
    low, high = effect.interval_90
    return IntervalRow(label=label, mean=effect.mean, low=low, high=high, emphasised=emphasised)


def _event_rows(view: ForecastView) -> tuple[EventRow, ...]:
    found = {(step.category, step.event): step for step in view.steps}
    categories = dict.fromkeys(step.category for step in view.steps)
    return tuple(
        EventRow(
            category=taxonomy()[category].label, steps=tuple(found.get((category, event)) for event, _ in view.events)
        )
        for category in categories
    )


def _shown_proposals(view: ForecastView) -> tuple[Proposal, ...]:
    since = pd.Timestamp(view.until) - pd.DateOffset(years=RECENT_YEARS)
    recent = [one for one in view.proposals if one.month > since]
    forecast = [one for one in recent if one.scope == "ward" or taxonomy()[one.key].forecast]
    return tuple(sorted(forecast, key=lambda one: -one.strength)[:MOST_PROPOSALS])
