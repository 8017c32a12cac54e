"""The claimed response to presence: concave, capped, and never overstated by its approximation."""

from __future__ import annotations

import numpy as np
import pytest

from tests.plans import make_instance
from wardcast_models.allocation.elasticity import claimed_response
from wardcast_models.allocation.programme.curves import closer_breakpoints, curves_of, first_breakpoints
from wardcast_models.allocation.response import Response, response_groups

CENTRAL = Response(elasticities=(0.30,), cap=0.20)
SEVERAL = Response(elasticities=(0.0, 0.15, 0.30, 0.40), cap=0.20)

RESPONSES = [
    *(Response(elasticities=(elasticity,), cap=0.20) for elasticity in (0.0, 0.001, 0.15, 0.30, 0.40, 1.0)),
    SEVERAL,
    Response(elasticities=(0.15, 0.15), cap=0.05),
]


def test_doubling_presence_lowers_preventable_crime_by_the_elasticity_up_to_the_cap() -> None:
    fall = CENTRAL.fall(np.array([0.0, 0.1, 1.0, 50.0]))
    assert fall[0] == 0
    assert fall[1] == pytest.approx(1 - 1.1**-0.30)
    assert fall[2] == pytest.approx(1 - 2**-0.30)
    assert fall[3] == 0.20
    assert CENTRAL.fall(np.array([CENTRAL.saturation]))[0] == pytest.approx(0.20)


def test_what_is_aimed_at_is_the_mean_over_the_elasticities_each_capped_alone() -> None:
    doses = np.array([0.0, 0.1, 0.5, 0.8, 2.0, 100.0])
    each = [part.fall(doses) for part in SEVERAL.parts]
    assert SEVERAL.fall(doses) == pytest.approx(np.mean(each, axis=0))
    assert [part.elasticities for part in SEVERAL.parts] == [(0.0,), (0.15,), (0.30,), (0.40,)]
    assert SEVERAL.fall(doses)[-1] == pytest.approx(0.75 * 0.20)


def test_the_packaged_scenarios_are_none_low_central_and_high() -> None:
    assert claimed_response(0.30).elasticities == pytest.approx((0.0, 0.15, 0.30, 0.40))
    assert claimed_response(0.30).cap == 0.20
    assert claimed_response(0.15).elasticities == pytest.approx((0.0, 0.075, 0.15, 0.20))


def test_without_any_elasticity_nothing_is_claimed_at_any_dose() -> None:
    nothing = Response(elasticities=(0.0,), cap=0.20)
    doses = np.array([0.0, 1.0, 1e6])
    assert not nothing.fall(doses).any()
    assert not nothing.slope(doses).any()
    assert nothing.saturation == float("inf")


@pytest.mark.parametrize("response", RESPONSES)
def test_the_slope_is_the_derivative_and_never_rises(response: Response) -> None:
    doses = np.linspace(0.0, 5.0, 4001)
    step = 1e-7
    by_difference = (response.fall(doses + step) - response.fall(doses)) / step
    smooth = np.ones(doses.size, dtype=bool)
    for cap in response.saturations:
        smooth &= np.abs(doses - cap) > 1e-5
    assert response.slope(doses)[smooth] == pytest.approx(by_difference[smooth], abs=1e-6)
    assert (np.diff(response.slope(doses)) <= 1e-15).all()


@pytest.mark.parametrize("response", RESPONSES)
def test_chords_lie_below_the_curve_by_no_more_than_the_stated_error(response: Response) -> None:
    points = response.breakpoints(np.array([0.05, 0.8, 30.0]), 18)
    error = response.chord_error(points)
    for curve in points:
        doses = np.linspace(0, curve[-1], 2000)
        missed = response.fall(doses) - np.interp(doses, curve, response.fall(curve))
        assert missed.min() >= -1e-12
        assert missed.max() <= error + 1e-12
    assert error < 1e-3


@pytest.mark.parametrize("response", RESPONSES)
def test_the_dose_at_a_slope_is_where_the_slope_falls_to_it(response: Response) -> None:
    reach = np.full(5, 3.0)
    slopes = np.array([0.0, 0.02, 0.05, 0.1, 1.0])
    doses = response.dose_at(slopes, reach)
    assert ((doses >= 0) & (doses <= reach)).all()
    assert (response.slope(doses + 1e-9) <= slopes + 1e-9)[doses < 3.0 - 1e-9].all()
    assert (response.slope(np.maximum(doses - 1e-9, 0.0)) >= slopes - 1e-9)[doses > 1e-9].all()


def test_every_dose_where_a_cap_is_reached_is_a_breakpoint() -> None:
    points = SEVERAL.breakpoints(np.array([100.0, 1.0]), 8)
    for cap in SEVERAL.saturations:
        assert np.isclose(points[0], cap).any()
    assert points[:, 0].tolist() == [0.0, 0.0]
    assert points[:, -1] == pytest.approx([SEVERAL.saturation, 1.0])


@pytest.mark.parametrize("like_shifts", [True, False])
def test_a_closer_look_keeps_slopes_falling_and_chords_close_around_the_doses(like_shifts: bool) -> None:
    instance = make_instance(seed=1, like_shifts=like_shifts)
    curves, response = curves_of(instance), instance.response
    before = first_breakpoints(curves, response)
    rng = np.random.default_rng(0)
    doses = np.where(rng.random(curves.size) < 0.3, 0.0, rng.uniform(0, 2.0, curves.size) * curves.reach)
    for _ in range(3):
        closer = closer_breakpoints(curves, response, before=before, doses=doses)
        assert closer.shape == before.shape
        assert (np.diff(closer, axis=1) >= 0).all()
        slopes = response.slopes(closer)
        assert (np.diff(slopes, axis=1) <= 0).all()
        assert (slopes >= 0).all()
        before = closer
    at = np.minimum(doses, closer[:, -1])
    missed = response.fall(at) - np.array(
        [np.interp(dose, points, response.fall(points)) for dose, points in zip(at, closer, strict=True)]
    )
    coarse = response.chord_error(response.breakpoints(curves.reach, 8))
    assert missed.max() < 1e-3 * coarse


def test_slopes_never_rise_even_with_breakpoints_on_top_of_each_other() -> None:
    coarse = CENTRAL.breakpoints(np.array([1.0, 1.0]), 10)
    points = np.sort(np.concatenate([coarse, coarse[:, 2:6], coarse[:, 2:6] + 1e-12], axis=1), axis=1)
    slopes = CENTRAL.slopes(points)
    assert (np.diff(slopes, axis=1) <= 0).all()
    assert (slopes > 0).all()


def test_categories_that_respond_alike_share_a_curve_and_untouched_ones_have_none() -> None:
    effect = np.array([[0.5, 0.5, 0.0, 0.5], [0.2, 0.0, 0.0, 0.2]])
    groups = response_groups(effect)
    assert groups.group_of.tolist() == [0, 1, -1, 0]
    assert groups.dose_per_hour.tolist() == [[0.5, 0.5], [0.2, 0.0]]
