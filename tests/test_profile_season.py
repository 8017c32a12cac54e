"""Season, rolling sums and emerging change, on counts with known truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from tests.series_examples import simulated
from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.panel.panel import Panel
from wardcast_models.profile.assess import assess
from wardcast_models.profile.emerging import emerging
from wardcast_models.profile.measures import measures_of
from wardcast_models.profile.monthly import monthly_counts
from wardcast_models.profile.year import covered_year


def winter_high(months: pd.DatetimeIndex) -> np.ndarray:
    return np.where(months.month == 12, 1.6, 1.0)


def test_a_december_peak_is_found_and_is_the_only_one() -> None:
    panel = make_panel(level=winter_high, monthly_mean=40)
    seasons = assess(Monitoring(panel=panel), year="2020/21").seasons
    mine = seasons[seasons["measure"] == "all_crime"].set_index("calendar_month")
    assert mine.index[mine["significant"] & (mine["index"] > 1)].tolist() == [12]
    # Geometric mean of the year: eleven months at 1 and one at 1.6.
    assert mine.loc[12, "index"] == pytest.approx(1.6 / 1.6 ** (1 / 12), rel=0.06)
    assert mine.loc[12, "low"] < mine.loc[12, "index"] < mine.loc[12, "high"]


def test_rolling_sums_are_of_twelve_months_by_hand() -> None:
    panel = make_panel()
    rolling = assess(Monitoring(panel=panel), year="2020/21").rolling
    mine = rolling[(rolling["measure"] == "burglary_residential") & (rolling["month"] == "2020-09-01")]
    end = int(panel.months.searchsorted(pd.Timestamp("2020-09-01"))) + 1
    by_hand = panel.counts[:, 1, end - 12 : end].sum(axis=1)
    found = mine.set_index("ward_code")["count_12_months"]
    assert found[list(panel.ward_codes)].tolist() == by_hand.tolist()
    assert found[""] == by_hand.sum()


def with_last_months(panel: Panel, factor: float) -> Panel:
    counts = panel.counts.copy()
    counts[2, 0, -3:] = np.rint(counts[2, 0, -3:] * factor)
    return replace(panel, counts=counts)


def test_a_ward_that_doubles_in_the_newest_months_stands_out_alone() -> None:
    panel = with_last_months(make_panel(n_wards=8, first_month="2015-04"), 2.0)
    table = assess(Monitoring(panel=panel), year="2019/20").emerging
    clear = table[table["significant"] & (table["ward_code"] != "") & (table["measure"] == "violence_with_injury")]
    assert clear["ward_code"].tolist() == ["E05000003"]
    assert clear["expected"].iloc[0] == pytest.approx(60, rel=0.1)
    assert clear["count"].iloc[0] > clear["high"].iloc[0]
    assert clear["recent_months"].iloc[0] == "2020-01 to 2020-03"


def test_nothing_emerges_from_noise() -> None:
    random = np.random.default_rng(21)
    shell = make_panel(n_wards=9, first_month="2012-04", n_months=96)
    alarms, below = [], []
    for _ in range(40):
        drawn = simulated(random, shell.months, 18, mean=12, relative_sd=0.12, overdispersion=0.03)
        panel = replace(shell, counts=drawn.reshape(9, 2, 96))
        counts = monthly_counts(panel, measures_of(panel), covered_year(panel, "2019/20"))
        table = emerging(counts, panel.months[-1])
        alarms.append(bool(table["significant"].any()))
        below.append((table["p_value"] < 0.05).mean())
    assert np.mean(alarms) <= 0.1
    assert np.mean(below) < 0.07
