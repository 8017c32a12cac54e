"""The assessment's report: what it says, that it is whole, and that no name becomes markup."""

from __future__ import annotations

import dataclasses
import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from tests.assessment_examples import (
    FORMULA,
    HOSTILE_MARKUP,
    assessment_example,
    monitoring_example,
)
from tests.page_reading import PageReader
from wardcast.pack.assessment import write as assessment_write
from wardcast.pack.assessment.certainty import change_certainty
from wardcast.pack.assessment.reading import reading_of
from wardcast.pack.assessment.report import render_assessment
from wardcast.pack.assessment.write import write_assessment
from wardcast_models.errors import WardcastError
from wardcast_models.profile.assessment import TABLE_COLUMNS, Assessment


def page_of(assessment: Assessment, *, with_polygons: bool = True) -> str:
    return render_assessment(reading_of(assessment, monitoring_example(with_polygons=with_polygons)))


def read(assessment: Assessment, *, with_polygons: bool = True) -> PageReader:
    return PageReader(page_of(assessment, with_polygons=with_polygons))


def emptied(assessment: Assessment) -> Assessment:
    """Return the assessment with the tables that depend on files which are often not there empty."""
    kept = {"measures", "area"}
    empty = {name: pd.DataFrame(columns=list(TABLE_COLUMNS[name])) for name in TABLE_COLUMNS if name not in kept}
    return dataclasses.replace(assessment, **empty, views=(), review=None, headlines=(), notes=())


def test_the_report_says_first_that_it_is_internal_and_then_the_headlines() -> None:
    words = read(assessment_example()).words
    internal, headline = words.index("unsuppressed counts, not for publication"), words.index("All crime rose by 4.2%")
    title = words.index("Strategic assessment 2023/24", internal)
    assert internal < title < headline < words.index("1. The year in figures")
    assert "Barking and Dagenham, April 2023 to March 2024" in words
    assert "SYNTHETIC" not in words


def test_the_report_of_the_sample_says_that_it_is_made_up() -> None:
    page = page_of(assessment_example(synthetic=True))
    assert "SYNTHETIC SAMPLE" in PageReader(page).words
    assert '<body class="sample">' in page


def test_the_form_for_publication_says_its_rule_and_not_that_it_is_internal() -> None:
    words = read(assessment_example(publication="Counts under 5 are hidden.", review=False)).words
    assert "Counts under 5 are hidden." in words
    assert "not for publication" not in words
    assert "Hotspots and clustering" not in words


def test_each_change_stands_with_its_range_and_how_sure_it_is() -> None:
    table = read(assessment_example()).table("All crime, priorities and families")
    crime = table.row("All crime")
    assert [cell.words for cell in crime[1:7]] == [
        "19,000",
        "19,800",
        "310",
        "+4.2%",
        "+1.1% to +7.4%",
        "clear rise",
    ]
    assert crime[2].figures == [19800.0]
    assert table.row("Burglary, all")[6].words == "clear fall"
    asb = next(row for row in table.rows if row[0].words.startswith("Anti-social"))
    assert asb[0].words.endswith("(8 months only)")
    assert (asb[6].words, asb[8].words) == ("could be chance", "not known")
    assert "Beside it, without a ward" in [head.words for head in table.rows[0]]
    heads = read(assessment_example()).table("Single kinds").rows[0]
    assert "Beside it, without a ward" not in [head.words for head in heads], "an empty column takes room"


def test_a_change_that_could_not_be_worked_out_is_not_known_rather_than_zero() -> None:
    row = read(assessment_example()).table("Single kinds").row("Violence with injury")
    assert [cell.words for cell in row[1:6]] == ["0", "4", "not known", "not known", "not known"]


def test_every_section_of_the_contents_is_there_and_every_id_is_used_once() -> None:
    page = read(assessment_example())
    targets = [address[1:] for address in page.addresses if address.startswith("#")]
    assert len(targets) == 16
    assert set(targets) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_the_page_asks_for_nothing_and_runs_nothing() -> None:
    page = read(assessment_example())
    assert "script" not in page.tags
    assert all(address.startswith("#") for address in page.addresses)
    assert not [name for name, _ in page.attributes if name.startswith("on")]


def test_names_from_files_stay_text_wherever_they_stand() -> None:
    text = page_of(assessment_example())
    assert "<b>Abbey</b>" not in text
    assert "<em>" not in text
    page = PageReader(text)
    assert page.words.count(HOSTILE_MARKUP) >= 10
    assert FORMULA in page.words
    assert "Village (E05000003)" in page.words, "wards that share a name are told apart by code"


def test_every_table_has_a_caption_and_heads_and_every_chart_words() -> None:
    text = page_of(assessment_example())
    page = PageReader(text)
    assert all(table.caption for table in page.tables)
    assert text.count("<table") == text.count("<thead")
    for scope in re.findall(r"<th ([^>]*)>", text):
        assert "scope=" in scope
    charts = re.findall(r"<svg [^>]*>(.*?)</svg>", text, re.DOTALL)
    assert len(charts) >= 10
    for chart in charts:
        assert re.search(r"<title id=\"[^\"]+\">[^<]+</title><desc id=\"[^\"]+\">[^<]+</desc>", chart)


def test_headings_do_not_skip_a_level() -> None:
    levels = [int(tag[1]) for tag in read(assessment_example()).tags if tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_what_stands_out_by_itself_is_listed_beside_the_hotspots() -> None:
    words = read(assessment_example()).words
    assert "Small areas that stand out by themselves" in words
    assert "2.9 to 3.7" in words
    assert "2 of the 3 small areas held" in words
    assert (
        "None of the 4 wards stands out by itself for anything looked at. 1 is a hotspot with its neighbours" in words
    )


def test_maps_mark_hotspots_and_name_wards_without_a_boundary() -> None:
    words = read(assessment_example()).words
    assert "thick border: stands out, or hotspot" in words
    assert f"Hotspots with their neighbours: {HOSTILE_MARKUP}." in words
    assert "No boundary was given for Village (E05000004), so the maps leave them out." in words
    assert "2 small areas marked: 2 by themselves, 1 with its neighbours." in words


def test_without_boundaries_the_tables_stand_and_the_page_says_why_there_is_no_map() -> None:
    page = read(assessment_example(), with_polygons=False)
    assert "No ward boundaries were given, so there are no maps." in page.words
    assert len(page.table("All crime by ward").rows) == 5
    assert not any(identifier.startswith(("map-", "small-areas-")) for identifier in page.ids)


def test_trends_are_told_in_words_with_what_else_changed() -> None:
    words = read(assessment_example()).words
    assert "Clearly rising: +3.1% a year over 36 months (range +1.0% to +5.2%)." in words
    assert "Part of it may be recording: the police changed their recording system." in words
    assert "No clear trend over 36 months." in words


def test_a_month_that_was_not_observed_breaks_the_line() -> None:
    text = page_of(assessment_example())
    whole = re.search(r'id="trend-burglary-title".*?</svg>', text, re.DOTALL)
    broken = re.search(r'id="trend-asb-title".*?</svg>', text, re.DOTALL)
    assert whole is not None
    assert broken is not None
    assert whole[0].count('stroke-linejoin="round"') == 1
    assert broken[0].count('stroke-linejoin="round"') == 2


def test_the_review_stands_only_where_it_was_asked_for() -> None:
    with_review, without = read(assessment_example()), read(assessment_example(review=False))
    assert "October 2024 to March 2025 is held against October 2023 to March 2024" in with_review.words
    found = with_review.words.index("All crime is about where it was.")
    assert with_review.words.index("Since then: October 2024 to March 2025") < found
    assert found < with_review.words.index("1. The year in figures"), "a review is for those who read one page"
    row = next(r for r in with_review.table("Wards with a clear change").rows if r[0].words == HOSTILE_MARKUP)
    assert row[-1].words == "was one, no longer"
    assert "Review" not in without.words


def test_an_area_with_few_files_still_gets_a_report_that_says_what_is_missing() -> None:
    words = read(emptied(assessment_example()), with_polygons=False).words
    for said in (
        "The files hold too few years to tell a seasonal pattern.",
        "There is nothing to compare with: the files hold no other borough, or the area is no single one.",
        "The files hold no counts of repeat victims or callers.",
        "No finding is told here.",
    ):
        assert said in words


def test_caveats_of_the_files_are_told_and_plain_readings_left_to_the_workbook() -> None:
    page = read(assessment_example())
    table = page.table("What the files are like")
    assert [row[0].words for row in table.rows[1:]] == [
        f"The newest month is revised later. {FORMULA}",
        "@No council log was supplied.",
    ]
    assert "1 more row in assessment.xlsx." in page.words


def test_a_caveat_of_several_files_is_told_once_with_each_of_them() -> None:
    monitoring = monitoring_example()
    again = tuple(dataclasses.replace(monitoring.panel.findings[1], file=name) for name in ("one.csv", "two.csv"))
    panel = dataclasses.replace(monitoring.panel, findings=(*monitoring.panel.findings, *again))
    page = PageReader(render_assessment(reading_of(assessment_example(), dataclasses.replace(monitoring, panel=panel))))
    rows = page.table("What the files are like").rows[1:]
    assert rows[0][0].words == f"The newest month is revised later. {FORMULA}; one.csv; two.csv"
    assert len(rows) == 2
    assert "1 more row in assessment.xlsx." in page.words


def test_an_area_of_which_few_wards_have_a_boundary_is_not_drawn_in_pieces() -> None:
    monitoring = monitoring_example()
    one = dict(list(monitoring.panel.polygons.items())[:1])
    panel = dataclasses.replace(monitoring.panel, polygons=one)
    page = PageReader(render_assessment(reading_of(assessment_example(), dataclasses.replace(monitoring, panel=panel))))
    assert "There is no map: the files hold the boundaries of only 1 of the 4 wards." in page.words
    assert not any(identifier.startswith("map-") for identifier in page.ids)


def test_every_printed_page_says_what_it_is_and_of_which_year_and_area() -> None:
    made = dataclasses.replace(assessment_example(), area_name='Ba"rking</style>')
    text = page_of(made)
    foot = re.search(r'@bottom-left \{ content: "(Strategic assessment[^"]*)"', text)
    assert foot is not None
    assert foot[1] == "Strategic assessment 2023/24, Ba\\000022rking\\00003c/style\\00003e"
    public = page_of(assessment_example(publication="Counts under 5 are hidden.", review=False))
    assert '<body class="public">' in public
    assert "body.public { page: published; }" in public
    assert '@page published { @top-center { content: "For publication: small counts are hidden"' in public


def test_equal_assessments_give_equal_files(tmp_path: Path) -> None:
    first = write_assessment(assessment_example(), monitoring_example(), tmp_path / "one")
    second = write_assessment(assessment_example(), monitoring_example(), tmp_path / "two")
    assert [path.name for path in first] == ["assessment.html", "assessment.xlsx", "assessment.json"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert len(list((tmp_path / "one").iterdir())) == 3


def test_a_failure_half_way_leaves_the_earlier_files_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_assessment(assessment_example(), monitoring_example(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full_disk(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(assessment_write, "write_assessment_workbook", full_disk)
    with pytest.raises(WardcastError, match="could not be written"):
        write_assessment(assessment_example(synthetic=True), monitoring_example(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_range_without_no_change_that_fails_the_allowance_for_many_is_possible_not_clear() -> None:
    row = {"change_percent": 7.8, "significant": False, "p_value": 0.01, "q_value": 0.2}
    assert change_certainty(row) == "possible, not clear"
    assert change_certainty({**row, "p_value": 0.3}) == "could be chance"
    assert change_certainty({**row, "significant": True}) == "clear rise"


def test_a_change_over_fewer_months_than_the_count_says_so() -> None:
    made = assessment_example()
    area = made.area.assign(shared_months=made.area["shared_months"].where(made.area["measure"] != "all_crime", 11))
    table = read(dataclasses.replace(made, area=area)).table("All crime, priorities and families")
    assert table.row("All crime")[4].words == "+4.2% (over 11 months both years hold)"
    assert table.row("All crime")[1].words == "19,000 (11 months)", "beside twelve months it would read as a rise"
