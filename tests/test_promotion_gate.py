"""The promotion gate on forecasts that are known to be right, or wrong in one way."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from tests.scored_cells import draw_cells
from wardcast_models.errors import WardcastError
from wardcast_models.evaluation.calibration import calibration_by_band
from wardcast_models.evaluation.cells import join_cells
from wardcast_models.evaluation.gate import GateRules, Reference, best_baseline, judge, pit_80_by_band
from wardcast_models.evaluation.origins import default_origins
from wardcast_models.evaluation.verdict import Check, Verdict
from wardcast_models.evaluation.ward_groups import ward_groups
from wardcast_models.evaluation.ward_months import contest, ward_month_scores

CATEGORIES = ("violence_with_injury", "burglary_residential", "criminal_damage", "robbery_personal")
N_WARDS = 8
RULES = GateRules()
PANEL = make_panel(n_wards=N_WARDS, categories=CATEGORIES, n_months=84, monthly_mean=24.0, random_seed=3)
ORIGINS = default_origins(PANEL, RULES.n_origins, RULES.horizon_months)
TRUE_RATE = 24.0 / np.arange(1, len(CATEGORIES) + 1)
GROWING = PANEL.area.ward_codes[:2]
GROUPS = {"growing wards": GROWING, "other wards": PANEL.area.ward_codes[2:]}


@cache
def forecasts(*, model: str = "candidate", noise: float = 0.0, growing: float = 1.0) -> pd.DataFrame:
    """Cells of Poisson forecasts around the true rate, off at random by `noise` (sd of its logarithm) from cell to
    cell, and by the factor `growing` in the growing wards.
    """
    chance = np.random.default_rng(11)
    parts = []
    for origin in ORIGINS:
        rate = np.broadcast_to(TRUE_RATE[None, :, None], (N_WARDS, len(CATEGORIES), 12)).copy()
        rate[: len(GROWING)] *= growing
        rate *= np.exp(chance.normal(0.0, noise, size=rate.shape))
        parts.append(draw_cells(PANEL, rate, model=model, origin=origin))
    return join_cells(parts)


def verdict_on(cells: pd.DataFrame, *, against: pd.DataFrame, must_be: str = "better") -> Verdict:
    reference = Reference(label="the champion old", scores=ward_month_scores(against), must_be=must_be)
    return judge(cells, reference, groups=GROUPS, rules=RULES)


def check(verdict: Verdict, name: str) -> Check:
    return next(one for one in verdict.checks if one.name == name)


def test_a_better_and_calibrated_candidate_passes() -> None:
    verdict = verdict_on(forecasts(), against=forecasts(model="old", noise=0.3))
    assert verdict.passed
    assert verdict.reasons == ()
    assert verdict.figures["ratio"] < 1.0
    assert verdict.figures["ratio_high"] <= 1.005


def test_a_worse_candidate_is_refused_with_what_was_found_and_what_was_expected() -> None:
    verdict = verdict_on(forecasts(noise=0.3), against=forecasts(model="old"))
    assert not verdict.passed
    assert not check(verdict, "better").passed
    reason = next(one for one in verdict.reasons if one.startswith("Its scaled CRPS is"))
    assert f"{verdict.figures['ratio']:.3f} times that of the champion old" in reason
    assert "expected a ratio below 1 with an interval that ends at 1.005 or below" in reason


def test_a_candidate_that_is_better_only_by_chance_is_refused() -> None:
    # Better by 0.1 %, and worse in as many years as not.
    old = forecasts(model="old")
    wobble = 0.999 + 0.05 * np.where(old["month"].dt.year % 2 == 0, 1.0, -1.0)
    verdict = verdict_on(old.assign(pinball=old["pinball"] * wobble), against=old)
    assert verdict.figures["ratio_high"] > 1.005
    assert not check(verdict, "better").passed


def test_a_candidate_that_harms_one_group_of_wards_is_refused_although_it_is_better_on_the_whole() -> None:
    verdict = verdict_on(forecasts(noise=0.05, growing=1.4), against=forecasts(model="old", noise=0.35))
    assert check(verdict, "better").passed
    harm = check(verdict, "no ward group harmed")
    assert not harm.passed
    assert "in the growing wards" in harm.found
    assert "in the other wards" not in harm.found
    assert "the forecasts are off by +" in harm.found


def test_harm_within_the_tolerance_or_within_chance_is_let_pass() -> None:
    verdict = verdict_on(forecasts(growing=1.02), against=forecasts(model="old"))
    assert check(verdict, "no ward group harmed").passed


@pytest.mark.parametrize(("stretch", "share"), [(0.7, "100.0%"), (1.4, "5")])
def test_a_candidate_whose_ranges_are_too_wide_or_too_narrow_is_refused(stretch: float, share: str) -> None:
    right = forecasts()
    wrong = right.assign(pit=0.5 + stretch * (right["pit"] - 0.5))
    verdict = verdict_on(wrong, against=forecasts(model="old", noise=0.3))
    calibrated = check(verdict, "calibrated")
    assert not calibrated.passed
    assert f"of its forecasts is {share}" in calibrated.found
    assert "for forecasts of 5 to 15 a month" in calibrated.found
    assert "77% to 83%" in calibrated.expected


def calibration_beside(champions: float | None, *, stretch: float) -> tuple[Check, dict[str, float]]:
    """The check of ranges that are too wide by `stretch` (below 1), and the candidate's shares by band."""
    right = forecasts()
    wide = right.assign(pit=0.5 + stretch * (right["pit"] - 0.5))
    shares = pit_80_by_band(calibration_by_band(wide))
    old = Reference(
        label="the champion old",
        scores=ward_month_scores(forecasts(model="old", noise=0.3)),
        must_be="better",
        pit_80={} if champions is None else dict.fromkeys(shares, champions),
    )
    return check(judge(wide, old, groups=GROUPS, rules=RULES), "calibrated"), shares


@pytest.mark.parametrize(("champions", "passes"), [(0.9, True), (0.7, True), (0.81, False), (None, False)])
def test_ranges_a_little_wrong_do_not_keep_a_champion_in_place_whose_ranges_are_as_wrong(
    champions: float | None, passes: bool
) -> None:
    calibrated, shares = calibration_beside(champions, stretch=0.955)
    assert any(share > 0.83 for share in shares.values())
    assert all(0.77 <= share <= 0.85 for share in shares.values())
    assert calibrated.passed == passes
    assert ("(the champion's: " in calibrated.found) == (champions is not None)
    assert "or 75% to 85% and no further from 80% there than the champion's" in calibrated.expected


@pytest.mark.parametrize("champions", [0.99, 1.0, 0.5])
def test_no_champion_is_so_wrong_that_ranges_outside_the_hard_band_pass(champions: float) -> None:
    calibrated, shares = calibration_beside(champions, stretch=0.92)
    assert all(0.85 < share < 0.99 for share in shares.values())
    assert not calibrated.passed


def test_bands_with_few_cells_are_reported_and_not_judged() -> None:
    few = set(PANEL.area.ward_codes[:2])
    right = forecasts()[lambda cells: cells["ward_code"].isin(few)]
    wrong = right.assign(pit=0.5)
    verdict = verdict_on(wrong, against=forecasts(model="old", noise=0.3)[lambda cells: cells["ward_code"].isin(few)])
    assert check(verdict, "calibrated").passed
    assert "no band of forecasts has 1,000 cells" in check(verdict, "calibrated").found
    assert any("not judged, as there are only 288 cells" in note for note in verdict.notes)
    assert verdict.figures["mean 5 to 15/pit_80"] == 1.0


def test_the_champions_own_forecaster_passes_where_it_is_not_worse() -> None:
    cells = forecasts()
    assert verdict_on(cells, against=cells, must_be="not worse").passed
    equal_but_other = verdict_on(cells, against=cells, must_be="better")
    assert equal_but_other.figures["ratio"] == 1.0
    assert not check(equal_but_other, "better").passed
    assert not check(verdict_on(forecasts(noise=0.3), against=cells, must_be="not worse"), "better").passed


def test_too_few_held_back_months_for_an_interval_are_a_reason_to_refuse() -> None:
    cells = forecasts()
    one_origin = cells[cells["origin"] == ORIGINS[-1]]
    old = forecasts(model="old", noise=0.3)
    verdict = verdict_on(one_origin, against=old[old["origin"] == ORIGINS[-1]])
    assert not check(verdict, "better").passed
    assert "forecast 12 months, too few" in check(verdict, "better").found
    assert json.loads(json.dumps(verdict.document(), allow_nan=False))["figures"]["ratio_low"] is None


def test_forecasts_of_different_months_cannot_be_compared() -> None:
    cells = forecasts()
    with pytest.raises(WardcastError, match="same counts"):
        verdict_on(cells, against=cells[cells["origin"] != ORIGINS[0]])


def test_the_best_baseline_is_the_one_with_the_lowest_scaled_crps() -> None:
    both = join_cells([forecasts(model="mean_12_months", noise=0.1), forecasts(model="seasonal_naive", noise=0.3)])
    assert best_baseline(both) == "mean_12_months"


def test_the_scores_by_ward_and_month_add_up_to_the_scaled_crps_and_the_bias() -> None:
    cells = forecasts(noise=0.2, growing=1.2)
    together = contest(ward_month_scores(cells), ward_month_scores(forecasts()))
    assert together.scaled_crps == pytest.approx(2 * cells["pinball"].sum() / cells["actual"].sum(), rel=1e-5)
    assert together.bias == pytest.approx((cells["mean"] - cells["actual"]).sum() / cells["actual"].sum(), abs=1e-5)


def test_wards_are_grouped_by_the_users_own_groups_else_by_growth_and_always_by_size() -> None:
    weights = [1, 2, 3, 4, 5, 6]
    codes = [f"E0500000{number}" for number in range(1, 7)]
    growth = {code: {2011: 1000.0, 2031: 1000.0} for code in codes} | {codes[0]: {2011: 1000.0, 2031: 4000.0}}
    panel = make_panel(n_wards=6, n_months=96, ward_weights=weights, projection=growth, census_persons=[2000.0] * 6)
    until = pd.Timestamp("2022-01-01")
    groups = ward_groups(panel, until=until)
    assert groups["growing wards"] == (codes[0],)
    assert groups["other wards"] == tuple(codes[1:])
    assert groups["third with least crime"] == tuple(codes[:2])
    assert groups["third with most crime"] == tuple(codes[4:])
    own = pd.DataFrame({"ward_code": codes[:3], "group": ["A", "A", "B"]})
    named = ward_groups(replace(panel, ward_groups=own), until=until)
    assert named["group A"] == tuple(codes[:2])
    assert named["group no group given"] == tuple(codes[3:])
    assert "growing wards" not in named
    assert named["middle third"] == tuple(codes[2:4])
