"""Jobs and visitors by ward and month, in residents' worth of exposure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.pipeline import jobs_opened, month_number
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.assumptions import assumption

WORTH: dict[str, float] = {
    "jobs": assumption("residents_per_job").value,
    "visitors": assumption("residents_per_visitor").value,
}
"""Residents that one job, or one visitor a day, counts as."""


@dataclass(frozen=True, kw_only=True)
class Daytime:
    """Jobs and visitors of every ward and month. W wards, T months.

    Attributes:
        worth: Jobs and visitors in residents' worth, shape (W, T); 0 where none are known.
        total: Wards whose total of jobs or visitors is known by date, shape (W,), and not only jobs to come.
    """

    worth: NDArray[np.float64]
    total: NDArray[np.bool_]


def daytime(panel: Panel, months: pd.DatetimeIndex, *, until: pd.Timestamp, scenario: str) -> Daytime:
    """Put jobs and visitors by date and jobs of the pipeline on one scale with residents.

    Dated figures are totals: linear by month between their dates, constant before the first and after the last, the
    same in every scenario. Jobs of the pipeline come on top of residents as their scheme completes, but not in a ward
    whose jobs are dated: there they would count twice.

    Args:
        panel: The panel.
        months: Month starts; length T.
        until: Last month of data.
        scenario: Delivery scenario of the pipeline.

    Returns:
        Jobs and visitors of all wards of the panel.
    """
    clock = month_number(months)
    totals: dict[str, NDArray[np.float64]] = {}
    for kind in WORTH:
        totals[kind] = np.full((len(panel.ward_codes), len(months)), np.nan)
        known = panel.visitors.dropna(subset=[kind]).sort_values("month")
        for code, rows in known.groupby("ward_code"):
            row = panel.ward_codes.index(str(code))
            dates = month_number(pd.DatetimeIndex(rows["month"]))
            totals[kind][row] = np.interp(clock, dates, rows[kind].to_numpy(dtype=np.float64))
    opened = jobs_opened(panel.pipeline, panel.ward_codes, months, until=until, scenario=scenario)
    total = ~np.isnan(totals["jobs"][:, 0]) | ~np.isnan(totals["visitors"][:, 0])
    jobs = np.where(np.isnan(totals["jobs"]), opened, totals["jobs"])
    return Daytime(worth=WORTH["jobs"] * jobs + WORTH["visitors"] * np.nan_to_num(totals["visitors"]), total=total)
