"""Resident surveys: MOPAC's borough layout and the plain one; boroughs on exact names only, unknown ones told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.read_files import problems_of, read_one, told
from wardcast_models.panel.parts import Survey
from wardcast_models.panel.readers.surveys import measure_id

PAS = ["Date", "Survey", "Borough", "Measure", "Proportion", "MPS"]
PLAIN = ["area_code", "question", "period_end", "percent", "base"]
LBBD, WESTMINSTER, LONDON = "E09000002", "E09000033", "E12000007"
BY_DAY, AFTER_DARK = "Feel safe walking alone by day", "Feel safe walking alone after dark"
Row = list[object]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "survey.csv"


def result(borough: str = "Barking and Dagenham", measure: str = AFTER_DARK, share: object = 0.6) -> Row:
    return ["31/12/2023", "PAS", borough, measure, share, 0.66]


def shares(part: Survey) -> dict[tuple[str, str], float]:
    return {
        (area, measure): share
        for area, measure, share in part.frame[["area_code", "measure", "share"]].itertuples(index=False)
    }


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        (BY_DAY, "safe_by_day"),
        ("How safe do you feel in the daytime?", "safe_by_day"),
        (AFTER_DARK, "safe_after_dark"),
        ("Safe at night", "safe_after_dark"),
        ("Feel unsafe walking alone after dark", "feel_unsafe_walking_alone_after_dark"),
        ('"Good Job" local', "good_job_local"),
        ("Trust MPS", "trust_mps"),
    ],
)
def test_a_measure_is_what_was_asked(question: str, measure: str) -> None:
    assert measure_id(question) == measure


def test_borough_results_are_read_with_londons_once(file: Path) -> None:
    rows = [result(), result(measure=BY_DAY, share="88%"), result("City of Westminster", share=0.7)]
    rows[1][5] = 0.9
    part = read_one(Survey, file, [PAS, *rows])
    assert shares(part) == {
        (LBBD, "safe_after_dark"): 0.6,
        (LBBD, "safe_by_day"): 0.88,
        (WESTMINSTER, "safe_after_dark"): 0.7,
        (LONDON, "safe_after_dark"): 0.66,
        (LONDON, "safe_by_day"): 0.9,
    }
    assert set(part.frame["last_month"].dt.strftime("%Y-%m")) == {"2023-12"}
    assert set(part.frame["period_months"]) == {12}
    assert part.frame["base"].isna().all()
    assert "12 are assumed" in told(part)


def test_a_borough_that_nobody_knows_is_told_and_left_out(file: Path) -> None:
    part = read_one(Survey, file, [PAS, result(), result("Barking & Dagenham Council")])
    assert set(part.frame["area_code"]) == {LBBD, LONDON}
    assert "1 rows name no London borough and were left out: Barking & Dagenham Council" in told(part)


def test_a_result_without_a_figure_is_not_known_rather_than_zero(file: Path) -> None:
    part = read_one(Survey, file, [PAS, result(share="NA"), result("Havering")])
    assert (LBBD, "safe_after_dark") not in shares(part)
    assert "1 results have no figure" in told(part)


def test_a_survey_that_does_not_ask_about_safety_says_so(file: Path) -> None:
    assert "does not ask how safe" in told(read_one(Survey, file, [PAS, result(measure="Trust MPS")]))
    assert "does not ask how safe" not in told(read_one(Survey, file, [PAS, result()]))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([result(share=60)], "row 2, column Proportion: expected a number from 0 to 1"),
        ([result(), result()], "again"),
        ([result(), [*result("Havering")[:5], 0.5]], "one figure for London"),
        ([["late 2023", *result()[1:]]], "row 2, column Date: expected a day"),
    ],
)
def test_wrong_results_are_refused(file: Path, rows: list[Row], said: str) -> None:
    assert said in problems_of(file, [PAS, *rows])


def test_the_plain_layout_is_read(file: Path) -> None:
    rows: list[Row] = [[LBBD, BY_DAY, "2024-12", 91, 1000], [LBBD, AFTER_DARK, "2024-12", 58.5, ""]]
    part = read_one(Survey, file, [PLAIN, *rows])
    assert shares(part) == {(LBBD, "safe_by_day"): 0.91, (LBBD, "safe_after_dark"): 0.585}
    bases = part.frame.set_index("measure")["base"]
    assert bases["safe_by_day"] == 1000
    assert bases.isna()["safe_after_dark"]


def test_the_plain_layout_may_name_boroughs_days_and_periods(file: Path) -> None:
    header = ["borough", "question", "period_end", "share", "period_months", "source"]
    rows: list[Row] = [["barking and dagenham", AFTER_DARK, "2024-12-31", 0.6, 3, "Residents' survey"]]
    part = read_one(Survey, file, [header, *rows])
    (row,) = part.frame.to_dict("records")
    assert (row["area_code"], f"{row['last_month']:%Y-%m}", row["period_months"]) == (LBBD, "2024-12", 3)
    assert row["source"] == "Residents' survey"
    assert "assumed" not in told(part)


def test_a_percentage_above_a_hundred_is_refused(file: Path) -> None:
    problems = problems_of(file, [PLAIN, [LBBD, BY_DAY, "2024-12", 101, 1000]])
    assert "row 2, column percent: expected a number from 0 to 100" in problems
