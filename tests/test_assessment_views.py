"""The assessment's report on single questions: its views, and people who were victims or called again."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from tests.assessment_examples import assessment_example, monitoring_example
from tests.page_reading import PageReader
from wardcast.pack.assessment.reading import reading_of
from wardcast.pack.assessment.report import render_assessment
from wardcast_models.profile.assessment import Assessment
from wardcast_models.profile.views.evidence import findings_of


def read(assessment: Assessment) -> PageReader:
    return PageReader(render_assessment(reading_of(assessment, monitoring_example())))


def test_each_ward_and_each_view_tells_the_range_of_its_changes() -> None:
    made = assessment_example()
    area = pd.concat([made.area, made.area.head(1).assign(measure="rape", change_percent=5.0)])
    measures = pd.concat([made.measures, made.measures.tail(1).assign(measure="rape", label="Rape")])
    page = read(dataclasses.replace(made, area=area, measures=measures))
    assert page.table("All crime by ward").row("Village (E05000003)")[5].words == "−20.0% to +3.0%"
    rows = page.table("Women’s and girls’ safety")
    assert [cell.words for cell in rows.row("Rape")[4:6]] == ["+1.1% to +7.4%", "clear rise"]
    assert rows.row("Feels safe after dark")[4].words == "not known"


def test_a_change_of_another_count_does_not_borrow_a_range() -> None:
    made = assessment_example()
    area = pd.concat([made.area, made.area.head(1).assign(measure="rape")])
    measures = pd.concat([made.measures, made.measures.tail(1).assign(measure="rape", label="Rape")])
    row = read(dataclasses.replace(made, area=area, measures=measures)).table("Women’s and girls’ safety").row("Rape")
    assert [cell.words for cell in row[4:6]] == ["not known", "not tested"]


def test_what_a_view_finds_is_not_said_again_where_its_table_says_it() -> None:
    made = assessment_example()
    said, restated = "Most rape: Village (3).", findings_of(made.views[0].table)
    view = dataclasses.replace(made.views[0], findings=(*restated, said))
    words = read(dataclasses.replace(made, views=(view,))).words
    assert said in words
    assert restated
    assert not [sentence for sentence in restated if sentence in words]


def test_wards_of_a_view_are_not_put_first_by_a_figure_that_only_some_of_them_hold() -> None:
    made = assessment_example()
    view = made.views[0]
    knife = [("knife", "Knife crime", "E05000001", np.nan, 9.0, np.nan, np.nan, "dashboard")]
    table = pd.concat([pd.DataFrame(knife, columns=list(view.table.columns)), view.table], ignore_index=True)
    page = read(dataclasses.replace(made, views=(dataclasses.replace(view, table=table),)))
    rows = page.table("Women’s and girls’ safety in public space: this year by ward, most of “Rape” first").rows[1:]
    assert [row[2].figures for row in rows] == [[3.0], [2.0], [1.0], [0.0]]
    some = dataclasses.replace(view, table=table.head(1))
    captions = [table.caption for table in read(dataclasses.replace(made, views=(some,))).tables]
    assert any(caption.endswith("“Knife crime” first, 1 of 4 wards held") for caption in captions)


def test_a_survey_share_reads_as_per_cent_and_gaps_are_told() -> None:
    page = read(assessment_example())
    row = page.table("Women’s and girls’ safety").row("Feels safe after dark")
    assert [cell.words for cell in row[1:3]] == ["41%", "38%"]
    assert "Not known: Counts by the victim’s sex, from the police." in page.words
    gap = page.table("Figures that the files of this year cannot give").row("Gun crime")
    assert gap[1].words == "The dashboard starts in August 2021."


def test_repeat_victims_and_callers_have_a_table_each_with_the_wards_that_have_most() -> None:
    made = assessment_example()
    rows = [("caller", "", f"E0500000{number}", 50.0, 10.0 * number, 0.2, 0.1, 0.3) for number in (1, 2, 3)]
    callers = pd.DataFrame(rows, columns=list(made.repeats.columns))
    page = read(dataclasses.replace(made, repeats=pd.concat([made.repeats.head(1), callers], ignore_index=True)))
    assert [row[3].figures for row in page.table("Repeat callers").rows[1:]] == [[30.0], [20.0], [10.0]]
    assert page.table("Repeat victims").row("Barking and Dagenham")[3].figures == [180.0]
