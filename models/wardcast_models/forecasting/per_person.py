"""How much crime follows residents: the per-person effect, a prior that the data may move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

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
        places: Number of wards and boroughs learned from; 0 likewise.
    """

    mean: float
    sd: float
    data_mean: float
    data_sd: float
    places: int

    @property
    def interval_90(self) -> tuple[float, float]:
        """The central 90 % interval of the effect."""
        half = float(norm.ppf(0.95)) * self.sd
        return self.mean - half, self.mean + half

    @property
    def note(self) -> str:
        """What is to be said about it, a sentence."""
        taken = (
            f"One per cent more residents is taken to mean {self.mean:.2f} per cent more crime (sd {self.sd:.2f}; "
            "every sample path draws one such figure for all wards)"
        )
        if np.isnan(self.data_mean):
            return (
                f"{taken}: prior only, the data could not move it, because too few wards or boroughs have a past "
                "growth that differs from that of others."
            )
        return (
            f"{taken}: the prior was {PRIOR_MEAN:g} (sd {PRIOR_SD:g}) and {self.places} places moved it (wards with a "
            "past growth of their own against others of their borough, boroughs against each other); alone they say "
            f"{self.data_mean:.2f} (standard error {self.data_sd:.2f})."
        )


@dataclass(frozen=True, kw_only=True)
class _Slope:
    """A slope of change on growth: its estimate, its standard error and the number of places behind it."""

    estimate: float
    error: float
    places: int


def per_person_effect(
    crime: NDArray[np.float64], index: NDArray[np.float64], own_growth: NDArray[np.bool_], boroughs: NDArray[np.intp]
) -> PerPersonEffect:
    """Estimate the effect from how places that grew more differ from places that grew less.

    The log change of a place's crime from the first to the last 24 months is regressed on that of its residents, twice:
    wards with a growth of their own against the other such wards of their borough, and boroughs against each other.
    What all of them share (trend, recording) is the intercept. The two share no information (they are the within and
    the between estimator of a multilevel model), so with a normal prior the posterior is the mean of the three weighted
    by precision.

    It is projected residents that the effect is applied to. Projections err, older wards are carried to today's by
    constant shares, and new homes need not bring the crime of old ones: all of that is in the slope, as it should be.

    Args:
        crime: Crime of all categories, shape (W, T); 0 where unobserved.
        index: Exposure over that of the last month, shape (W, T); wards where it never moves play no part.
        own_growth: Whether a ward's past growth is its own and not its borough's, shape (W,).
        boroughs: Borough number of each ward, shape (W,).

    Returns:
        The effect; the prior alone where history or contrast is too small.
    """
    slopes: list[_Slope] = []
    moving = (index != 1.0).any(axis=1)
    if crime.shape[1] >= 2 * _ENDS_MONTHS and moving.any():
        for rows, by_ward in ((moving & own_growth, True), (moving, False)):
            slopes.extend(_slope(crime[rows], index[rows], boroughs[rows], by_ward=by_ward))
    if not slopes:
        return PerPersonEffect(mean=PRIOR_MEAN, sd=PRIOR_SD, data_mean=float("nan"), data_sd=float("inf"), places=0)
    weights = np.array([slope.error**-2 for slope in slopes])
    said = float(weights @ [slope.estimate for slope in slopes] / weights.sum())
    precision = PRIOR_SD**-2 + weights.sum()
    return PerPersonEffect(
        mean=float((PRIOR_MEAN * PRIOR_SD**-2 + said * weights.sum()) / precision),
        sd=float(precision**-0.5),
        data_mean=said,
        data_sd=float(weights.sum() ** -0.5),
        places=sum(slope.places for slope in slopes),
    )


def _slope(
    crime: NDArray[np.float64], index: NDArray[np.float64], boroughs: NDArray[np.intp], *, by_ward: bool
) -> list[_Slope]:
    """Return the slope between wards within boroughs, or between boroughs; none where too little can be learned.

    Wards of a borough that share one growth are one place, and a place's growth is that of its wards weighted by their
    crime today.
    """
    early, late = slice(None, _ENDS_MONTHS), slice(-_ENDS_MONTHS, None)
    places = np.unique(index.round(9), axis=0, return_inverse=True)[1].reshape(-1) if by_ward else np.zeros(len(crime))
    today = crime[:, late].sum(axis=1)
    wards = pd.DataFrame(
        {
            "borough": boroughs,
            "place": places,
            "before": crime[:, early].sum(axis=1),
            "after": today,
            "grown_before": today * index[:, early].mean(axis=1),
            "grown_after": today * index[:, late].mean(axis=1),
        }
    )
    sums = wards.groupby(["borough", "place"], as_index=False).sum()
    sums = sums[(sums["before"] > _FEWEST_CRIMES) & (sums["after"] > _FEWEST_CRIMES)]
    groups = pd.factorize(sums["borough"])[0] if by_ward else np.zeros(len(sums), dtype=np.intp)
    if len(sums) < _FEWEST_PLACES:
        return []
    shared = np.eye(int(groups.max()) + 1)[groups]
    grown = np.log((sums["grown_after"] / sums["grown_before"]).to_numpy(dtype=np.float64))
    contrast = grown - shared @ (shared.T @ grown / shared.sum(axis=0))
    if len(sums) - shared.shape[1] < _FEWEST_PLACES - 1 or contrast.std() < _LEAST_CONTRAST:
        return []
    changed = np.log((sums["after"] / sums["before"]).to_numpy(dtype=np.float64))
    counting = (1.0 / sums["before"] + 1.0 / sums["after"]).to_numpy(dtype=np.float64)
    return [_meta_regression(changed, np.column_stack([grown, shared]), counting)]


def _meta_regression(
    changed: NDArray[np.float64], design: NDArray[np.float64], counting: NDArray[np.float64]
) -> _Slope:
    """Regress changes on growth where places drift apart for reasons of their own besides counting noise.

    A random-effects meta-regression: the variance between places by the method of moments (DerSimonian and Laird
    1986; Thompson and Sharp 1999), the error scaled by what is left over (Knapp and Hartung 2003) and widened to the
    variance of its t distribution, since few places say how far places drift.

    Args:
        changed: Log change of crime, shape (P,).
        design: Log growth first, then an indicator of each group, shape (P, 1 + groups).
        counting: Variance of each change by counting noise alone, shape (P,).

    Returns:
        The slope on growth.
    """
    freedom = len(changed) - design.shape[1]

    def solved(weight: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
        weighted = design.T * weight
        inverse = np.asarray(np.linalg.inv(weighted @ design), dtype=np.float64)
        left = changed - design @ (inverse @ (weighted @ changed))
        return inverse, inverse @ (weighted @ changed), float(weight @ np.square(left))

    weight = 1.0 / counting
    inverse, _, excess = solved(weight)
    spare = weight.sum() - np.trace(inverse @ (design.T * np.square(weight)) @ design)
    between = max((excess - freedom) / float(spare), 0.0)
    inverse, estimate, excess = solved(1.0 / (counting + between))
    scale = max(excess / freedom, 1.0) * freedom / (freedom - 2)
    return _Slope(estimate=float(estimate[0]), error=float(np.sqrt(scale * inverse[0, 0])), places=len(changed))
