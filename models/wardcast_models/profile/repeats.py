"""Repeat victims and repeat callers: shares with what chance alone would make of them."""

from __future__ import annotations

import pandas as pd

from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.year import CoveredYear


def repeat_shares(repeats: pd.DataFrame, year: CoveredYear) -> pd.DataFrame:
    """Add up the year's victims (or callers) and how many had been one before.

    A person who is a victim in several months counts in each. The interval is Wilson's, which takes months as apart.

    Args:
        repeats: `ward_code, month, subject, category, persons, repeat_persons`.
        year: The year.

    Returns:
        Columns `TABLE_COLUMNS["repeats"]`, area ("") and wards.
    """
    columns = list(TABLE_COLUMNS["repeats"])
    rows = repeats[repeats["month"].isin(year.months)]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415 - slow to load, seldom needed

    together = rows.assign(ward_code="")
    keys = ["subject", "category", "ward_code"]
    made = pd.concat([together, rows]).groupby(keys, as_index=False)[["persons", "repeat_persons"]].sum()
    made = made[made["persons"] > 0].reset_index(drop=True)
    low, high = proportion_confint(made["repeat_persons"], made["persons"], method="wilson")
    share = made["repeat_persons"] / made["persons"]
    return made.assign(repeat_share=share, low=low, high=high)[columns]
