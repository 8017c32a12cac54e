"""The curves of a problem that can gain anything, and where their chords meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.arrays import Array, Positions
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.response import Response

LARGE_PROBLEM_CURVES = 5_000
"""Problems with more curves than this have fewer segments, to be built and solved in time."""

COARSE_SEGMENTS = (8, 4)
"""Segments of equal error that every curve keeps, beside those that begin where a cap is reached; in large problems."""

FINE_SEGMENTS = (10, 6)
"""Segments around the dose found, in each closer look; in large problems."""

REACH_OF_A_LOOK = 1.25
"""Half-width of a closer look, in segments of the look before."""


MORE_SHARE, MORE_HOURS = 0.1, 24.0
"""Curves go on beyond the hours that there are by this much, so that one hour more can be asked about."""


@dataclass(frozen=True, kw_only=True)
class Curves:
    """One curve for each ward, month, shift and response group with preventable harm that a resource can reach.

    Attributes:
        place: Indices (ward, month, shift, group), four arrays of length N.
        value: Mean preventable weighted harm, shape (N,).
        baseline: Baseline officer hours, shape (N,).
        reach: Relative dose that all resources together could give at most, and some more, shape (N,).
    """

    place: tuple[Positions, Positions, Positions, Positions]
    value: Array
    baseline: Array
    reach: Array

    @property
    def size(self) -> int:
        """N."""
        return int(self.value.size)

    def doses(self, instance: Instance, hours: Array) -> Array:
        """Return the relative dose of each curve.

        Args:
            instance: The problem that the curves are of.
            hours: Planned hours, shape (W, H, S, R).

        Returns:
            Shape (N,).
        """
        return instance.relative_dose(hours)[self.place]


def curves_of(instance: Instance) -> Curves:
    """Return a problem's curves.

    Args:
        instance: The problem.

    Returns:
        The curves, in the order of ward, month, shift and group.
    """
    more = np.where(instance.capacity > 0, (1 + MORE_SHARE) * instance.capacity + MORE_HOURS, 0.0)
    most = instance.dose(np.where(instance.allowed, more[None, :, None, :], 0.0))
    ward, month, shift, group = place = np.nonzero((instance.value > 0) & (most > 0))
    baseline = instance.baseline[ward, month, shift]
    return Curves(
        place=(place[0], place[1], place[2], place[3]),
        value=instance.value[ward, month, shift, group],
        baseline=baseline,
        reach=most[ward, month, shift, group] / baseline,
    )


def first_breakpoints(curves: Curves, response: Response) -> Array:
    """Return breakpoints that know nothing of the plan, as many as `closer_breakpoints` returns.

    Args:
        curves: The curves.
        response: The claimed fall.

    Returns:
        Relative doses from 0, never decreasing, shape (N, K + 1).
    """
    large = int(curves.size > LARGE_PROBLEM_CURVES)
    coarse, fine = COARSE_SEGMENTS[large], FINE_SEGMENTS[large]
    return response.breakpoints(curves.reach, coarse + fine + 1)


def closer_breakpoints(curves: Curves, response: Response, *, before: Array, doses: Array) -> Array:
    """Return breakpoints close together around doses, and wide apart elsewhere.

    Args:
        curves: The curves.
        response: The claimed fall.
        before: The breakpoints with which the doses were found, shape (N, K + 1).
        doses: Relative doses found, shape (N,).

    Returns:
        Relative doses from 0, never decreasing, shape (N, K + 1).
    """
    n_coarse, n_fine = _segments(before, response)
    coarse = response.breakpoints(curves.reach, n_coarse)
    centre = np.minimum(doses.round(9), coarse[:, -1])  # the solver's noise moves no breakpoint
    radius = REACH_OF_A_LOOK * _width_at(before, centre)
    steps = np.linspace(-1.0, 1.0, n_fine + 1)[None, :]
    fine = np.clip(centre[:, None] + radius[:, None] * steps, 0.0, coarse[:, -1:])
    return np.sort(np.concatenate([coarse, fine], axis=1), axis=1)


def _segments(before: Array, response: Response) -> tuple[int, int]:
    """Return the numbers of coarse and fine segments of breakpoints; a month of a large problem has a small one's."""
    n_segments = before.shape[1] - len(response.saturations) - 2
    return next(
        (coarse, fine)
        for coarse, fine in zip(COARSE_SEGMENTS, FINE_SEGMENTS, strict=True)
        if coarse + fine == n_segments
    )


def _width_at(breakpoints: Array, doses: Array) -> Array:
    """Return the width of the segments that meet at, or hold, each dose."""
    widths = np.diff(breakpoints, axis=1)
    curve = np.arange(len(doses))
    right = np.clip((breakpoints[:, 1:-1] <= doses[:, None]).sum(axis=1), 0, widths.shape[1] - 1)
    left = np.clip((breakpoints[:, 1:-1] < doses[:, None]).sum(axis=1), 0, widths.shape[1] - 1)
    before = np.clip((breakpoints[:, 1:] < doses[:, None] - 1e-12).sum(axis=1), 0, widths.shape[1] - 1)
    return np.asarray(np.maximum.reduce([widths[curve, right], widths[curve, left], widths[curve, before]]))
