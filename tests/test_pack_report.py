"""The report says what the plan says, asks for nothing, and lets no name become markup."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict

import pytest

from tests.page_reading import PageReader
from tests.plan_example_wards import Team
from tests.plan_examples import DEFAULT_TEAMS, inputs_example, many_wards, plan_example
from wardcast.pack.report import MOST_WARDS_IN_DETAIL, render_report
from wardcast_models.allocation.plan import Plan, SolutionStatus
from wardcast_models.allocation.plan_model import Range
from wardcast_models.reference.evidence import evidence

PUBLISHERS = ("plan", "projection file")
HOSTILE = "<script>alert('x')</script>\"&'"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_example()


@pytest.fixture(scope="module")
def text() -> str:
    return render_report(inputs_example())


@pytest.fixture(scope="module")
def page(text: str) -> PageReader:
    return PageReader(text)


def test_the_first_screen_answers_who_how_much_and_how_sure(page: PageReader, plan: Plan) -> None:
    words = page.words
    assert page.headings[0] == plan.title
    assert "Barking and Dagenham, April to June 2025" in words
    assert "Abbey gets the most: 866 of 3,000 officer hours (29%)" in words
    assert plan.zero_effect_statement in words
    assert plan.verdict in words
    assert words.index("The answer") < words.index("Contents") < words.index("Where the hours go")


def test_the_report_says_at_its_top_that_it_is_not_for_publication(page: PageReader) -> None:
    words = page.words
    assert "Internal: unsuppressed counts, not for publication." in words
    assert words.index("not for publication") < words.index("The answer")


def test_every_section_that_makes_a_plan_defensible_is_there(page: PageReader, plan: Plan) -> None:
    for heading in (
        "Where the hours go",
        "Who does what",
        "What each team is asked to do",
        "Hours beside need",
        "Why each ward",
        "What the plan is expected to do",
        "One more or one less hour",
        "What would change this answer",
        "Fairness: protection and burden",
        "Anti-social behaviour",
        "Trends",
        "What was assumed",
        "What the data are like",
        "How the plan was worked out and checked",
        "Words used",
        "Where this plan comes from",
        "Approval",
    ):
        assert any(heading in said for said in page.headings), heading
    assert plan.asb.statement in page.words
    for assumption in plan.assumptions:
        assert assumption.statement in page.words
        assert assumption.source in page.words
    for finding in plan.findings:
        assert finding.message in page.words
    for ward in plan.wards:
        for driver in ward.drivers:
            assert driver in page.words
    assert "places, never people" in page.words
    assert "A person has to approve the plan" in page.words


def test_the_evidence_is_shown_study_by_study_with_what_it_is_used_for(page: PageReader) -> None:
    table = page.table("Evidence on patrols")
    assert len(table.rows) == 1 + len(evidence())
    for study, row in zip(evidence().values(), table.rows[1:], strict=True):
        words = [cell.words for cell in row]
        assert study.title in words[0]
        assert words[1:4] == [study.scale, study.country, study.quality]
        assert words[5] == study.use
    assert "−0.4 to −0.3 (elasticity of crime to police presence)" in page.words
    assert "−16% to −8%, central −16% (relative change of crime)" in page.words


def test_published_figures_stand_beside_those_of_the_projection_and_only_where_there_are_any(page: PageReader) -> None:
    rows = [[cell.words for cell in row] for row in page.table("Published figures").rows]
    by_plan, by_file = (next(row for row in rows if row[0] == f"More residents, by the {who}") for who in PUBLISHERS)
    assert by_plan[1:3] == ["17,800 persons", "2017-2022"]
    assert by_file[1:3] == ["13,889 persons", "2017-2022"]
    inputs = inputs_example()
    elsewhere = inputs.plan.model_copy(update={"area_code": "E09000016", "area_name": "Havering"})
    assert "Published figures" not in PageReader(render_report(dataclasses.replace(inputs, plan=elsewhere))).words


def test_a_scale_that_weighs_some_categories_only_says_so() -> None:
    inputs = inputs_example()
    plan = inputs.plan.model_copy(update={"harm_scale": "ons"})
    words = PageReader(render_report(dataclasses.replace(inputs, plan=plan))).words
    assert "All harm forecast, of the categories this scale weighs" in words
    assert "of the categories this scale weighs" not in PageReader(render_report(inputs)).words


def test_the_report_claims_no_more_than_holds_for_limits_and_for_repeating_the_plan(page: PageReader) -> None:
    assert "everything else the same" not in page.words
    assert "with every other limit held at its present hours" in page.words
    assert (
        "The same data, request (with its seed) and locked versions of the program give the same hours." in page.words
    )


def test_run_ids_and_fingerprints_are_printed_in_full(page: PageReader) -> None:
    inputs = inputs_example()
    for value in (
        inputs.provenance.plan_run_id,
        inputs.provenance.forecast_run_id,
        inputs.provenance.model_version,
        inputs.provenance.request_digest,
        inputs.plan.panel_digest,
    ):
        assert value in page.words
    assert inputs.provenance.mlflow_tracking_uri not in page.words, "it may hold a password or a machine's path"


def test_the_hours_of_every_ward_team_and_shift_are_those_of_the_plan(page: PageReader, plan: Plan) -> None:
    teams = [("police", "Police ward team"), ("council", "Council enforcement"), ("partner", "Street youth workers")]
    for caption, months in (("Hours by ward, all months", plan.months), ("Hours by ward, May 2025", ("2025-05",))):
        expected: dict[tuple[str, str, str], float] = defaultdict(float)
        for row in plan.assignments:
            if row.month in months:
                expected[row.ward_name, row.resource, row.shift] += row.hours
        table = page.table(caption)
        for ward in plan.wards:
            figures = [cell.figures[0] for cell in table.row(ward.ward_name)[1:]]
            hours = [expected[ward.ward_name, team, shift] for _, team in teams for shift in plan.shifts]
            assert figures == pytest.approx([*hours, sum(hours)])
        totals = [cell.figures[0] for cell in table.row("Total")[1:]]
        assert totals[-1] == pytest.approx(sum(expected.values()))
        assert totals[-1] == pytest.approx(sum(totals[:-1]))


def test_the_team_table_adds_up_to_what_the_teams_have(page: PageReader, plan: Plan) -> None:
    table = page.table("Hours by team")
    for team in DEFAULT_TEAMS:
        figures = [cell.figures[0] for cell in table.row(team.name)[2:]]
        assert figures[:3] == pytest.approx([team.hours_per_month] * 3, abs=0.2)
        assert figures[-1] == pytest.approx(sum(figures[:3]))
        assert figures[-1] == pytest.approx(sum(figures[3:6]))


def test_the_ward_table_carries_the_exact_figures_behind_the_rounded_ones(page: PageReader, plan: Plan) -> None:
    table = page.table("Ward by ward")
    need = sum(ward.need_harm for ward in plan.wards)
    hours = sum(row.hours for row in plan.assignments)
    for ward in plan.wards:
        row = table.row(f"{ward.rank}. {ward.ward_name}")
        assert [figure for cell in row[1:] for figure in cell.figures] == pytest.approx(
            [
                ward.hours,
                ward.hours / hours,
                ward.need_harm,
                ward.need_harm / need,
                ward.preventable_harm,
                ward.preventable_harm_share,
                *(ward.harm_avoided.mean, ward.harm_avoided.q05, ward.harm_avoided.q95),
                *(ward.crimes_avoided.mean, ward.crimes_avoided.q05, ward.crimes_avoided.q95),
            ]
        )


def test_each_split_is_shown_with_its_figures(page: PageReader, plan: Plan) -> None:
    splits = page.table("Ways to share the same hours")
    for split in plan.comparisons:
        row = splits.row(split.label)
        assert [figure for cell in row for figure in cell.figures] == [
            *(split.harm_avoided.mean, split.harm_avoided.q05, split.harm_avoided.q95),
            *(split.crimes_avoided.mean, split.crimes_avoided.q05, split.crimes_avoided.q95),
            split.residual_cvar,
        ]
        assert row[-1].words == ("–" if split.name == "none" else "yes" if split.feasible else "no")


def test_categories_too_rare_to_read_at_ward_level_are_marked(page: PageReader, plan: Plan) -> None:
    marked = sum(part.too_few for ward in plan.wards for part in ward.categories)
    cells = [row[0].words for table in page.tables for row in table.rows if row]
    assert marked > 0
    assert sum(words.endswith("too few") for words in cells) == marked


def test_the_page_asks_for_nothing_and_runs_nothing(text: str, page: PageReader) -> None:
    assert {address for address in page.addresses if not address.startswith("#")} == set()
    assert not {"script", "link", "img", "iframe", "object", "embed", "form"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
    style = text[text.index("<style>") : text.index("</style>")]
    assert "@import" not in style
    assert "url(" not in style
    assert "default-src 'none'" in text


def test_links_within_the_page_lead_somewhere_and_ids_are_unique(page: PageReader) -> None:
    targets = {address.removeprefix("#") for address in page.addresses if address.startswith("#")}
    assert targets <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_every_chart_has_a_name_and_a_description_in_words(text: str, page: PageReader) -> None:
    charts = re.findall(r'<svg [^>]*class="chart"[^>]*>', text)
    assert len(charts) >= 4 + 19
    for chart in charts:
        assert 'role="img"' in chart
        named = re.search(r'aria-labelledby="(\S+) (\S+)"', chart)
        assert named is not None
        assert set(named.groups()) <= set(page.ids)


def test_a_hostile_name_stays_words() -> None:
    text = render_report(
        inputs_example(
            wards=[("E05014053", HOSTILE), ("E05014054", "Alibon")],
            teams=[Team(name=HOSTILE, agency="police", hours_per_month=100)],
            title=HOSTILE,
            area_name=HOSTILE,
        )
    )
    page = PageReader(text)
    assert "script" not in page.tags
    assert "<script" not in text
    assert page.headings[0] == HOSTILE


def test_the_synthetic_sample_says_so_before_anything_else() -> None:
    words = PageReader(render_report(inputs_example(synthetic=True))).words
    assert words.index("SYNTHETIC SAMPLE") < words.index("Patrol plan for spring 2025", 200)
    assert "SYNTHETIC" not in PageReader(render_report(inputs_example())).words


def test_without_trends_the_page_says_that_it_has_none() -> None:
    assert "it shows no trends" in PageReader(render_report(inputs_example(with_trends=False))).words


def test_a_plan_not_proven_best_says_so() -> None:
    inputs = inputs_example()
    plan = inputs.plan.model_copy(update={"status": SolutionStatus.FEASIBLE})
    words = PageReader(render_report(dataclasses.replace(inputs, plan=plan))).words
    assert "This plan was not proven to be the best." in words


def test_a_plan_without_hours_limits_or_effect_is_still_readable() -> None:
    inputs = inputs_example()
    nothing = Range(mean=0, q05=0, q95=0)
    wards = tuple(ward.model_copy(update={"hours": 0.0, "drivers": ()}) for ward in inputs.plan.wards)
    gone = ("assignments", "limits", "findings", "comparisons", "resources", "sensitivities", "fairness", "warnings")
    changes = {**dict.fromkeys(gone, ()), "wards": wards, "effect": nothing}
    words = PageReader(render_report(dataclasses.replace(inputs, plan=inputs.plan.model_copy(update=changes)))).words
    assert "The plan assigns no hours." in words
    assert "No limit of the request holds the plan back." in words
    assert "No other assumption was tried." in words
    assert "What to look at first" not in words


def test_one_ward_and_one_month_need_no_month_tables() -> None:
    page = PageReader(render_report(inputs_example(wards=[("E05014053", "Abbey")], months=("2025-04",))))
    assert "Barking and Dagenham, April 2025" in page.words
    assert "Hours month by month" not in page.words
    assert "No ward gets less than an equal share" in page.words


def test_a_city_stays_readable_with_its_busiest_wards_in_detail_and_all_wards_by_name() -> None:
    wards = many_wards(679)
    text = render_report(inputs_example(wards=wards))
    page = PageReader(text)
    assert len(page.table("Ward by ward").rows) == 1 + MOST_WARDS_IN_DETAIL
    assert page.table("Hours by ward, all months").rows[-2][0].words == f"{679 - MOST_WARDS_IN_DETAIL} other wards"
    for code, name in wards:
        assert f"{name} ({code})" in page.words, "names repeat across a city, so each carries its code"
    assert len(text) < 2_000_000


def test_equal_inputs_give_the_same_page() -> None:
    assert render_report(inputs_example()) == render_report(inputs_example())
