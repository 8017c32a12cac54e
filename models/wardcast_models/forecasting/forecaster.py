"""What every forecaster offers."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import pandas as pd

from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.panel.panel import Panel


@runtime_checkable
class TrainedForecaster(Protocol):
    """A fitted forecaster: picklable, and able to draw paths without seeing the panel again."""

    @property
    def name(self) -> str:
        """Name of the forecaster."""
        ...

    def forecast(
        self, *, horizon_months: int, n_paths: int = 500, seed: int = 0, scenario: str = "as_planned"
    ) -> Forecast:
        """Draw joint sample paths for the months after the last one trained on.

        Args:
            horizon_months: Months ahead, 1 to 36.
            n_paths: Number of sample paths.
            seed: Seed; the same seed gives the same paths.
            scenario: Population and housing scenario.

        Returns:
            The forecast for the panel's area.
        """
        ...


@runtime_checkable
class Forecaster(Protocol):
    """A way of forecasting: a name, its parameters, and a fit."""

    @property
    def name(self) -> str:
        """Name in the registry."""
        ...

    def parameters(self) -> dict[str, str | int | float | bool]:
        """Return the parameters to be logged with a run."""
        ...

    def fit(self, panel: Panel, *, until: pd.Timestamp) -> TrainedForecaster:
        """Learn from the panel up to and including the month `until`; nothing later is looked at.

        Args:
            panel: The panel; all its wards may be learned from, results are for its area.
            until: Last month used.

        Returns:
            The fitted forecaster.
        """
        ...
