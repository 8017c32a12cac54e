"""Anti-social behaviour stands where a councillor looks for it: on the first page, in a section, in the workbook."""

from __future__ import annotations

import dataclasses

import pytest

from tests.page_reading import PageReader
from tests.plan_example_asb import asb_forecast
from tests.plan_examples import inputs_example
from wardcast.pack.asb import asb_in_short
from wardcast.pack.inputs import ReportInputs
from wardcast.pack.plan_sheets import plan_sheets
from wardcast.pack.report import render_report
from wardcast_models.allocation.plan import Plan

HOURS_KEPT = "66 council hours a month are kept for it instead, an assumption."


@pytest.fixture(scope="module")
def kept() -> ReportInputs:
    return inputs_example()


@pytest.fixture(scope="module")
def forecast(kept: ReportInputs) -> ReportInputs:
    plan = kept.plan.model_copy(update={"asb": asb_forecast(kept.plan.wards)})
    return dataclasses.replace(kept, plan=plan)


def test_what_is_forecast_is_told_on_the_first_page_and_ward_by_ward(forecast: ReportInputs) -> None:
    page = PageReader(render_report(forecast))
    first_page = page.words[: page.words.index("Where the hours go")]
    assert "incidents are expected, and 190 of the hours are credited to it" in first_page
    assert "They are not among the crimes above." in first_page
    rows = [[cell.words for cell in row] for row in page.table("Anti-social behaviour by ward").rows]
    assert rows[0][1:] == [
        "Incidents expected (90% range)",
        "Share of the area’s",
        "Hours credited to it",
        "Incidents avoided (90% range)",
    ]
    ward = forecast.plan.asb.wards[0].ward_name
    assert rows[1] == [ward, "120 ( 96 to 144 )", "16%", "10", "2.4 ( 0 to 5.0 )"]
    assert rows[-1][0] == "Barking and Dagenham"
    assert len(rows) == len(forecast.plan.wards) + 2


def test_hours_kept_for_it_are_marked_assumed_and_told_ward_by_ward(kept: ReportInputs) -> None:
    page = PageReader(render_report(kept))
    assert HOURS_KEPT in page.words
    table = page.table("Anti-social behaviour by ward")
    assert table.rows[0][-1].words == "Council hours kept for it"
    assert [cell.words for cell in table.rows[-1]] == ["Barking and Dagenham", "100%", "198"]


def test_the_page_says_which_counts_it_is_based_on(kept: ReportInputs, forecast: ReportInputs) -> None:
    assert "Based on police-recorded crime up to" in PageReader(render_report(kept)).words
    both = "Based on police-recorded crime and counts of anti-social behaviour up to"
    assert both in PageReader(render_report(forecast)).words


def test_the_workbook_has_a_sheet_of_it_and_names_the_missing_months(forecast: ReportInputs) -> None:
    sheets = {sheet.name: sheet for sheet in plan_sheets(forecast.plan, forecast.provenance)}
    assert len(sheets["Anti-social behaviour"].rows) == len(forecast.plan.wards)
    summary = {str(item): value for item, value in sheets["Summary"].rows}
    assert summary["Months since it was first observed without a full count of it"] == "2024-04"
    assert summary["Hours credited to it"] == 190


def test_a_plan_that_keeps_no_hours_and_one_of_an_earlier_release_still_say_how_it_enters(kept: ReportInputs) -> None:
    plan: Plan = kept.plan
    none = plan.asb.model_copy(update={"floor_hours_per_month": 0.0, "wards": ()})
    assert asb_in_short(none) == "Anti-social behaviour is not forecast, and no hours are kept for it."
    earlier = none.model_copy(update={"mode": "forecast"})
    assert asb_in_short(earlier) == "Anti-social behaviour is forecast and planned for."
    said = plan.model_copy(update={"asb": earlier})
    assert "is forecast and planned for." in PageReader(render_report(dataclasses.replace(kept, plan=said))).words
