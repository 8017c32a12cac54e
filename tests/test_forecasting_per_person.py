"""The per-person effect: found where places tell it, the prior where they do not."""

from __future__ import annotations

import numpy as np
import pytest

from wardcast_models.forecasting.per_person import PRIOR_MEAN, PRIOR_SD, PerPersonEffect, per_person_effect
from wardcast_models.reference.assumptions import assumption


def grown_index(growth: np.ndarray, n_months: int = 120) -> np.ndarray:
    """Return exposure indices (W, T) that grow by the given factors up to the last month."""
    return np.exp(np.log(growth)[:, None] * np.linspace(-1.0, 0.0, n_months)[None, :])


def effect_of(crime: np.ndarray, index: np.ndarray) -> PerPersonEffect:
    """Estimate the effect where every ward's growth is its own and all are of one borough."""
    return per_person_effect(crime, index, np.ones(len(index), dtype=bool), np.zeros(len(index), dtype=np.intp))


def crime_of(index: np.ndarray, effect: float) -> np.ndarray:
    trend = np.linspace(1.0, 0.8, index.shape[1])
    return np.random.default_rng(1).poisson(200.0 * trend * index**effect).astype(float)


def drifting_crime(index: np.ndarray, *, seed: int, yearly_sd: float, monthly_mean: np.ndarray) -> np.ndarray:
    """Crime in proportion to residents, each place drifting off for reasons of its own (a random walk)."""
    random = np.random.default_rng(seed)
    drift = np.cumsum(random.normal(0.0, yearly_sd / np.sqrt(12.0), index.shape), axis=1)
    return random.poisson(monthly_mean[:, None] * index * np.exp(drift)).astype(float)


@pytest.mark.parametrize("truth", [0.0, 0.5, 1.0])
def test_the_effect_is_found_where_places_grew_differently(truth: float) -> None:
    index = grown_index(np.linspace(1.0, 2.5, 30)[1:])
    found = effect_of(crime_of(index, truth), index)
    assert found.data_mean == pytest.approx(truth, abs=0.05)
    assert found.mean == pytest.approx(truth, abs=0.1)
    assert found.sd < PRIOR_SD / 3
    assert f"{found.mean:.2f} per cent more crime (sd {found.sd:.2f};" in found.note
    assert "the prior was 1 (sd 0.3) and 29 places moved it" in found.note


def test_an_effect_below_nothing_is_shown_and_not_hidden() -> None:
    index = grown_index(np.linspace(1.0, 2.5, 30)[1:])
    assert effect_of(crime_of(index, -0.5), index).mean < -0.3


@pytest.mark.parametrize(
    "index",
    [
        np.ones((20, 120)),
        grown_index(np.full(20, 1.3)),
        grown_index(np.linspace(1.1, 2.0, 5)),
        grown_index(np.linspace(1.1, 2.0, 20), n_months=40),
    ],
    ids=["nobody came", "all wards share one growth", "too few places", "too short a history"],
)
def test_the_prior_stands_where_the_data_cannot_speak(index: np.ndarray) -> None:
    found = effect_of(crime_of(index, 0.2), index)
    assert (found.mean, found.sd, found.places) == (PRIOR_MEAN, PRIOR_SD, 0)
    assert found.interval_90 == pytest.approx((PRIOR_MEAN - 1.645 * PRIOR_SD, PRIOR_MEAN + 1.645 * PRIOR_SD), abs=1e-3)
    assert "prior only" in found.note


def test_noisy_places_move_the_prior_only_part_of_the_way() -> None:
    index = grown_index(np.linspace(1.0, 1.6, 20)[1:])
    noise = np.random.default_rng(3).normal(0, 0.15, size=(19, 1))
    late = np.arange(120) >= 60
    found = effect_of(crime_of(index, 0.0) * np.where(late, np.exp(noise), 1.0), index)
    assert min(found.data_mean, PRIOR_MEAN) < found.mean < max(found.data_mean, PRIOR_MEAN)
    assert found.sd < PRIOR_SD


@pytest.mark.parametrize(
    ("monthly_mean", "yearly_sd"),
    [(np.full(12, 50.0), 0.05), (np.full(12, 300.0), 0.1), (np.array([20.0] * 4 + [400.0] * 8), 0.03)],
    ids=["counting noise and drift", "mostly drift", "the places that grow are small"],
)
def test_the_error_is_honest_where_places_drift(monthly_mean: np.ndarray, yearly_sd: float) -> None:
    index = grown_index(np.array([3.0, 1.6, 1.4, 1.3] + [1.1 + 0.001 * number for number in range(8)]))
    effects = [
        effect_of(drifting_crime(index, seed=seed, yearly_sd=yearly_sd, monthly_mean=monthly_mean), index)
        for seed in range(200)
    ]
    inside = np.mean([abs(effect.data_mean - 1.0) < 1.645 * effect.data_sd for effect in effects])
    assert 0.85 <= inside <= 0.97


def test_boroughs_are_learned_from_where_wards_only_have_their_boroughs_growth() -> None:
    boroughs = np.repeat(np.arange(12), 4)
    index = grown_index(np.linspace(1.05, 1.6, 12))[boroughs]
    nobody = np.zeros(len(index), dtype=bool)
    found = per_person_effect(crime_of(index, 0.3), index, nobody, boroughs)
    assert found.places == 12
    assert found.data_mean == pytest.approx(0.3, abs=0.05)
    few = boroughs < 5
    alone = per_person_effect(crime_of(index, 0.3)[few], index[few], nobody[few], boroughs[few])
    assert (alone.mean, alone.sd, alone.places) == (PRIOR_MEAN, PRIOR_SD, 0)


def test_wards_are_compared_within_their_borough() -> None:
    boroughs = np.repeat([0, 1], 10)
    index = grown_index(np.linspace(1.05, 2.0, 20))
    crime = crime_of(index, 0.4)
    changed = crime * np.where((boroughs == 1)[:, None] & (np.arange(120) >= 60), 3.0, 1.0)
    own = np.ones(20, dtype=bool)
    assert per_person_effect(changed, index, own, boroughs).data_mean == pytest.approx(0.4, abs=0.1)


def test_wards_and_boroughs_speak_together() -> None:
    boroughs = np.concatenate([np.repeat(np.arange(12), 4), np.full(20, 12)])
    own = boroughs == 12
    growth = np.concatenate([np.linspace(1.05, 1.6, 12)[boroughs[:48]], np.linspace(1.01, 2.0, 20)])
    index = grown_index(growth)
    crime = crime_of(index, 0.6)
    found = per_person_effect(crime, index, own, boroughs)
    by_wards = per_person_effect(crime[own], index[own], own[own], boroughs[own])
    by_boroughs = per_person_effect(crime, index, np.zeros_like(own), boroughs)
    assert found.places == by_wards.places + by_boroughs.places == 20 + 13
    assert found.data_sd < min(by_wards.data_sd, by_boroughs.data_sd)
    assert found.data_mean == pytest.approx(0.6, abs=0.05)


def test_wards_that_do_not_move_play_no_part() -> None:
    index = grown_index(np.linspace(1.0, 2.5, 40)[1:])
    crime = crime_of(index, 0.2)
    with_town_centres = effect_of(np.vstack([crime, 9.0 * crime[:5]]), np.vstack([index, np.ones((5, 120))]))
    assert with_town_centres == effect_of(crime, index)


def test_the_prior_is_the_packaged_one() -> None:
    assert assumption("persons_elasticity_mean").value == PRIOR_MEAN
    assert assumption("persons_elasticity_sd").value == PRIOR_SD
