"""Allocation problems drawn at random: any size, any limits, any options."""

from __future__ import annotations

import numpy as np

from tests.limit_rows import LimitFigures
from tests.plans import make_instance
from wardcast_models.allocation.programme.instance import Instance


def drawn(seed: int) -> Instance:
    """Draw a problem of any size with any of the limits and options."""
    rng = np.random.default_rng([seed, 4])
    n_wards = int(rng.integers(2, 7))

    def maybe(chance: float, low: float, high: float) -> float | None:
        return float(rng.uniform(low, high)) if rng.random() < chance else None

    figures: LimitFigures = {
        "ward_min": maybe(0.3, 1.0, 20.0),
        "ward_max": maybe(0.2, 250.0, 500.0),
        "ward_max_share": maybe(0.4, 1.2 / n_wards, 0.9),
        "floor": maybe(0.3, 0.1, 0.5),
        "shift_cap": maybe(0.3, 0.1, 0.4),
        "budget_share": maybe(0.3, 0.6, 0.95),
        "budget_pounds": maybe(0.3, 5_000.0, 20_000.0),
        "ring_fence": maybe(0.3, 10.0, 40.0),
        "locked": maybe(0.2, 40.0, 60.0),
        "most_change": maybe(0.2, 60.0, 200.0),
        "protection": maybe(0.3, 0.3, 0.8),
        "burden": maybe(0.3, 100.0, 300.0),
    }
    return make_instance(
        n_wards=n_wards,
        n_months=int(rng.integers(1, 4)),
        n_shifts=int(rng.integers(1, 4)),
        n_resources=int(rng.integers(1, 5)),
        seed=seed,
        like_shifts=bool(rng.random() < 0.5),
        presence=float(rng.choice([0.0, 0.05])),
        elasticity=float(rng.choice([0.15, 0.3, 0.4])),
        spill_over=float(rng.choice([0.0, 0.0, 0.2])),
        cvar_weight=float(rng.choice([0.0, 0.0, 0.3, 1.0])),
        n_futures=20,
        **figures,
    )
