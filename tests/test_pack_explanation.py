"""What the report says so that a chair can defend the plan: warnings, teams, limits, changes, fairness, checks."""

from __future__ import annotations

import dataclasses
import re

import pytest

from tests.page_reading import PageReader
from tests.plan_examples import inputs_example, many_wards, plan_example
from wardcast.pack.report import MOST_LIMITS, MOST_WARNINGS, render_report
from wardcast.pack.ward_cards import MOST_TEAMS, ward_cards
from wardcast_models.allocation.plan import Plan, ResourceShare
from wardcast_models.allocation.request.resource import Agency

SCALE, PRESENCE = "How crimes are weighed", "How much presence there is today, and where"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_example()


@pytest.fixture(scope="module")
def page() -> PageReader:
    return PageReader(render_report(inputs_example()))


def page_with(**changes: object) -> PageReader:
    inputs = inputs_example()
    return PageReader(render_report(dataclasses.replace(inputs, plan=inputs.plan.model_copy(update=changes))))


def test_what_needs_a_look_stands_right_after_the_answer(page: PageReader, plan: Plan) -> None:
    words = page.words
    for warning in plan.warnings:
        assert words.index(plan.verdict) < words.index(warning) < words.index("Contents")
    assert "What to look at first" not in page_with(warnings=()).words


def test_a_long_list_of_warnings_is_cut_where_the_workbook_goes_on() -> None:
    words = page_with(warnings=tuple(f"Warning number {i}." for i in range(MOST_WARNINGS + 3))).words
    assert f"Warning number {MOST_WARNINGS - 1}." in words
    assert f"Warning number {MOST_WARNINGS}." not in words
    assert "3 more are in plan.xlsx." in words


def test_every_reference_to_a_section_carries_the_number_of_its_heading() -> None:
    for months in (("2025-04",), ("2025-04", "2025-05")):
        text = render_report(inputs_example(months=months))
        headings = dict(re.findall(r'<h2 id="(\w+)">(\d+\. [^<]+)</h2>', text))
        references = re.findall(r'<a href="#(\w+)">section (\d+), ([^<]+)</a>', text)
        assert len(references) >= 2
        assert all(headings[key] == f"{number}. {title}" for key, number, title in references)
        listed = re.findall(r'<li><a href="#(\w+)">', text)
        assert [headings[key].split(".")[0] for key in listed] == [str(i + 1) for i in range(len(listed))]


def test_each_team_is_shown_with_its_hours_cost_effect_and_reasons(page: PageReader, plan: Plan) -> None:
    table = page.table("Teams, over April to June 2025")
    for team in plan.resources:
        row = table.row(team.resource)
        assert row[1].words == {"police": "Police", "council": "Council", "partner": "Partner"}[team.agency]
        assert row[2].words == team.label
        assert [figure for cell in row for figure in cell.figures] == [
            *(team.hours_available, team.hours_planned, team.hours_delivered, team.cost_pounds),
            *(team.harm_avoided.mean, team.harm_avoided.q05, team.harm_avoided.q95),
        ]
        for reason in team.reasons:
            assert reason in page.words
    assert "The planned hours cost £105,240." in page.words


def test_a_cost_that_nobody_gave_is_not_made_up(plan: Plan) -> None:
    teams = tuple(team.model_copy(update={"cost_pounds": None}) for team in plan.resources)
    page = page_with(resources=teams, cost_pounds=None)
    assert [row[6].words for row in page.table("Teams, over").rows[1:]] == ["not given"] * len(teams)
    assert "£" not in page.words


def test_each_ward_names_its_teams_with_their_reasons_and_how_sure_its_place_is(page: PageReader, plan: Plan) -> None:
    first, last = plan.wards[0], plan.wards[-1]
    for share in first.resources:
        assert f"{share.resource}: {share.hours:,.0f} hours ({share.share:.0%} of the team’s, rank 1)." in page.words
        assert " ".join(share.reasons) in page.words
    assert "In 98% of the simulated futures this ward belongs among the 5 that would get most." in page.words
    assert last.hours == 0
    assert "No hours here: Council enforcement, Police ward team and Street youth workers." in page.words


def test_with_many_teams_a_ward_tells_the_main_reason_of_the_largest_only(plan: Plan) -> None:
    crowd = tuple(
        ResourceShare(resource=f"Team {i}", hours=50.0 - i, share=0.1, rank=1, reasons=("Main.", "Other."))
        for i in range(MOST_TEAMS + 2)
    )
    (card,) = ward_cards(plan, [plan.wards[0].model_copy(update={"resources": crowd})])
    assert [here.share.resource for here in card.teams] == [f"Team {i}" for i in range(MOST_TEAMS)]
    assert {here.reasons for here in card.teams} == {("Main.",)}
    assert card.other_teams == 2


def test_the_answer_says_how_sure_it_is_and_what_would_change_it(page: PageReader) -> None:
    assert (
        "How sure the ranking is, by need alone and free of the request's limits: of the 5 wards with most hours, "
        "Abbey belongs among them in 98% of the simulated futures and Heath, the least certain, in 61%. "
        "Outside them, Chadwell Heath would in 39%."
    ) in page.words
    assert (
        "What would change it most, of the 9 other assumptions tried: with every crime counted as one, 31% of the "
        "hours would go to other wards."
    ) in page.words


def test_a_plan_that_nothing_changes_says_so(plan: Plan) -> None:
    little = tuple(tried.model_copy(update={"hours_moved_share": 0.01}) for tried in plan.sensitivities)
    words = page_with(sensitivities=little).words
    assert "none of the 9 other assumptions tried would move more than 1% of the hours" in words


def test_a_plan_that_hardly_anything_changes_says_so_without_odd_figures(plan: Plan) -> None:
    for share in (0.0, 0.0004):
        little = tuple(tried.model_copy(update={"hours_moved_share": share}) for tried in plan.sensitivities)
        words = page_with(sensitivities=little).words
        assert "none of the 9 other assumptions tried would move as much as 1% of the hours" in words


def test_without_a_claimed_effect_no_ward_belongs_on_top_by_need(plan: Plan) -> None:
    wards = tuple(ward.model_copy(update={"top_group_share": 0.0}) for ward in plan.wards)
    words = page_with(wards=wards).words
    assert "no effect is claimed, so no ward belongs among those with most hours by need." in words
    assert "In 0% of the simulated futures" not in words


def test_each_limit_is_shown_with_what_one_unit_does_its_price_its_cost_and_its_field(plan: Plan) -> None:
    page = PageReader(render_report(inputs_example()))
    limits = page.table("Limits that bind")
    for limit in plan.limits:
        row = limits.row(f"{limit.description} {limit.field}")
        figures = (
            limit.limit,
            limit.gain_from_one_more,
            limit.loss_from_one_less,
            limit.shadow_price,
            limit.cost_share,
        )
        assert [figure for cell in row for figure in cell.figures] == [f for f in figures if f is not None]
    marked = [row for row in limits.rows if "Look at this" in row[-1].words]
    assert [row[0].words.split(",")[0] for row in marked] == ["The most that one ward may get"]
    assert limits.rows[1] == marked[0], "what costs the plan most comes first"


def test_a_plan_of_whole_units_has_no_prices_and_says_why(plan: Plan) -> None:
    limits = tuple(limit.model_copy(update={"shadow_price": None}) for limit in plan.limits)
    page = page_with(whole_units=True, limits=limits)
    heads = [cell.words for cell in page.table("Limits that bind").rows[0]]
    assert "Price at the margin" not in heads
    assert "there are no prices at the margin: the figures come from solving it again" in page.words
    assert "Every team is given in whole units" in page.words


def test_a_long_list_of_limits_keeps_those_that_matter(plan: Plan) -> None:
    many = tuple(plan.limits[0].model_copy(update={"gain_from_one_more": float(i)}) for i in range(30))
    table = page_with(limits=many).table(f"Limits that bind: the {MOST_LIMITS} that matter most of 30")
    assert [row[2].figures[0] for row in table.rows[1:3]] == [29.0, 28.0]
    assert len(table.rows) == 1 + MOST_LIMITS


def test_other_assumptions_are_told_in_a_sentence_a_row_and_a_chart(page: PageReader, plan: Plan) -> None:
    for tried in plan.sensitivities:
        assert tried.statement in page.words
    scale = page.table(f"{SCALE}: what would change")
    row = scale.row("the ONS Crime Severity Score in points of the ONS Crime Severity Score")
    tried = plan.sensitivities[0]
    figures = (tried.hours_moved_share, tried.harm_avoided_by_this_plan, tried.harm_avoided)
    assert [figure for cell in row for figure in cell.figures] == pytest.approx(figures)
    assert "Abbey 1 → 3" in row[-1].words
    assert "Northbury 3 → 1" in row[-1].words
    assert page.table(f"{PRESENCE}: what would change").row("half of today's presence")[1].words == "4%"
    assert page.words.count("wards whose rank changes most") == 3, "no chart where no rank changes"


def test_ranks_that_say_nothing_stay_out_of_the_chart() -> None:
    text = render_report(inputs_example())
    chart = text[text.index('id="changes-1-title"') : text.index("How much patrols do: what would change")]
    assert "an elasticity of 0.15 for certain" in chart
    assert "an elasticity of 0 for certain" not in chart


def test_a_city_where_every_ward_moves_still_gets_a_short_table() -> None:
    inputs = inputs_example(wards=many_wards(300))
    tried = inputs.plan.sensitivities[0]
    change = tried.changes[0]
    moved = tried.model_copy(
        update={"changes": tuple(change.model_copy(update={"ward_code": w.ward_code}) for w in inputs.plan.wards)}
    )
    plan = inputs.plan.model_copy(update={"sensitivities": (moved,)})
    text = render_report(dataclasses.replace(inputs, plan=plan))
    assert "and 292 more in plan.xlsx" in PageReader(text).words


def test_the_effect_is_told_with_the_harm_left_in_the_worst_tenth(page: PageReader, plan: Plan) -> None:
    assert [split.name for split in plan.comparisons] == ["plan", "current", "proportional", "equal", "none"]
    assert "As today’s presence is split" in page.words
    assert plan.risk.statement in page.words
    assert "none: the plan aims at the average over all futures" in page.words
    weighted = plan.risk.model_copy(update={"cvar_weight": 0.3})
    assert "30% ; the average over all futures has the rest" in page_with(risk=weighted).words


def test_protection_and_burden_are_told_apart_by_group_and_by_ward(page: PageReader, plan: Plan) -> None:
    groups = page.table("Protection and burden by group of wards")
    for group in plan.fairness:
        row = groups.row(group.group)
        figures = (group.hours, 1000 * group.protection, group.burden_hours_per_1000)
        assert [figure for cell in row for figure in cell.figures] == pytest.approx(figures)
    wards = page.table("Protection and burden by ward")
    for ward in plan.wards:
        row = wards.row(ward.ward_name)
        assert row[1].words == ward.group
        assert row[2].figures == pytest.approx([1000 * ward.protection])
        assert row[3].figures == [ward.burden_hours_per_1000]
    assert "in a town centre most people are visitors, so the figure would mean nothing" in page.words


def test_wards_without_groups_or_known_people_say_so(plan: Plan) -> None:
    wards = tuple(ward.model_copy(update={"group": "", "burden_hours_per_1000": None}) for ward in plan.wards)
    page = page_with(wards=wards, fairness=())
    assert "The data name no groups of wards" in page.words
    assert page.table("Protection and burden by ward").row("Abbey")[-1].words == "not known"


def test_the_checks_after_the_search_are_told_in_plain_words(page: PageReader, plan: Plan) -> None:
    assert plan.certificate.statement in page.words
    checked = {row[0].words: row[1].words for row in page.table("What was checked").rows[1:]}
    assert checked == {
        "Limits kept": "broken by 0.01 at most",
        "Limits kept before rounding": "broken by less than 0.01 at most",
        "Room for a better plan": "0.04% at most",
        "Straight lines for a curve": "0.21% at most",
    }
    assert "in the limit’s own unit: hours, pounds, harm or hours per 1,000 persons" in page.words
    assert "can reach more of all that this one aims at by a larger share" in page.words


def test_the_words_that_need_explaining_are_explained(page: PageReader) -> None:
    explained = page.words[page.words.index("Words used", page.words.index("What was checked")) :]
    for term in (
        "Protection",
        "Burden",
        "Worst tenth (CVaR)",
        "Shadow price",
        "Top group",
        "Ring-fence",
        "Whole units",
        "Spill-over",
    ):
        assert term in explained


@pytest.mark.parametrize(("agency", "label"), [("police", "Police"), ("council", "Council"), ("partner", "Partner")])
def test_every_employer_has_a_bar_of_its_own(agency: Agency, label: str) -> None:
    text = render_report(inputs_example())
    bars = text[text.index("hours-bars-title") : text.index("need-chart-title")]
    assert f">{label}</text>" in bars
    only = tuple(a for a in plan_example().assignments if a.agency != agency)
    inputs = inputs_example()
    without = render_report(dataclasses.replace(inputs, plan=inputs.plan.model_copy(update={"assignments": only})))
    assert f">{label}</text>" not in without[without.index("hours-bars-title") : without.index("need-chart-title")]
