"""Making limits of a request: which cells of the hours each row adds up, and where it holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.allocation.arrays import Array, Mask
from wardcast_models.allocation.layout import Layout
from wardcast_models.allocation.limits.limit import Limit, LimitKind, Sense, rows_of

A_MONTH = "hours a month"
"""Unit of most figures."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of a request.

    Attributes:
        kind: Which limit.
        field: Field of the request that holds it.
        label: What the limit is called inside a sentence.
        value: The figure, as a person gave it.
        unit: Its unit.
        sense: Side that a plan has to stay on.
    """

    kind: LimitKind
    field: str
    label: str
    value: float
    unit: str
    sense: Sense

    def limit(
        self,
        *,
        cells: Mask,
        row_of: NDArray[np.intp],
        places: tuple[str, ...],
        bound: Array,
        step: Array,
        weight: Array | None = None,
    ) -> Limit | None:
        """Make the limit of rows that add up planned hours.

        Rows that no hours can break are left out: a maximum of nothing, and a minimum of 0.

        Args:
            cells: Which hours count, shape (W, H, S, R).
            row_of: Row that each cell counts in, broadcast to the shape of `cells`; -1 for none.
            places: Where each row holds; length N.
            bound: Right-hand sides, shape (N,).
            step: Change of the right-hand sides when the figure is relaxed by one unit, shape (N,).
            weight: Coefficient of each cell, broadcast to the shape of `cells`; None means 1.

        Returns:
            The limit, or None where no row is left.
        """
        n_rows = len(places)
        rows = np.broadcast_to(row_of, cells.shape)
        counted = cells & (rows >= 0)
        has_cells = np.bincount(rows[counted], minlength=n_rows) > 0
        keep = {
            Sense.AT_MOST: has_cells | (bound < 0),
            Sense.AT_LEAST: bound > 0,
            Sense.EXACTLY: has_cells | (bound != 0),
        }[self.sense]
        if not keep.any():
            return None
        return Limit(
            kind=self.kind,
            field=self.field,
            label=self.label,
            figure=self.value,
            unit=self.unit,
            sense=self.sense,
            hours=rows_of(counted, rows, n_rows, weight)[keep],
            bound=bound[keep],
            step=step[keep],
            places=tuple(place for place, kept in zip(places, keep, strict=True) if kept),
        )

    def by_month(
        self, layout: Layout, *, cells: Mask, months: Mask, bound: Array, step: Array | None = None
    ) -> Limit | None:
        """Make a limit with one row a month.

        Args:
            layout: The request, laid out.
            cells: Which hours count, broadcast to shape (W, H, S, R); those that are not allowed do not.
            months: Months in which it holds, shape (H,).
            bound: Right-hand sides, shape (H,).
            step: Their change when the figure is relaxed by one unit, shape (H,); None means one hour.

        Returns:
            The limit, or None where no row is left.
        """
        row_of = np.where(months, np.cumsum(months) - 1, -1)
        step = np.full(len(bound), -1.0 if self.sense is Sense.AT_LEAST else 1.0) if step is None else step
        return self.limit(
            cells=cells & layout.allowed,
            row_of=row_of[None, :, None, None],
            places=tuple(month for month, holds in zip(layout.months, months, strict=True) if holds),
            bound=bound[months],
            step=step[months],
        )

    def by_ward_and_month(
        self, layout: Layout, *, bound: Array, step: Array, counts: Mask | None = None
    ) -> Limit | None:
        """Make a limit with one row a ward and month.

        Args:
            layout: The request, laid out.
            bound: Right-hand sides, shape (W, H).
            step: Their change when the figure is relaxed by one unit, shape (W, H).
            counts: Resources that count, shape (R,); None means all.

        Returns:
            The limit, or None where no row is left.
        """
        n_wards, n_months, _, _ = layout.shape
        cells = layout.allowed if counts is None else layout.allowed & counts
        return self.limit(
            cells=cells,
            row_of=np.arange(n_wards * n_months).reshape(n_wards, n_months, 1, 1),
            places=tuple(f"{name}, {month}" for name in layout.names for month in layout.months),
            bound=bound.reshape(-1),
            step=step.reshape(-1),
        )
