"""The worst tenth of futures in a linear programme.

The mean of the worst tenth (CVaR) is posed as its convex minimum: a threshold plus the mean excess over it divided by
the tenth (Rockafellar and Uryasev, Journal of Risk 2 (3), 2000).
"""

from __future__ import annotations

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.programme.instance import Futures
from wardcast_models.allocation.programme.linear_programme import LinearProgramme
from wardcast_models.allocation.programme.segments import Segments
from wardcast_models.allocation.programme.tail import tail_mean


class WorstFutures:
    """Residual harm of P futures, its threshold and what lies beyond, in units of the programme's scale.

    Attributes:
        without_hours: Weighted mean of the worst tenth where no hours are planned.
    """

    def __init__(self, programme: LinearProgramme, futures: Futures, segments: Segments, *, scale: float) -> None:
        """Add the threshold, the excesses and a row for each future.

        Args:
            programme: The programme.
            futures: The futures.
            segments: The curves in the programme.
            scale: Harm that one unit of the objective stands for.
        """
        self._weight = futures.weight
        n_futures = len(futures.value)
        most = 1.0 / ((1.0 - futures.level) * n_futures)
        threshold = programme.columns(np.array([np.inf]), np.array([futures.weight]))
        excess = programme.columns(np.full(n_futures, np.inf), np.full(n_futures, futures.weight * most))
        harm = (futures.value.sum(axis=(1, 2, 3, 4)) / scale).round(9)  # the unit of harm leaves no trace
        future = np.arange(n_futures)
        on_curves = futures.value[(slice(None), *segments.curves.place)] / segments.curves.value[None, :]
        on_curves = on_curves.round(12)
        claimed = [
            (
                np.repeat(future[futures.response == part], segments.curves.size),
                np.tile(columns, int((futures.response == part).sum())),
                on_curves[futures.response == part].reshape(-1),
            )
            for part, columns in enumerate(segments.claims)
        ]
        self._rows = programme.rows(
            harm,
            np.full(n_futures, np.inf),
            (future, np.full(n_futures, threshold[0]), np.ones(n_futures)),
            (future, excess, np.ones(n_futures)),
            *claimed,
        )
        self.without_hours = futures.weight * tail_mean(harm, futures.level)

    def weights(self, row_duals: Array) -> Array:
        """Return the weight of each future in the worst tenth.

        Args:
            row_duals: Duals of all rows of the programme.

        Returns:
            At least 0, adding up to 1, shape (P,).
        """
        weights = np.maximum(row_duals[self._rows], 0.0)
        total = float(weights.sum())
        return np.asarray(weights / total) if total > 0 else np.full(weights.size, 1.0 / weights.size)
