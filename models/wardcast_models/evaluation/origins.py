"""Months from which a backtest forecasts."""

from __future__ import annotations

import pandas as pd

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.forecasting.scope import SHORTEST_HISTORY_MONTHS
from wardcast_models.panel.panel import Panel

STEP_MONTHS = 6

FEWEST_JUDGED = 3
"""Fewest origins that the promotion gate can judge from: with 12 months ahead they forecast 24 months, the two blocks
that an interval needs (`differences.BLOCK_MONTHS`)."""


def default_origins(panel: Panel, n: int, horizon_months: int) -> tuple[pd.Timestamp, ...]:
    """Return origins every six months, the last one as late as the horizon allows.

    Args:
        panel: The panel.
        n: Number of origins.
        horizon_months: Months ahead that must be in the panel after the last origin.

    Returns:
        Month starts, earliest first; the last month of data used by each forecast.

    Raises:
        WardcastError: Fewer than `n` origins leave enough history before and enough months after.
    """
    last = len(panel.months) - 1 - horizon_months
    first = SHORTEST_HISTORY_MONTHS - 1
    possible = max((last - first) // STEP_MONTHS + 1, 0)
    if not 1 <= n <= possible:
        raise invalid_input(
            f"{n} origins of {horizon_months} months ahead do not fit into the data.",
            Problem(
                where="origins",
                expected=f"1 to {possible}" if possible else f"at least {first + 1 + horizon_months} months of data",
                found=str(n),
                mend="Ask for fewer origins or a shorter horizon, or add earlier files.",
            ),
        )
    return tuple(panel.months[last - STEP_MONTHS * back] for back in reversed(range(n)))
