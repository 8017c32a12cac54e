"""The forecasters by name. A new model is one file and one line here."""

from __future__ import annotations

from difflib import get_close_matches

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.forecasting.combination import Combination
from wardcast_models.forecasting.forecaster import Forecaster
from wardcast_models.forecasting.mean12 import MEAN_12_MONTHS
from wardcast_models.forecasting.pooled import POOLED_COUNT, POOLED_ETS, POOLED_PROPHET, POOLED_THETA
from wardcast_models.forecasting.seasonal_naive import SEASONAL_NAIVE
from wardcast_models.forecasting.simple_smoothing import SIMPLE_SMOOTHING
from wardcast_models.forecasting.ward_prophet import WARD_PROPHET

WARDCAST = Combination(
    name="wardcast",
    members=(POOLED_PROPHET, POOLED_ETS, POOLED_THETA, POOLED_COUNT, SIMPLE_SMOOTHING),
    weights=(0.2, 0.2, 0.2, 0.2, 0.2),
)
"""The default. Equal weights: estimated ones seldom do better (Clemen 1989), and did not on origins up to 2017-03."""

_FORECASTERS: tuple[Forecaster, ...] = (
    WARDCAST,
    POOLED_PROPHET,
    POOLED_ETS,
    POOLED_THETA,
    POOLED_COUNT,
    SIMPLE_SMOOTHING,
    WARD_PROPHET,
    MEAN_12_MONTHS,
    SEASONAL_NAIVE,
)

DEFAULT_FORECASTER = WARDCAST.name
"""The forecaster used where none is named."""


def forecaster_names() -> tuple[str, ...]:
    """Return the names of all forecasters, the default first."""
    return tuple(one.name for one in _FORECASTERS)


def forecaster(name: str, *, where: str = "model") -> Forecaster:
    """Return the forecaster of a name.

    Args:
        name: One of `forecaster_names()`.
        where: Option or field that names it, for the error.

    Returns:
        The forecaster, not yet fitted.

    Raises:
        WardcastError: There is none of that name; a name close to it is suggested.
    """
    by_name = {one.name: one for one in _FORECASTERS}
    if name in by_name:
        return by_name[name]
    near = get_close_matches(name, by_name, n=1, cutoff=0.6)
    raise invalid_input(
        f"There is no forecaster `{name}`.",
        Problem(
            where=where,
            expected=f"one of {', '.join(by_name)}",
            found=name,
            mend=f"Did you mean `{near[0]}`?" if near else "Use one of these names.",
        ),
    )
