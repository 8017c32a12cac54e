"""A combination: the weighted mean of several models that learn from one fitting."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from wardcast_models.forecasting.fitting import fitting_of
from wardcast_models.forecasting.forecaster import TrainedForecaster
from wardcast_models.forecasting.model import Learned, Model
from wardcast_models.forecasting.spread import Spread
from wardcast_models.forecasting.trained import Member, trained_counts
from wardcast_models.panel.panel import Panel


@dataclass(frozen=True, kw_only=True)
class Combination:
    """A forecaster that expects the weighted mean of what its members expect.

    Attributes:
        name: Name in the registry.
        members: The models.
        weights: Their weights, in the same order; positive, adding up to 1.
    """

    name: str
    members: tuple[Model, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.weights) != len(self.members) or min(self.weights) <= 0 or abs(sum(self.weights) - 1.0) > 1e-9:
            raise ValueError(f"{self.name}: one positive weight a member, adding up to 1, not {self.weights}")

    def parameters(self) -> dict[str, str | int | float | bool]:
        """Return the parameters to be logged with a run: weights, and the members' parameters after their names."""
        found: dict[str, str | int | float | bool] = {}
        for member, weight in zip(self.members, self.weights, strict=True):
            found[f"{member.name}.weight"] = weight
            found |= {f"{member.name}.{key}": value for key, value in member.parameters().items()}
        return found

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
        learned = {member.name: member.expect(fitting) for member in self.members}
        by_name = dict(zip(learned, self.weights, strict=True))
        everywhere = np.ones(len(fitting.scope.categories))
        return trained_counts(
            self.name,
            fitting,
            members=tuple(
                Member(name=name, weight=by_name[name] * everywhere, expectation=one.expectation)
                for name, one in learned.items()
            ),
            spread=_median_spread([one.spread for one in learned.values()], self.weights),
            assumptions=(_said_of(by_name), *_said_by(learned)),
        )


def _median_spread(spreads: list[Spread], weights: tuple[float, ...]) -> Spread:
    """Return the weighted median of the members' variances.

    The mean of several forecasts errs less than they do on average, so the mean of their variances would be too wide,
    above all for what one member alone finds hard.
    """
    return Spread(
        **{
            field.name: np.quantile(
                [getattr(one, field.name) for one in spreads], 0.5, axis=0, weights=weights, method="inverted_cdf"
            )
            for field in fields(Spread)
        }
    )


def _said_of(weights: dict[str, float]) -> str:
    """Say what is averaged."""
    listed = ", ".join(f"{name} {100.0 * weight:.0f} %" for name, weight in weights.items())
    return f"The expectation is the weighted mean of {listed}."


def _said_by(learned: dict[str, Learned]) -> tuple[str, ...]:
    """Return the members' assumptions, each once, with the names of those that made it unless all did."""
    makers: dict[str, list[str]] = {}
    for name, one in learned.items():
        for sentence in one.assumptions:
            makers.setdefault(sentence, []).append(name)
    return tuple(
        sentence if len(names) == len(learned) else f"{', '.join(names)}: {sentence}"
        for sentence, names in makers.items()
    )
