"""How much crime follows residents: the per-person effect, a prior that the data may move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.reference.assumptions import assumption

PRIOR_MEAN = assumption("persons_elasticity_mean").value
"""Log-elasticity of crime to residents before the data speak: proportional."""

PRIOR_SD = assumption("persons_elasticity_sd").value
"""Standard deviation of that prior."""

_ENDS_MONTHS = 24
_FEWEST_PLACES = 8
_FEWEST_CRIMES = 200.0
_LEAST_CONTRAST = 0.02
"""Standard deviation of log growth between places below which nothing can be learned."""


@dataclass(frozen=True, kw_only=True)
class PerPersonEffect:
    """The log-elasticity of crime to projected residents.

    Attributes:
        mean: Posterior mean; the exponent applied to exposure.
        sd: Posterior standard deviation.
        data_mean: What the data alone say; NaN where they say nothing.
        data_sd: Its standard error; infinite likewise.
        places: Number of places learned from; 0 likewise.
    """

    mean: float
    sd: float
    data_mean: float
    data_sd: float
    places: int

    @property
    def note(self) -> str:
        """What is to be said about it, a sentence."""
        taken = (
            f"One per cent more residents is taken to mean {self.mean:.2f} per cent more crime (sd {self.sd:.2f}; "
            "every sample path draws one such figure for all wards)"
        )
        if np.isnan(self.data_mean):
            return (
                f"{taken}: prior only, the data could not move it, because too few wards have a past growth of their "
                "own (growth carried from older wards or taken from the borough is not learned from)."
            )
        return (
            f"{taken}: the prior was {PRIOR_MEAN:g} (sd {PRIOR_SD:g}) and the {self.places} places with a past growth "
            f"of their own moved it; alone they say {self.data_mean:.2f} (standard error {self.data_sd:.2f})."
        )


def per_person_effect(
    crime: NDArray[np.float64], index: NDArray[np.float64], own_growth: NDArray[np.bool_]
) -> PerPersonEffect:
    """Estimate the effect from how places that grew more differ from places that grew less.

    The log change of a place's crime from the first to the last 24 months is regressed on that of its residents; what
    all places share (trend, recording) is the intercept. With a normal prior the posterior is the weighted mean of the
    two. Projections err, and residents who were projected and did not come pull the estimate down, as they should: it
    is projected residents that it is applied to. Wards that share one growth rate count as one place. Wards
    without known growth and town centres play no part, nor do wards whose growth is not their own: a borough's rate
    or constant shares of older wards err so much ward by ward (errors in variables) that the estimate would be pulled
    towards nothing and then applied to growth that is real.

    Args:
        crime: Crime of all categories, shape (W, T); 0 where unobserved.
        index: Exposure over that of the last month, shape (W, T).
        own_growth: Whether a ward's past growth is its own, shape (W,).

    Returns:
        The effect; the prior alone where history or contrast is too small.
    """
    early, late = slice(None, _ENDS_MONTHS), slice(-_ENDS_MONTHS, None)
    prior = PerPersonEffect(mean=PRIOR_MEAN, sd=PRIOR_SD, data_mean=float("nan"), data_sd=float("inf"), places=0)
    if crime.shape[1] < 2 * _ENDS_MONTHS:
        return prior
    moving = own_growth & (index != 1.0).any(axis=1)
    if not moving.any():
        return prior
    crime, index = crime[moving], index[moving]
    places = np.unique(index.round(9), axis=0, return_inverse=True)[1].reshape(-1)
    today = crime[:, late].sum(axis=1)
    # Growth of a place is that of its wards weighted by their crime today.
    frame = pd.DataFrame(
        {
            "before": crime[:, early].sum(axis=1),
            "after": today,
            "grown_before": today * index[:, early].mean(axis=1),
            "grown_after": today * index[:, late].mean(axis=1),
        }
    )
    sums = frame.groupby(places).sum()
    sums = sums[(sums["before"] > _FEWEST_CRIMES) & (sums["after"] > _FEWEST_CRIMES)]
    grown = np.log((sums["grown_after"] / sums["grown_before"]).to_numpy(dtype=np.float64))
    changed = np.log((sums["after"] / sums["before"]).to_numpy(dtype=np.float64))
    if len(sums) < _FEWEST_PLACES or grown.std() < _LEAST_CONTRAST:
        return prior
    contrast = grown - grown.mean()
    slope = float(contrast @ changed / np.square(contrast).sum())
    residual = changed - changed.mean() - slope * contrast
    error = float(np.sqrt(np.square(residual).sum() / (len(sums) - 2) / np.square(contrast).sum()))
    error = max(error, 1e-6)
    precision = 1.0 / PRIOR_SD**2 + 1.0 / error**2
    mean = (PRIOR_MEAN / PRIOR_SD**2 + slope / error**2) / precision
    return PerPersonEffect(mean=mean, sd=precision**-0.5, data_mean=slope, data_sd=error, places=len(sums))
