"""The report's account of the forecast: parts that add up, models, marked events, and how much a ward can say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from tests.page_reading import PageReader
from tests.panels import make_panel
from tests.plan_examples import inputs_example
from wardcast.pack.charts.change_bars import ChangeRow, change_bars
from wardcast.pack.forecast_section import MOST_PROPOSALS, forecast_section
from wardcast.pack.forecast_view import ForecastView, forecast_view
from wardcast.pack.forecast_wording import level_words, levels_words, signed_count, signed_percent
from wardcast.pack.inputs import ReportInputs
from wardcast.pack.report import render_report
from wardcast.pack.trends import area_trends
from wardcast.pack.write import write_pack
from wardcast_models.forecasting.detector import Proposal, Shape
from wardcast_models.forecasting.expectation import COMPONENTS
from wardcast_models.forecasting.forecast import Forecast, Precision
from wardcast_models.forecasting.per_person import PerPersonEffect
from wardcast_models.forecasting.registry import forecaster
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.events import RECORDING_CHANGE

CATEGORIES = ("violence_with_injury", "burglary_residential", "asb")
MOVED = PerPersonEffect(mean=0.6, sd=0.15, data_mean=0.4, data_sd=0.2, places=12)


@pytest.fixture(scope="module")
def panel() -> Panel:
    made = make_panel(n_wards=3, categories=CATEGORIES, first_month="2017-01", n_months=96, monthly_mean=40.0)
    after = made.months >= RECORDING_CHANGE
    counts = made.counts * np.array([1.0, 0.5, 0.2])[None, :, None]
    counts[:, 0, after] = np.rint(0.6 * counts[:, 0, after])
    counts[2] = np.rint(counts[2] / 4)
    return replace(made, counts=counts)


@pytest.fixture(scope="module")
def forecast(panel: Panel) -> Forecast:
    made = forecaster("pooled_theta").fit(panel, until=panel.last_month).forecast(horizon_months=3, n_paths=100)
    return replace(made, per_person=MOVED, member_weights=(("pooled_theta", 0.75), ("pooled_prophet", 0.25)))


@pytest.fixture(scope="module")
def view(panel: Panel, forecast: Forecast) -> ForecastView:
    return forecast_view(panel, forecast)


@pytest.fixture(scope="module")
def inputs(panel: Panel, forecast: Forecast, view: ForecastView) -> ReportInputs:
    return replace(inputs_example(), trends=area_trends(panel, forecast), forecast=view)


@pytest.fixture(scope="module")
def page(inputs: ReportInputs) -> PageReader:
    return PageReader(render_report(inputs))


def test_parts_add_up_to_what_is_expected_of_the_whole_area(view: ForecastView, forecast: Forecast) -> None:
    crime, violence, burglary, asb = view.parts
    assert [crime.label, asb.label] == ["All forecast crime", "Anti-social behaviour incidents"]
    expected = forecast.mean.mean(axis=2).sum(axis=0)
    assert crime.expected == pytest.approx(expected[:2].sum())
    assert sum(crime.parts) == pytest.approx(crime.expected)
    assert np.add(violence.parts, burglary.parts) == pytest.approx(crime.parts), "ASB incidents are not crimes"


def test_the_report_shows_the_parts_with_exact_figures_that_add_up(page: PageReader, view: ForecastView) -> None:
    table = page.table("Parts of the forecast")
    assert [cell.words for cell in table.rows[0][1:]] == [
        *("Level", "Season", "Trend", "Residents", "New homes", "Marked events", "Expected"),
    ]
    row = [cell.figures[0] for cell in table.row("All forecast crime")[1:]]
    assert sum(row[:-1]) == pytest.approx(row[-1])
    assert row[:-1] == pytest.approx(view.parts[0].parts)
    assert row[COMPONENTS.index("events")] < -10, "recording fell by two fifths in violence"


def test_the_report_says_how_far_the_data_moved_the_per_person_effect(page: PageReader, inputs: ReportInputs) -> None:
    assert MOVED.note in page.words
    assert "What the data alone say: 0.40, range" in page.words
    assert inputs.forecast is not None
    prior_only = replace(MOVED, data_mean=float("nan"), data_sd=float("inf"), places=0)
    said = PageReader(render_report(replace(inputs, forecast=replace(inputs.forecast, per_person=prior_only)))).words
    assert "prior only" in said
    assert "What the data alone say" not in said
    nothing = PageReader(render_report(replace(inputs, forecast=replace(inputs.forecast, per_person=None)))).words
    assert "Growth of residents or homes plays no part in this forecast" in nothing


def test_the_report_lists_the_models_with_their_weights(page: PageReader) -> None:
    rows = page.table("Models and their weights").rows[1:]
    assert [(row[0].words, row[1].figures[0]) for row in rows] == [
        ("Theta on pooled totals", 0.75),
        ("Prophet on pooled totals", 0.25),
    ]


def test_the_report_tells_where_wards_with_too_few_can_be_read(page: PageReader, view: ForecastView) -> None:
    for shown, row in zip(view.readable, page.table("Wards by how much they can say").rows[1:], strict=True):
        assert [int(cell.words) for cell in row[1:4]] == [shown.precise, shown.wide, shown.too_few]
        assert sum((shown.precise, shown.wide, shown.too_few)) == 3
    assert page.table("Wards by how much").row("Residential burglary")[-1].words == "the whole area"


def test_wards_are_labelled_wide_or_too_few_with_the_reason(inputs: ReportInputs, page: PageReader) -> None:
    kinds = {trend.precision for trend in inputs.trends if trend.scope == "ward"}
    assert Precision.WIDE in kinds
    assert "Wide: under 30 a month, so an error above 20% is usual." in page.words
    assert "Gorr, Olligschlaeger and Thompson" in page.words
    few = tuple(replace(trend, precision=Precision.TOO_FEW) for trend in inputs.trends)
    said = PageReader(render_report(replace(inputs, trends=few))).words
    assert "Too few: under 5 a month, so no claim about this ward." in said


def test_the_report_shows_each_marked_event_with_its_estimated_step(page: PageReader) -> None:
    table = page.table("Estimated steps of marked events")
    heads = [cell.words for cell in table.rows[0]]
    change = heads.index("The new recording system (from 2024-03)")
    step, low, high = table.row("Violence with injury")[change].figures
    assert low < -40 < high
    assert low < step < high < -20


def test_unmarked_changes_are_listed_recent_ones_only_and_the_rest_is_counted(view: ForecastView) -> None:
    def proposal(month: str, category: str = "burglary_residential") -> Proposal:
        return Proposal(
            scope="category",
            key=category,
            label=category,
            shape=Shape.STEP,
            month=pd.Timestamp(month),
            step_percent=40.0,
            low=20.0,
            high=60.0,
            strength=5.0,
            note="",
        )

    found = (proposal("2013-03"), proposal("2023-04"), proposal("2023-05", "fraud_forgery"))
    section = forecast_section(replace(view, proposals=found))
    assert section.proposals == found[1:2]
    assert section.other_proposals == 2
    many = forecast_section(replace(view, proposals=found[1:2] * 99))
    assert len(many.proposals) == MOST_PROPOSALS


def test_the_workbook_holds_every_series_of_the_forecast(inputs: ReportInputs, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_pack(inputs, tmp_path).workbook)
    assert book.sheetnames[-5:] == ["Forecast", "Forecast parts", "Models", "Events", "Possible events"]
    head, *rows = book["Forecast"].iter_rows(values_only=True)
    assert len(rows) == 3 * len(CATEGORIES)
    at = head.index("of it: level")
    for row in rows:
        assert sum(row[at : at + len(COMPONENTS)]) == pytest.approx(row[head.index("Expected a month")])
        assert row[head.index("5 % point of the months' mean")] <= row[head.index("95 % point of the months' mean")]
    assert {row[-2] for row in rows} <= {"too few", "wide", "30 or more a month"}
    assert {row[-1] for row in rows if row[-2] == "too few"} <= {"area/category", "area/all", "none"}


def test_a_report_without_the_forecast_is_still_whole() -> None:
    page = PageReader(render_report(inputs_example()))
    assert "Trends and forecast" in " ".join(page.headings)
    assert "What the forecast is made of" not in page.words


def test_bars_go_to_both_sides_of_zero() -> None:
    rows = [
        ChangeRow(label="Season", value=12.0, value_label="+12"),
        ChangeRow(label="Trend", value=-3, value_label="−3"),
    ]
    drawn = change_bars(rows, axis_label="Crimes", key="k", title="Parts", description="In words.")
    assert 'aria-labelledby="k-title k-desc"' in drawn
    assert drawn.index("Season: +12") < drawn.index("Trend: −3")
    assert 'text-anchor="end">−3' in drawn


@pytest.mark.parametrize(
    ("read_at", "words"),
    [
        ("ward/category", "its ward"),
        ("cluster/category", "its cluster of wards"),
        ("area/priority", "the whole area, with the other crimes of its priority"),
        ("area/all", "the whole area, all crime together"),
        ("none", "nowhere: too few even in the whole area"),
    ],
)
def test_levels_are_told_in_words(read_at: str, words: str) -> None:
    assert level_words(read_at) == words


def test_several_levels_are_told_as_a_choice_and_none_as_a_dash() -> None:
    assert levels_words(("area/category", "area/all")) == "the whole area or the whole area, all crime together"
    assert levels_words(()) == "–"


def test_changes_carry_their_sign_and_no_more_figures_than_they_are_worth() -> None:
    assert [signed_percent(value) for value in (12.4, -53.6, 0.3)] == ["+12%", "−54%", "0%"]
    assert [signed_count(value) for value in (14.4, -2.34, 0.04, 1234.5)] == ["+14", "−2.3", "0", "+1,234"]
