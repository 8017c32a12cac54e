"""The packaged tables hang together and every figure says where it comes from."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from wardcast_models.allocation.request.limits import Limits
from wardcast_models.allocation.request.objective import Objective
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.reference.area_profile import area_profile
from wardcast_models.reference.assumptions import assumption, assumptions
from wardcast_models.reference.evidence import evidence
from wardcast_models.reference.response_library import (
    ASSUMED,
    NO_STUDY,
    delivery_rate,
    effectiveness,
    resource_types,
    response_library,
    supporting_study,
)
from wardcast_models.reference.tables import packaged_rows
from wardcast_models.reference.taxonomy import (
    ASB,
    COUNCIL_ASB,
    category_by_major_label,
    category_by_minor_label,
    families,
    harm_weights,
    known_ons_weights,
    priorities,
    taxonomy,
)


def test_every_label_weight_and_priority_points_at_a_known_category() -> None:
    categories = taxonomy()
    assert set(category_by_minor_label().values()) <= set(categories)
    assert set(category_by_major_label().values()) <= set(categories)
    for scale in ("cambridge", "ons", "count"):
        assert set(harm_weights(scale)) <= set(categories) - {ASB}
    assert {category.priority for category in categories.values()} - {""} <= set(priorities())


def test_every_category_belongs_to_a_family_with_a_name() -> None:
    assert {category.major for category in taxonomy().values()} == set(families())


def test_the_partial_severity_scale_holds_weights_that_could_be_read() -> None:
    assert len(known_ons_weights()) == 10
    assert len(harm_weights("ons")) == 7
    assert set(harm_weights("ons").values()) <= set(known_ons_weights().values())


def test_a_preventable_share_names_a_measurement_or_says_that_it_is_assumed() -> None:
    for category in taxonomy().values():
        assert category.preventable_source.startswith(("assumed", "central: 1 minus the domestic-abuse share"))


def test_minor_labels_are_upper_case_so_that_letter_case_cannot_matter() -> None:
    labels = [*category_by_minor_label(), *category_by_major_label()]
    assert labels == [label.upper() for label in labels]


def test_police_patrols_affect_exactly_what_is_preventable_and_an_objective_by_default() -> None:
    for category, effect in effectiveness("visible_patrol").items():
        kind = taxonomy()[category]
        stands_in_for_asb = category == COUNCIL_ASB  # where the police's counts are not there
        aimed_at = kind.objective or stands_in_for_asb
        assert effect == (1.0 if kind.preventable[1] > 0 and aimed_at else 0.0)


def test_private_violence_and_police_generated_counts_attract_no_patrols() -> None:
    effects = effectiveness("visible_patrol")
    for category in (
        "rape",
        "other_sexual_offences",
        "drug_possession",
        "weapons_possession",
        "fraud_forgery",
    ):
        assert effects[category] == 0


@pytest.mark.parametrize("resource_type", sorted(resource_types()))
def test_an_effect_always_rests_on_a_packaged_study_or_is_marked_as_assumed(resource_type: str) -> None:
    for category, effect in effectiveness(resource_type).items():
        study = supporting_study(resource_type, category)
        assert (study in {*evidence(), ASSUMED}) == (effect > 0)
        assert (study == NO_STUDY) == (effect == 0)


def test_the_london_study_is_cited_for_violence_theft_and_robbery_only() -> None:
    cited = {c for c in taxonomy() if supporting_study("visible_patrol", c) == "draca_machin_witt_2011"}
    assert {taxonomy()[category].major for category in cited} == {"violence", "robbery", "theft"}
    assert supporting_study("visible_patrol", ASB) == ASSUMED


def test_only_police_patrols_have_an_effect_until_the_user_enters_one() -> None:
    effective = {kind for kind in resource_types() if any(effectiveness(kind).values())}
    assert effective == {"visible_patrol", "town_centre_patrol"}


def test_a_town_centre_team_is_a_police_patrol_under_another_name() -> None:
    assert effectiveness("town_centre_patrol") == effectiveness("visible_patrol")
    for category in taxonomy():
        assert supporting_study("town_centre_patrol", category) == supporting_study("visible_patrol", category)


def test_the_library_has_every_team_crew_and_project_that_a_partnership_plans_with() -> None:
    assert {kind.agency for kind in resource_types().values()} == {"council", "police", "partner"}
    assert set(resource_types()) == {
        "visible_patrol",
        "town_centre_patrol",
        "council_patrol",
        "wardens",
        "pspo_patrol",
        "licensing_visit",
        "youth_outreach",
        "cctv_operation",
        "street_cleansing",
        "street_lighting",
        "safe_haven",
        "street_space",
        "community_payback",
    }


def test_help_and_crews_are_not_felt_as_enforcement() -> None:
    enforcing = {key for key, kind in resource_types().items() if kind.enforcement}
    assert enforcing == {"visible_patrol", "town_centre_patrol", "council_patrol", "pspo_patrol", "licensing_visit"}


def test_every_row_of_the_library_leads_to_its_study_or_says_why_it_is_assumed() -> None:
    for row in response_library():
        assert row.category in taxonomy()
        if row.evidence is None:
            assert row.note
        else:
            assert row.evidence.study == row.study
            assert row.evidence.low is not None


def test_no_study_of_fixed_cameras_or_lamps_gives_a_crew_an_effect() -> None:
    compared = {study for study, figure in evidence().items() if figure.use.startswith("for comparison only")}
    assert {"welsh_farrington_lighting_2008", "chalfin_lighting_2022", "welsh_farrington_cctv_2009"} <= compared
    assert not compared & {row.study for row in response_library()}


def test_delivery_follows_the_one_trial_and_says_when_it_is_only_assumed() -> None:
    rate, source = delivery_rate("visible_patrol")
    assert rate == pytest.approx(25 / 45, abs=1e-4)
    assert "trial" in source
    assert delivery_rate("council_patrol")[1].startswith("assumed")


def test_an_unknown_team_is_refused_with_the_known_ones() -> None:
    with pytest.raises(WardcastError) as caught:
        effectiveness("drones")
    assert caught.value.kind is ErrorKind.INVALID_INPUT
    assert "visible_patrol" in caught.value.problems[0].expected
    assert caught.value.problems[0].found == "drones"


def test_evidence_orders_its_range_and_names_study_scale_country_and_quality() -> None:
    for figure in evidence().values():
        known = [value for value in (figure.low, figure.central, figure.high) if value is not None]
        assert known
        assert known == sorted(known)
        assert all((figure.citation, figure.scale, figure.country, figure.quality, figure.unit, figure.use))


def test_request_defaults_are_the_packaged_assumptions() -> None:
    assert Objective().elasticity == assumption("elasticity").value
    assert Objective().asb_weight == assumption("asb_weight").value
    assert Limits().asb_floor_share == assumption("asb_floor_share").value
    assert Limits().warn_share == assumption("warn_share").value


def test_effect_scenarios_run_from_nothing_to_the_larger_london_estimate() -> None:
    scenarios = [assumption(f"elasticity{which}").value for which in ("_zero", "_low", "", "_high")]
    assert scenarios == [0.0, 0.15, 0.30, 0.40]
    draca = evidence()["draca_machin_witt_2011"]
    assert (draca.low, draca.high) == (-assumption("elasticity_high").value, -assumption("elasticity").value)


def test_the_effect_cap_lies_above_the_hot_spot_mean() -> None:
    hot_spots = evidence()["braga_weisburd_2020"].central
    assert hot_spots is not None
    assert assumption("effect_cap").value > -hot_spots


def test_baseline_hours_follow_from_the_stated_formula() -> None:
    officers_present = 2
    assert assumption("baseline_officer_hours_per_ward_month").value == pytest.approx(officers_present * 24 * 30.4)


def test_homes_hold_as_many_persons_as_the_plan_says() -> None:
    figures = area_profile("E09000002")
    assert figures["new_residents"].value / figures["new_homes"].value == assumption("persons_per_home").value


def test_an_unknown_assumption_is_refused_by_name() -> None:
    with pytest.raises(WardcastError, match="wishful_thinking"):
        assumption("wishful_thinking")


def test_plan_and_projection_growth_are_both_quoted() -> None:
    figures = area_profile("E09000002")
    assert figures["growth_2017_2022"].value == 17_800
    assert figures["growth_2017_2022_projection"].value == 13_889
    assert figures["growth_2017_2022"].source != figures["growth_2017_2022_projection"].source


def test_an_area_without_a_packaged_profile_has_no_figures() -> None:
    assert area_profile("E09000016") == {}


def test_every_figure_has_a_source_or_says_it_is_assumed() -> None:
    sources = [row.source for row in assumptions().values()]
    sources += [figure.source for figure in area_profile("E09000002").values()]
    sources += [row["source"] for row in packaged_rows("harm_weights.csv")]
    sources += [row["where_read"] for row in packaged_rows("ons_severity_known.csv")]
    assert all(source.strip() for source in sources)


def test_packaged_tables_have_no_ragged_rows_and_no_repeated_keys() -> None:
    keys = {
        "taxonomy.csv": ("category",),
        "evidence.csv": ("study",),
        "assumptions.csv": ("key",),
        "resource_types.csv": ("resource_type",),
        "response_library.csv": ("resource_type", "category"),
        "lbbd_profile.csv": ("area_code", "key"),
        "harm_weights.csv": ("category", "scale"),
        "minor_labels.csv": ("minor_label",),
        "families.csv": ("family",),
        "ons_severity_known.csv": ("offence",),
    }
    for name, key in keys.items():
        rows = packaged_rows(name)
        assert all(None not in row and None not in row.values() for row in rows), name
        values = [tuple(row[column] for column in key) for row in rows]
        assert len(values) == len(set(values)), name


def test_no_packaged_table_names_a_machine_path() -> None:
    for table in resources.files("wardcast_models.reference").iterdir():
        if table.name.endswith(".csv"):
            assert not re.search(r"/(work|opt|tmp|home)/", table.read_text(encoding="utf-8")), table.name
