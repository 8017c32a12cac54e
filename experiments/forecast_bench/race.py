"""What is compared with what: one of the comparisons in `experiments/comparisons`, and the peers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from wardcast_models.evaluation.availability import Availability, as_known
from wardcast_models.evaluation.comparison import read_comparison
from wardcast_models.forecasting.registry import DEFAULT_FORECASTER
from wardcast_models.forecasting.scope import scope_of
from wardcast_models.panel.panel import Panel

COMPARISONS = Path(__file__).parents[1] / "comparisons"

AREAS: dict[str, str] = {"lbbd": "Barking and Dagenham", "london": "All London"}
"""The comparisons, by name: their titles."""

PEERS: tuple[str, ...] = (
    "SeasonalNaive",
    "WindowAverage",
    "SimpleExponentialSmoothingOptimized",
    "AutoTheta",
    "AutoETS",
    "AutoARIMA",
)
"""The Nixtla peers, the quick ones first."""

SLOW_PEERS: frozenset[str] = frozenset({"AutoETS", "AutoARIMA"})
"""Left out for all London unless asked for: they take many minutes an origin."""

_QUICK_ORIGINS = 2
_QUICK_PATHS = 100
_QUICK_FORECASTERS = (DEFAULT_FORECASTER, "mean_12_months", "seasonal_naive")


@dataclass(frozen=True, kw_only=True)
class Race:
    """One comparison of our own forecasters and the peers.

    Attributes:
        name: `lbbd` or `london`.
        area: What is asked of the data: a GSS code, or `London`.
        origins: Last months of data.
        horizon_months: Months ahead.
        champion: The own forecaster that is held against the peers.
        forecasters: All own forecasters.
        peers: Peers; empty where only our own run.
        n_paths: Sample paths of our own forecasts.
        seed: Seed of the paths and of the ties of the PIT.
        availability: What was known when.
    """

    name: str
    area: str
    origins: tuple[pd.Timestamp, ...]
    horizon_months: int
    champion: str
    forecasters: tuple[str, ...]
    peers: tuple[str, ...]
    n_paths: int
    seed: int
    availability: Availability

    def categories(self, panel: Panel) -> tuple[str, ...]:
        """Return the categories that later figures hold at every origin: those are compared.

        Args:
            panel: The panel.

        Returns:
            Their ids, in the panel's order.
        """
        scopes = [set(scope_of(panel.up_to(origin)).categories) for origin in self.origins]
        return tuple(category for category in panel.categories if all(category in scope for scope in scopes))

    def scored_at(self, panel: Panel, origin: pd.Timestamp) -> tuple[str, ...]:
        """Return those of the categories that our models forecast at an origin, by what was known on its day.

        A release that was out then may lack a category; the peers, which forecast every series they are given, are not
        scored on it there either.

        Args:
            panel: The panel.
            origin: Last month of data.

        Returns:
            Their ids, in the panel's order.
        """
        scope = scope_of(as_known(panel, origin, self.availability)).categories
        return tuple(category for category in self.categories(panel) if category in scope)

    def months(self, origin: pd.Timestamp) -> pd.DatetimeIndex:
        """Return the months forecast from an origin, length H."""
        return pd.date_range(origin, periods=self.horizon_months + 1, freq="MS")[1:]

    def record(self) -> dict[str, str]:
        """Return what a model's results depend on besides the model, the data and the code."""
        return {
            "area": self.area,
            "origins": " ".join(f"{origin:%Y-%m}" for origin in self.origins),
            "horizon_months": str(self.horizon_months),
            "n_paths": str(self.n_paths),
            "seed": str(self.seed),
            "availability": repr(self.availability),
        }


def read_race(name: str, *, peers: bool = True, slow_peers: bool = False, quick: bool = False) -> Race:
    """Read a comparison and add the peers.

    Args:
        name: One of `AREAS`.
        peers: Compare with peers at all.
        slow_peers: Keep the slow peers for all London too.
        quick: The last two origins, few paths and three own forecasters: to see that everything works.

    Returns:
        The comparison.

    Raises:
        WardcastError: The comparison's file is wrong.
    """
    asked = read_comparison(COMPARISONS / f"{name}.yaml")
    kept = [one for one in PEERS if peers and (slow_peers or name == "lbbd" or one not in SLOW_PEERS)]
    race = Race(
        name=name,
        area=asked.area,
        origins=asked.origins,
        horizon_months=asked.horizon_months,
        champion=DEFAULT_FORECASTER,
        forecasters=tuple(dict.fromkeys((DEFAULT_FORECASTER, *asked.forecasters))),
        peers=tuple(kept),
        n_paths=asked.n_paths,
        seed=asked.seed,
        availability=asked.availability.availability(),
    )
    if not quick:
        return race
    return replace(
        race,
        origins=race.origins[-_QUICK_ORIGINS:],
        forecasters=tuple(dict.fromkeys(_QUICK_FORECASTERS)),
        n_paths=_QUICK_PATHS,
    )
