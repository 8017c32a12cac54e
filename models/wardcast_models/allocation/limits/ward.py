"""Limits on the hours of each ward and month: least, most, a share, a floor, and little change from the last plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.layout import Layout
from wardcast_models.allocation.limits.limit import Limit, LimitKind, Sense, rows_of
from wardcast_models.allocation.limits.rows import A_MONTH, Figure
from wardcast_models.allocation.request.plan_request import LastPlan
from wardcast_models.errors import Problem, invalid_input

ONE_PERCENTAGE_POINT = 0.01

ROUNDING = 1e-9
"""Shares of wards that miss 1 by no more than this make up the whole."""

MOST_WARDS_OF_PLANNED = 100
"""In more wards than this the largest share is one of the hours available: each row of a share of the hours planned
counts every hour of its month, which makes the programme too large."""


def ward_limits(layout: Layout, floor_hours: Array | None) -> Iterator[Limit | None]:
    """Make the limits on wards.

    Args:
        layout: The request, laid out.
        floor_hours: Least council hours for anti-social behaviour, shape (W, H), or None.

    Yields:
        The limits; None for one that no hours can break.

    Raises:
        WardcastError: The largest share leaves hours in some month to too few wards to make up the whole.
    """
    yield from _least_and_most(layout)
    if layout.request.limits.ward_max_share is not None:
        yield _largest_share(layout, layout.request.limits.ward_max_share)
    if floor_hours is not None:
        yield _asb_floor(layout, floor_hours)
    most_change, last = layout.request.limits.most_change_hours_per_month, layout.request.last_plan
    if most_change is not None and last is not None:
        yield from _stability(layout, most_change, last)


def _least_and_most(layout: Layout) -> Iterator[Limit | None]:
    """Limit each ward's hours from below and above."""
    limits = layout.request.limits
    everywhere = np.ones(layout.shape[:2])
    if limits.ward_min_hours_per_month > 0:
        figure = Figure(
            kind=LimitKind.WARD_MIN,
            field="limits.ward_min_hours_per_month",
            label="the ward minimum",
            value=limits.ward_min_hours_per_month,
            unit=A_MONTH,
            sense=Sense.AT_LEAST,
        )
        yield figure.by_ward_and_month(layout, bound=figure.value * everywhere, step=-everywhere)
    if limits.ward_max_hours_per_month is not None:
        figure = Figure(
            kind=LimitKind.WARD_MAX,
            field="limits.ward_max_hours_per_month",
            label="the ward maximum",
            value=limits.ward_max_hours_per_month,
            unit=A_MONTH,
            sense=Sense.AT_MOST,
        )
        yield figure.by_ward_and_month(layout, bound=figure.value * everywhere, step=everywhere)


def _largest_share(layout: Layout, share: float) -> Limit | None:
    """Keep each ward's hours to a share of all hours planned in a month; in very many wards, of those available.

    One percentage point more is taken to be that of the hours available in the month, a fixed number: where hours stay
    idle it is a little more than one of those planned.
    """
    is_of_planned = len(layout.codes) <= MOST_WARDS_OF_PLANNED
    figure = Figure(
        kind=LimitKind.WARD_MAX_SHARE,
        field="limits.ward_max_share",
        label="the largest share a ward may get",
        value=100 * share,
        unit=f"percent of a month's {'planned' if is_of_planned else 'available'} hours",
        sense=Sense.AT_MOST,
    )
    available = np.broadcast_to(layout.capacity.sum(axis=1), layout.shape[:2])
    bound, step = share * available, ONE_PERCENTAGE_POINT * available
    if not is_of_planned:
        return figure.by_ward_and_month(layout, bound=bound, step=step)
    _refuse_too_small_a_share(layout, share)
    limit = figure.by_ward_and_month(layout, bound=np.zeros_like(bound), step=step)
    return None if limit is None or share == 1 else replace(limit, hours=_over_the_share(layout, share))


def _over_the_share(layout: Layout, share: float) -> csr_array:
    """Return rows that count each ward's hours less the share of all hours of the month, wards without any left out."""
    n_wards, n_months, _, _ = layout.shape
    row_of = np.arange(n_wards * n_months).reshape(n_wards, n_months)
    own = rows_of(layout.allowed, row_of[:, :, None, None], row_of.size)
    all_of_month = rows_of(layout.allowed, np.arange(n_months)[None, :, None, None], n_months)
    rows = np.nonzero(np.diff(own.indptr))[0]
    return csr_array(own[rows] - share * all_of_month[rows % n_months])


def _refuse_too_small_a_share(layout: Layout, share: float) -> None:
    """Refuse a share that the wards in which teams may work cannot make up all hours of a month with."""
    open_wards = layout.allowed.any(axis=(2, 3)).sum(axis=0)
    for month, n_open in zip(layout.months, open_wards.tolist(), strict=True):
        if n_open and share * n_open < 1 - ROUNDING:
            least = np.ceil(1000 / n_open) / 1000
            raise invalid_input(
                f"`limits.ward_max_share` is {share:g}, but teams may work in {n_open} wards in {month}: with less "
                f"than 1/{n_open} each they cannot share out a month's hours.",
                Problem(
                    where="limits.ward_max_share",
                    expected=f"at least {least:g}",
                    found=f"{share:g}",
                    mend=f"Raise it to {least:g} or more, leave it out, or let teams work in more wards.",
                ),
            )


def _asb_floor(layout: Layout, floor_hours: Array) -> Limit | None:
    """Keep council hours for anti-social behaviour in every ward; all wards' floors move with the figure together."""
    share = layout.request.limits.asb_floor_share
    figure = Figure(
        kind=LimitKind.ASB_FLOOR,
        field="limits.asb_floor_share",
        label="the hours ring-fenced for anti-social behaviour",
        value=100 * share,
        unit="percent of council hours",
        sense=Sense.AT_LEAST,
    )
    return figure.by_ward_and_month(
        layout,
        bound=floor_hours,
        step=-ONE_PERCENTAGE_POINT / share * floor_hours,
        counts=layout.employed_by("council"),
    )


def _stability(layout: Layout, most_change: float, last: LastPlan) -> Iterator[Limit | None]:
    """Keep each ward's hours near those of the last plan; only wards with more than the change have a least."""
    hours = np.array([last.ward_hours_per_month.get(code, 0.0) for code in layout.codes])
    before = np.repeat(hours[:, None], len(layout.months), axis=1)
    ones = np.ones_like(before)
    field = "limits.most_change_hours_per_month"
    least = Figure(
        kind=LimitKind.STABILITY_MIN,
        field=field,
        label="the most change downwards from the last plan",
        value=most_change,
        unit=A_MONTH,
        sense=Sense.AT_LEAST,
    )
    yield least.by_ward_and_month(layout, bound=before - most_change, step=-ones)
    most = Figure(
        kind=LimitKind.STABILITY_MAX,
        field=field,
        label="the most change upwards from the last plan",
        value=most_change,
        unit=A_MONTH,
        sense=Sense.AT_MOST,
    )
    yield most.by_ward_and_month(layout, bound=before + most_change, step=ones)
