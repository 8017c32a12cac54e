"""The report is short on paper: what a meeting needs is open, what repeats is told once, the rest is one line away."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import openpyxl
import pytest

from tests.browsers import Browser, installed_browser
from tests.page_reading import PageReader
from tests.plan_examples import inputs_example, plan_example, provenance_example
from wardcast.pack.assumed import told_once
from wardcast.pack.charts.scale import scale_over
from wardcast.pack.charts.zero_axis import zero_axis
from wardcast.pack.report import MOST_CARDS, render_report
from wardcast.pack.workbook import write_workbook
from wardcast_models.allocation.plan import Assumption, FindingText

CLOSED = re.compile(r'<details class="more"><summary>(.*?)</summary>(.*?)</details>', re.DOTALL)


@pytest.fixture(scope="module")
def text() -> str:
    return render_report(inputs_example())


def test_every_closed_part_names_a_sheet_of_the_workbook_that_has_it(text: str, tmp_path: Path) -> None:
    write_workbook(plan_example(), provenance_example(), tmp_path / "plan.xlsx", forecast=inputs_example().forecast)
    sheets = set(openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames)
    named = [re.findall(r"“(.*?)”", summary) for summary, _ in CLOSED.findall(text)]
    assert named
    assert all(of_one and set(of_one) <= sheets for of_one in named), named


def test_nothing_is_open_that_a_reader_did_not_ask_for(text: str) -> None:
    assert "<details open" not in text
    assert 'details class="more" open' not in text


def test_wards_with_most_hours_have_all_reasons_in_the_open_and_the_others_their_main_one(text: str) -> None:
    plan = plan_example()
    opened = CLOSED.sub("", text)
    assert opened.count('<article class="card">\n<h3><span>1. ') == 1
    shown = PageReader(opened)
    for ward in plan.wards[:MOST_CARDS]:
        assert all(driver in shown.words for driver in ward.drivers)
    main = shown.table("The other wards: the main reason of each")
    assert [row[2].words for row in main.rows[1:]] == [ward.drivers[0] for ward in plan.wards[MOST_CARDS:]]


def test_other_assumptions_are_sentences_in_the_open_and_ranks_behind_a_line(text: str) -> None:
    opened = PageReader(CLOSED.sub("", text)).words
    assert all(tried.statement in opened for tried in plan_example().sensitivities)
    assert "Wards that change rank" not in opened


def test_cautions_about_the_data_stay_open_and_routine_readings_do_not() -> None:
    inputs = inputs_example()
    kinds = ("caveat", "missing", "mended", "left_aside", "read")
    findings = tuple(FindingText(kind=kind, file="a.csv", message=f"This one is {kind}.") for kind in kinds)
    plan = inputs.plan.model_copy(update={"findings": findings})
    page = render_report(dataclasses.replace(inputs, plan=plan))
    opened = CLOSED.sub("", page)
    assert [kind for kind in kinds if f"This one is {kind}." in opened] == ["caveat", "missing"]
    assert "What was put right, left aside or read: 3 findings" in page


def test_what_is_assumed_of_several_teams_is_told_once() -> None:
    said = [("Delivery: Wardens", "56%"), ("Largest claim", "20%"), ("Delivery: Youth workers", "56%")]
    told = told_once(Assumption(topic=topic, statement=words, source="assumed") for topic, words in said)
    assert [(each.topic, each.statement) for each in told] == [
        ("Delivery: Wardens and Youth workers", "56%"),
        ("Largest claim", "20%"),
    ]
    other_source = [Assumption(topic="Delivery: A", statement="56%", source=source) for source in ("user", "assumed")]
    assert len(told_once(other_source)) == 2


def test_months_without_counts_are_spans_in_the_workbook_which_is_marked_on_every_page(tmp_path: Path) -> None:
    plan = plan_example()
    unobserved = ("2016-04", *(f"2018-{month:02d}" for month in range(7, 13)), "2019-01")
    plan = plan.model_copy(update={"asb": plan.asb.model_copy(update={"unobserved_months": unobserved})})
    write_workbook(plan, provenance_example(), tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    summary = dict(book["Summary"].iter_rows(min_row=2, values_only=True))
    assert summary["Months since it was first observed without a full count of it"] == "2016-04, 2018-07 to 2019-01"
    assert all("not for publication" in sheet.oddHeader.center.text for sheet in book)


def test_a_long_caption_of_an_axis_stays_inside_the_drawing() -> None:
    scale = scale_over(low=0.0, high=100.0, start=200.0, end=670.0)
    long = "Harm avoided, days of imprisonment (Cambridge Crime Harm Index 2026, median days)"
    captions = [str(zero_axis(scale, top=0, bottom=9, label=said, tick_label=str).caption) for said in ("Crimes", long)]
    assert 'text-anchor="middle"' in captions[0]
    assert 'text-anchor="end"' in captions[1]
    assert 'x="670' in captions[1]


def test_a_report_of_a_borough_prints_on_no_more_than_28_pages(text: str, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    assert Browser(installed_browser(), tmp_path).printed_pages(tmp_path / "report.html") <= 28
