"""Figures as markup: rounded for people, exact for programs."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from wardcast.pack import forecast_wording, packaged_figures, wording
from wardcast.pack.agencies import AGENCY_LABELS
from wardcast_models.allocation.plan_model import Range
from wardcast_models.panel.findings import counted
from wardcast_models.words import listed


def figure(value: float, write: Callable[[float], str]) -> Markup:
    """Return a `data` element that shows a rounded figure and carries the exact one.

    Args:
        value: The figure.
        write: How people read it.

    Returns:
        For example `<data value="1240.25">1,240</data>`.
    """
    return Markup('<data value="{}">{}</data>').format(repr(float(value)), write(value))


def hours(value: float) -> Markup:
    """Return officer hours, to the nearest hour."""
    return figure(value, wording.whole_hours)


def amount(value: float) -> Markup:
    """Return an uncertain quantity, to about three significant figures."""
    return figure(value, wording.amount)


def tenths(value: float) -> Markup:
    """Return an uncertain count or effect, to no more than a tenth."""
    return figure(value, wording.tenths)


def percent(value: float) -> Markup:
    """Return a share as a percentage."""
    return figure(value, wording.percent)


def per_thousand(value: float) -> Markup:
    """Return a share as so many in a thousand, which is also what the element carries."""
    return Markup('<data value="{}">{}</data>').format(repr(1000 * float(value)), wording.per_thousand(value))


def pounds(value: float) -> Markup:
    """Return money, to the nearest pound."""
    return figure(value, wording.pounds)


def change(value: float) -> Markup:
    """Return a ratio as a change in per cent."""
    return figure(value, wording.change)


def with_range(value: Range) -> Markup:
    """Return a mean with its 90 % range, the range on a line of its own where the column is narrow."""
    return Markup('{} <span class="range">({} to {})</span>').format(
        tenths(value.mean), tenths(value.q05), tenths(value.q95)
    )


def plain_count(value: float) -> Markup:
    """Return an expected count that can be added up with what stands beside it."""
    return figure(value, forecast_wording.plain_count)


def signed_count(value: float) -> Markup:
    """Return what a part adds to an expected count, with its sign."""
    return figure(value, forecast_wording.signed_count)


def step_percent(value: float) -> Markup:
    """Return a step given in per cent, with its sign."""
    return figure(value, forecast_wording.signed_percent)


FILTERS: dict[str, Callable[..., object]] = {
    "hours": hours,
    "amount": amount,
    "tenths": tenths,
    "percent": percent,
    "per_thousand": per_thousand,
    "pounds": pounds,
    "change": change,
    "with_range": with_range,
    "month": wording.month_label,
    "short_month": wording.short_month,
    "months": wording.months_label,
    "counted": counted,
    "listed": listed,
    "need_label": wording.need_label,
    "agency": AGENCY_LABELS.__getitem__,
    "plain_count": plain_count,
    "signed_count": signed_count,
    "step_percent": step_percent,
    "month_of": forecast_wording.month_of,
    "precision": forecast_wording.category_precision,
    "levels": forecast_wording.levels_words,
    "evidence_effect": packaged_figures.evidence_effect,
    "profile_value": packaged_figures.profile_value,
}
"""Filters of the templates."""
