"""What stands out by itself: exact where counts are Poisson, quiet at twice the area's rate, loud well above it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from wardcast_models.profile.excess import TIMES_EXPECTED, excess, ward_noise
from wardcast_models.profile.false_discovery import LEVEL
from wardcast_models.profile.hotspot import CountMap, hotspots, told_once
from wardcast_models.profile.measures import Measure
from wardcast_models.profile.monthly import MonthlyCounts
from wardcast_models.profile.year import CoveredYear

PLACES = 20
NAMES = tuple(f"W{place:02d}" for place in range(PLACES))


def ring() -> np.ndarray:
    """Places in a ring, each beside the two next to it."""
    one = np.eye(PLACES, dtype=bool)
    return np.roll(one, 1, axis=1) | np.roll(one, -1, axis=1)


def map_of(counts: np.ndarray, measures: tuple[str, ...] = ("all_crime",), noise: float = 1.0) -> CountMap:
    return CountMap(
        unit="ward",
        codes=NAMES,
        labels=NAMES,
        ward_codes=NAMES,
        measures=measures,
        counts=counts,
        touching=ring(),
        noise=np.full(counts.shape, noise),
    )


def busy_among_quiet() -> np.ndarray:
    counts = np.full((1, PLACES), 60.0)
    counts[0, 7] = 400.0
    return counts


def test_a_busy_place_among_quiet_ones_stands_out_though_it_is_no_hotspot_with_them() -> None:
    table = hotspots([map_of(busy_among_quiet())]).set_index("code")
    assert not table["significant"].any()
    assert list(table.index[table["stands_out"]]) == ["W07"]
    busy = table.loc["W07"]
    assert busy["own_ratio"] == pytest.approx(400 / ((19 * 60 + 400) / PLACES))
    assert busy["own_low"] < busy["own_ratio"] < busy["own_high"]


def test_a_place_with_the_crime_of_its_residents_does_not_stand_out() -> None:
    made = map_of(busy_among_quiet())
    assert not hotspots([replace(made, persons=made.counts[0] * 20.0)])["stands_out"].any()


def test_ranges_and_tests_of_plain_counts_are_the_exact_ones() -> None:
    found = excess(np.array([[12.0, 0.0]]), np.array([[3.0, 3.0]]), np.ones((1, 2)))
    assert found.low[0, 0] * 3.0 == pytest.approx(stats.chi2.ppf(0.025, 24) / 2)
    assert found.high[0] * 3.0 == pytest.approx(stats.chi2.ppf(0.975, [26, 2]) / 2)
    assert found.p_values[0] == pytest.approx([stats.poisson.sf(11, TIMES_EXPECTED * 3.0), 1.0])
    assert found.low[0, 1] == 0.0


def test_noisier_counts_are_told_with_wider_ranges() -> None:
    counts, expected = np.array([[40.0]]), np.array([[10.0]])
    plain, noisy = (excess(counts, expected, np.full((1, 1), noise)) for noise in (1.0, 4.0))
    assert noisy.high - noisy.low == pytest.approx(2 * (plain.high - plain.low), rel=0.1)
    assert plain.p_values < noisy.p_values


def test_nothing_stands_out_where_the_noise_is_not_known() -> None:
    table = hotspots([map_of(busy_among_quiet(), noise=np.nan)])
    assert not table["stands_out"].any()
    assert table[["own_low", "own_high", "own_p_value", "own_q_value"]].isna().all(axis=None)
    assert table["own_ratio"].notna().all()


def test_places_at_twice_the_areas_rate_raise_few_alarms() -> None:
    """Three of twenty places at just twice an even share, all else below it, with noise of variance three times the
    mean: of many measures read together hardly a panel has one that stands out."""
    random = np.random.default_rng(1)
    share = np.r_[np.full(3, TIMES_EXPECTED), np.full(17, 14.0 / 17.0)]
    alarms = []
    for _ in range(60):
        means = np.outer(random.choice([5.0, 40.0, 300.0], size=30), share)
        counts = random.negative_binomial(means / 2.0, 1.0 / 3.0).astype(float)
        made = map_of(counts, tuple(f"m{number}" for number in range(30)), noise=3.0)
        alarms.append(hotspots([made])["stands_out"].any())
    assert np.mean(alarms) <= LEVEL + 0.03


def test_a_sum_is_not_said_to_stand_out_where_one_of_its_kinds_does() -> None:
    one, flat = busy_among_quiet()[0], np.full(PLACES, 10.0)
    names = ("all_crime", "drugs", "drug_possession", "drug_trafficking")
    counts = np.vstack([one + flat, one + flat, one, flat])
    measures = pd.DataFrame(
        {
            "measure": names,
            "level": ["all", "family", "category", "category"],
            "categories": ["drug_possession drug_trafficking"] * 2 + ["drug_possession", "drug_trafficking"],
        }
    )
    spots = hotspots([map_of(counts, names)])
    assert set(spots.loc[spots["stands_out"], "measure"]) == {"all_crime", "drugs", "drug_possession"}
    told = told_once(spots, measures)
    assert set(told.loc[told["stands_out"], "measure"]) == {"all_crime", "drug_possession"}


def test_a_crime_of_one_month_alone_tells_nothing_of_its_noise_and_takes_that_of_the_others() -> None:
    random = np.random.default_rng(5)
    months = pd.date_range("2024-04-01", periods=12, freq="MS")
    common = random.poisson(20.0, size=(PLACES, 12)).astype(np.float64)
    rare = np.zeros((PLACES, 12))
    rare[:2, 3] = 1.0
    wards = np.stack([common, rare])
    measures = tuple(
        Measure(
            measure=name, label=name, level="category", crime=True, categories=(name,), series="", source="", caveat=""
        )
        for name in ("other_theft", "homicide")
    )
    counts = MonthlyCounts(
        measures=measures, ward_codes=NAMES, months=months, wards=wards, area=wards.sum(axis=1), left_out={}
    )
    year = CoveredYear(label="2024/25", start=months[0], months=months)
    noise = ward_noise(counts, year, wards.sum(axis=2))
    assert (noise >= 1).all()
    assert noise[1] == pytest.approx(np.median(noise[0]))
