"""A model: what it expects of every ward series, how far off it has been, and from that a trained forecaster."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wardcast_models.forecasting.expectation import Expectation
from wardcast_models.forecasting.fitting import Fitting, fitting_of
from wardcast_models.forecasting.forecaster import TrainedForecaster
from wardcast_models.forecasting.spread import Spread
from wardcast_models.forecasting.trained import Member, trained_counts
from wardcast_models.panel.panel import Panel


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What a model made of a fitting.

    Attributes:
        expectation: Expected counts of the area's wards.
        spread: Relative variances of the counts around them.
        assumptions: What the model assumed, each a sentence.
    """

    expectation: Expectation
    spread: Spread
    assumptions: tuple[str, ...]


class Model(ABC):
    """A forecaster of one expectation; it can stand alone or be a member of a combination.

    Attributes:
        name: Name in the registry.
    """

    name: str

    @abstractmethod
    def parameters(self) -> dict[str, str | int | float | bool]:
        """Return the parameters to be logged with a run."""

    @abstractmethod
    def expect(self, fitting: Fitting) -> Learned:
        """Learn from a fitting.

        Args:
            fitting: The panel up to an origin and what models share of it.

        Returns:
            What the model expects of the area's wards, and how sure it is.
        """

    def fit(self, panel: Panel, *, until: pd.Timestamp) -> TrainedForecaster:
        """Learn from the panel up to and including the month `until`; nothing later is looked at.

        Args:
            panel: The panel; all its wards may be learned from, results are for its area.
            until: Last month used.

        Returns:
            The fitted forecaster.

        Raises:
            WardcastError: `until` lies outside the panel, or the data are too short.
        """
        fitting = fitting_of(panel, until)
        learned = self.expect(fitting)
        whole = np.ones(len(fitting.scope.categories))
        return trained_counts(
            self.name,
            fitting,
            members=(Member(name=self.name, weight=whole, expectation=learned.expectation),),
            spread=learned.spread,
            assumptions=learned.assumptions,
        )
