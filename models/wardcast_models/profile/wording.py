"""Sentences with figures and their certainty."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np

ALONE = 0.05
"""p value at which a 95% interval leaves out no change."""

AMONG_MANY = (
    "by itself more than chance would do, but among the many changes looked at some look so by luck, so it is not "
    "called clear"
)
"""How sure a change is whose interval leaves out no change, though it does not survive the allowance for many tests."""


def change_sentence(label: str, row: Mapping[Hashable, Any]) -> str:
    """Say a change with its certainty.

    Args:
        label: What changed.
        row: `change_percent, change_low, change_high` in percent, `p_value, significant`; with `months` and
            `shared_months` it also says where the change is over fewer months than the count.

    Returns:
        One sentence.
    """
    percent = row["change_percent"]
    if np.isnan(percent):
        return f"{label}: no year before to compare with."
    if np.isnan(row["change_low"]):
        return f"{label}: {signed_percent(percent, 1)}{over_months(row)}, too few to say how certain."
    sure = "it could be chance"
    if row["significant"]:
        sure = "clear, more than chance would do"
    elif row["p_value"] <= ALONE:
        sure = AMONG_MANY
    ends = f"{signed_percent(row['change_low'])} to {signed_percent(row['change_high'])}"
    return f"{label}: {signed_percent(percent, 1)}{over_months(row)} (95% interval {ends}); {sure}."


def over_months(row: Mapping[Any, Any]) -> str:
    """Say over which months a change is, where the year itself has more.

    Args:
        row: With `months` and `shared_months`, or without.

    Returns:
        For example ` (over 11 months both years hold)`; "" where the change is over all months of the count.
    """
    shared = row.get("shared_months", 0)
    if not 0 < shared < row.get("months", 0):
        return ""
    return f" (over {shared:.0f} {'month' if shared == 1 else 'months'} both years hold)"


def signed_percent(value: float, decimals: int = 0) -> str:
    """Write a change given in per cent with its sign.

    Args:
        value: Per cent.
        decimals: Digits after the point.

    Returns:
        For example `+12%`, `−4.0%` (with a true minus), `0%`.
    """
    text = f"{value:+,.{decimals}f}%".replace("-", "−")
    return text[1:] if not any(digit in text for digit in "123456789") else text
