"""Plans made by earlier releases, completed so that this one reads them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

_STATEMENT = "Not worked out: an earlier release made this plan."

_LATER_PARTS: dict[str, Any] = {
    "risk": {
        "cvar_weight": 0.0,
        "level": 0.9,
        "draws": 0,
        "residual_mean": math.nan,
        "residual_cvar": math.nan,
        "statement": _STATEMENT,
    },
    "certificate": {
        "worst_breach_hours": math.nan,
        "optimality_gap": math.nan,
        "chord_error": math.nan,
        "worst_breach_rounded_hours": math.nan,
        "statement": _STATEMENT,
    },
}
"""Parts that every plan has now and that earlier releases did not work out."""


def completed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plan's values with the parts that the release which made it did not know.

    Args:
        values: The plan's values by field.

    Returns:
        The values; figures that were not worked out are not a number.
    """
    return {**_LATER_PARTS, **values}
