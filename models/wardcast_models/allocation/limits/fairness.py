"""Limits of fairness, in its two faces: protection of every ward or group, and the burden of enforcement on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from wardcast_models.allocation.arrays import Array, Mask
from wardcast_models.allocation.demand.area_facts import AreaFacts
from wardcast_models.allocation.layout import Layout
from wardcast_models.allocation.limits.limit import Limit, LimitKind, Sense
from wardcast_models.allocation.limits.rows import Figure
from wardcast_models.allocation.request.limits import FairnessUnit
from wardcast_models.allocation.resource_effect import is_enforcement

LEAST_PERSONS = 1.0
"""A ward counts as having at least this many persons: burden is per person."""


@dataclass(frozen=True, kw_only=True)
class Stake:
    """What protection is measured by.

    Attributes:
        need: Expected harm over the plan, preventable or not, shape (W,).
        claimable: Curves on which harm can be avoided at all, shape (W, H, S, G).
        reference: Harm avoided per unit of need in the whole area if all hours were split in proportion to preventable
            harm, limits aside.
    """

    need: Array
    claimable: Mask
    reference: float


def protection_limit(layout: Layout, facts: AreaFacts, stake: Stake) -> Limit | None:
    """Make the limit on harm avoided per unit of need, in every ward or group over the whole plan.

    Harm avoided has to be at least share x need x the harm that the proportional split avoids per unit of need in the
    whole area. That is an absolute number of harm, known before the plan: a floor against the plan's own area total
    could be met by avoiding less elsewhere, and is no linear limit. Wards and groups without need have no row.

    Args:
        layout: The request, laid out.
        facts: What is known of the area.
        stake: Need, and where harm can be avoided.

    Returns:
        The limit, or None where the request asks for none.
    """
    limits = layout.request.limits
    share = limits.protection_floor
    if share is None:
        return None
    members, names = _units(layout, facts, limits.protection_by)
    need = members @ stake.need
    rows = need > 0
    if not rows.any():
        return None
    claimable = stake.claimable.reshape(len(layout.codes), -1)
    unit, ward = np.nonzero(members[rows])
    curve = [np.nonzero(claimable[one])[0] + one * claimable.shape[1] for one in ward]
    of_unit = np.repeat(unit, [part.size for part in curve])
    shape = (int(rows.sum()), claimable.size)
    avoided = csr_array((np.ones(of_unit.size), (of_unit, np.concatenate(curve))), shape=shape)
    bound = share * stake.reference * need[rows]
    return Limit(
        kind=LimitKind.PROTECTION,
        field="limits.protection_floor",
        label="the protection floor",
        figure=100 * share,
        unit="percent of the harm avoided per unit of need by the proportional split",
        sense=Sense.AT_LEAST,
        hours=csr_array((bound.size, layout.allowed.size)),
        avoided=avoided,
        bound=bound,
        step=-0.01 * stake.reference * need[rows],
        places=tuple(name for name, kept in zip(names, rows, strict=True) if kept),
    )


def burden_limit(layout: Layout, facts: AreaFacts) -> Limit | None:
    """Make the limit on enforcement hours per 1,000 persons exposed, in every ward or group and month.

    Args:
        layout: The request, laid out.
        facts: What is known of the area; `area_facts` has refused a ceiling without known persons.

    Returns:
        The limit, or None where the request asks for none or no resource enforces.
    """
    limits = layout.request.limits
    ceiling = limits.burden_ceiling_hours_per_1000
    if ceiling is None or facts.persons is None:
        return None
    figure = Figure(
        kind=LimitKind.BURDEN,
        field="limits.burden_ceiling_hours_per_1000",
        label="the burden ceiling",
        value=ceiling,
        unit="enforcement hours a month per 1,000 persons exposed",
        sense=Sense.AT_MOST,
    )
    members, names = _units(layout, facts, limits.burden_by)
    unit_of = members.argmax(axis=0)  # every ward is in one unit
    persons = np.maximum(members @ facts.persons, LEAST_PERSONS)[unit_of]  # (W, H)
    n_months = len(layout.months)
    row_of = unit_of[:, None] * n_months + np.arange(n_months)
    enforces = np.array([is_enforcement(resource) for resource in layout.resources])
    n_rows = len(names) * n_months
    return figure.limit(
        cells=layout.allowed & enforces,
        row_of=row_of[:, :, None, None],
        places=tuple(f"{name}, {month}" for name in names for month in layout.months),
        bound=np.full(n_rows, ceiling),
        step=np.ones(n_rows),
        weight=(1000 / persons)[:, :, None, None],
    )


def _units(layout: Layout, facts: AreaFacts, by: FairnessUnit) -> tuple[Array, tuple[str, ...]]:
    """Return which wards each ward or group consists of, shape (U, W), and its name; length U."""
    if by == "ward":
        return np.eye(len(layout.codes)), layout.names
    names = tuple(sorted(set(facts.groups)))
    members = np.array([[group == name for group in facts.groups] for name in names], dtype=np.float64)
    return members, names
