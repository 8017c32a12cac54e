"""The claimed response to presence: concave, capped, and never overstated by its approximation."""

from __future__ import annotations

import numpy as np
import pytest

from wardcast_models.allocation.response import Response, refine, response_groups

CENTRAL = Response(elasticity=0.30, cap=0.20)


def test_doubling_presence_lowers_preventable_crime_by_the_elasticity_up_to_the_cap() -> None:
    fall = CENTRAL.fall(np.array([0.0, 0.1, 1.0, 50.0]))
    assert fall[0] == 0
    assert fall[1] == pytest.approx(1 - 1.1**-0.30)
    assert fall[2] == pytest.approx(1 - 2**-0.30)
    assert fall[3] == 0.20
    assert CENTRAL.fall(np.array([CENTRAL.saturation]))[0] == pytest.approx(0.20)


@pytest.mark.parametrize("elasticity", [0.0, 0.001, 0.15, 0.30, 0.40, 1.0])
def test_chords_lie_below_the_curve_by_no_more_than_the_stated_error(elasticity: float) -> None:
    response = Response(elasticity=elasticity, cap=0.20)
    points = response.breakpoints(np.array([0.05, 0.8, 30.0]), 10)
    error = response.chord_error(points)
    for curve in points:
        doses = np.linspace(0, curve[-1], 2000)
        missed = response.fall(doses) - np.interp(doses, curve, response.fall(curve))
        assert missed.min() >= -1e-12
        assert missed.max() <= error + 1e-12
    assert error < 5e-4


def test_slopes_never_increase_even_with_breakpoints_on_top_of_each_other() -> None:
    coarse = CENTRAL.breakpoints(np.array([1.0, 1.0]), 10)
    points = refine(coarse=coarse, centre=np.array([0.0, coarse[1, 3]]), radius=np.array([0.1, 0.1]), segments=8)
    slopes = CENTRAL.slopes(points)
    assert (np.diff(points, axis=1) >= 0).all()
    assert (np.diff(slopes, axis=1) <= 0).all()
    assert (slopes > 0).all()


def test_categories_that_respond_alike_share_a_curve_and_untouched_ones_have_none() -> None:
    effect = np.array([[0.5, 0.5, 0.0, 0.5], [0.2, 0.0, 0.0, 0.2]])
    groups = response_groups(effect)
    assert groups.group_of.tolist() == [0, 1, -1, 0]
    assert groups.dose_per_hour.tolist() == [[0.5, 0.5], [0.2, 0.0]]
