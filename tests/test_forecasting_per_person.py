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
    """Estimate the effect where every ward's growth is its own."""
    return per_person_effect(crime, index, np.ones(len(index), dtype=bool))


def crime_of(index: np.ndarray, effect: float) -> np.ndarray:
    trend = np.linspace(1.0, 0.8, index.shape[1])
    return np.random.default_rng(1).poisson(200.0 * trend * index**effect).astype(float)


@pytest.mark.parametrize("truth", [0.0, 0.5, 1.0])
def test_the_effect_is_found_where_places_grew_differently(truth: float) -> None:
    index = grown_index(np.linspace(1.0, 2.5, 30)[1:])
    found = effect_of(crime_of(index, truth), index)
    assert found.data_mean == pytest.approx(truth, abs=0.05)
    assert found.mean == pytest.approx(truth, abs=0.1)
    assert found.sd < PRIOR_SD / 3
    assert f"{found.mean:.2f} per cent more crime (sd {found.sd:.2f};" in found.note
    assert "the prior was 1 (sd 0.3) and the 29 places with a past growth of their own moved it" in found.note


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
    assert (found.mean, found.sd) == (PRIOR_MEAN, PRIOR_SD)
    assert "prior only" in found.note


def test_noisy_places_move_the_prior_only_part_of_the_way() -> None:
    index = grown_index(np.linspace(1.0, 1.6, 20)[1:])
    noise = np.random.default_rng(3).normal(0, 0.15, size=(19, 1))
    late = np.arange(120) >= 60
    found = effect_of(crime_of(index, 0.0) * np.where(late, np.exp(noise), 1.0), index)
    assert min(found.data_mean, PRIOR_MEAN) < found.mean < max(found.data_mean, PRIOR_MEAN)
    assert found.sd < PRIOR_SD


def test_wards_whose_growth_is_not_their_own_are_not_learned_from() -> None:
    index = grown_index(np.linspace(1.0, 2.5, 40)[1:])
    crime = crime_of(index, 0.2)
    own = np.zeros(len(index), dtype=bool)
    nobody = per_person_effect(crime, index, own)
    assert (nobody.mean, nobody.sd, nobody.places) == (PRIOR_MEAN, PRIOR_SD, 0)
    own[:20] = True
    some = per_person_effect(crime, index, own)
    assert some == effect_of(crime[:20], index[:20])
    assert some.places == 20


def test_the_prior_is_the_packaged_one() -> None:
    assert assumption("persons_elasticity_mean").value == PRIOR_MEAN
    assert assumption("persons_elasticity_sd").value == PRIOR_SD
