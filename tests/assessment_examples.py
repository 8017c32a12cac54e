"""A made-up assessment with every table filled and names that look like markup and formulas."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from tests.panels import make_panel
from tests.trend_examples import square_tiles
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.profile.assessment import REVIEW_COLUMNS, TABLE_COLUMNS, VIEW_COLUMNS, Assessment, Review, View

HOSTILE_MARKUP = "<b>Abbey</b> & \"'</td>"
FORMULA = '=HYPERLINK("http://example.org","x")'
WARDS = {"E05000001": HOSTILE_MARKUP, "E05000002": FORMULA, "E05000003": "Village", "E05000004": "Village"}
SMALL_AREAS = {"E01000001": "E05000001", "E01000002": "E05000002", "E01000003": "E05000003"}
_MPS = "MPS ward releases"
MEASURES = (
    ("all_crime", "All crime", "all", True, "burglary violence_with_injury", _MPS, "Every category of recorded crime."),
    ("burglary", "Burglary, all", "priority", True, "burglary", _MPS, ""),
    ("asb", "Anti-social behaviour incidents", "priority", False, "asb", "data.police.uk street files", "Not crimes."),
    ("violence", "Violence against the person (all)", "family", True, "violence_with_injury", _MPS, ""),
    ("violence_with_injury", "Violence with injury", "category", True, "violence_with_injury", _MPS, ""),
)
NAN = float("nan")


def assessment_example(*, synthetic: bool = False, review: bool = True, publication: str = "") -> Assessment:
    """Return an assessment; the same arguments give the same one."""
    return Assessment(
        area_code="E09000002",
        area_name="Barking and Dagenham",
        vintage="WD22",
        year="2023/24",
        first_month=pd.Timestamp("2023-04-01"),
        last_month=pd.Timestamp("2024-03-01"),
        months_covered=12,
        annualised=False,
        synthetic=synthetic,
        ward_names=dict(WARDS),
        measures=pd.DataFrame(MEASURES, columns=list(TABLE_COLUMNS["measures"])),
        area=_area(),
        wards=_wards(),
        trends=_trends(),
        rolling=_rolling(),
        seasons=_seasons(),
        hotspots=_hotspots(),
        clustering=_frame(
            "clustering",
            ("all_crime", "ward", "Moran's I", 0.31, -0.33, 2.4, 0.01, 0.02, True, "Busy wards lie side by side."),
            ("asb", "lsoa", "Moran's I", 0.01, -0.01, 0.2, 0.8, 0.8, False, "No pattern that chance would not make."),
        ),
        emerging=_frame(
            "emerging",
            ("burglary", "E05000003", "2024-01 to 2024-03", 40.0, 22.0, 13.0, 32.0, 1.8, 0.0004, 0.006, True),
            ("asb", "", "2024-01 to 2024-03", 300.0, 310.0, 260.0, 360.0, 0.97, 0.7, 0.9, False),
        ),
        comparison=_comparison(),
        harm=_harm(),
        repeats=_frame(
            "repeats",
            ("victim", "", "", 900.0, 180.0, 0.2, 0.17, 0.23),
            ("caller", "asb", "E05000002", 50.0, 20.0, 0.4, 0.27, 0.55),
        ),
        volt=_frame(
            "volt",
            ("time", "August is busiest.", 1.2, "times a mean month", "MPS ward releases", "Hours of the day."),
            ("victim", "One victim in five had been one before.", 0.2, "share", "partners", "Age and sex."),
            ("offender", "Open counts name no offender.", NAN, "", "", "Offender management holds it."),
            ("location", "Abbey has most.", 1600.0, "crimes", "MPS ward releases", ""),
        ),
        underivable=_frame(
            "underivable",
            ("gun_crime", "Gun crime", "The dashboard starts in August 2021.", "Weapons possession, a proxy."),
        ),
        published=_frame("published", ("burglary", "Residential burglary", -29.1, -28.4, 0.7, "CSP plan 2023 to 2026")),
        views=(_view(), _empty_view()),
        review=_review() if review else None,
        notes=("Crime without a ward is not in the figures.", HOSTILE_MARKUP),
        headlines=("All crime rose by 4.2% (clear).", f"{HOSTILE_MARKUP} has most crime for its residents."),
        publication=publication,
    )


def monitoring_example(*, with_polygons: bool = True) -> Monitoring:
    """Return what the assessment could have been drawn from: boundaries of all places but the last ward."""
    tiles = square_tiles([(code, name) for code, name in list(WARDS.items())[:3]])
    small = square_tiles(list(SMALL_AREAS.items()))
    found = (
        Finding(kind=FindingKind.READ, file=f"{HOSTILE_MARKUP}.csv", message="24 months were read."),
        Finding(kind=FindingKind.CAVEAT, file=FORMULA, message="The newest month is revised later."),
        Finding(kind=FindingKind.MISSING, file="", message="@No council log was supplied."),
    )
    panel = dataclasses.replace(make_panel(), polygons=tiles if with_polygons else {}, findings=found)
    return Monitoring(panel=panel, small_area_polygons=small if with_polygons else {})


def _frame(table: str, *rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(TABLE_COLUMNS[table]))


def _area() -> pd.DataFrame:
    return _frame(
        "area",
        ("all_crime", 12, 19000.0, 19800.0, 4.2, 1.1, 7.4, 0.004, 0.01, True, 90.5, 1.0, 310.0, 12),
        ("burglary", 12, 1000.0, 780.0, -22.0, -30.0, -13.0, 0.0001, 0.001, True, 3.6, 0.039, 12.0, 12),
        ("asb", 8, 5200.0, 5100.0, -1.9, -9.0, 5.8, 0.6, 0.7, False, 23.3, NAN, NAN, 8),
        ("violence", 12, 6900.0, 7000.0, 1.4, -2.0, 5.0, 0.4, 0.5, False, 32.0, 0.354, 50.0, 12),
        ("violence_with_injury", 12, 0.0, 4.0, NAN, NAN, NAN, NAN, NAN, False, 0.02, 0.0002, 0.0, 12),
    )


def _wards() -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for measure, scale in (("all_crime", 1.0), ("burglary", 0.05), ("asb", 0.3)):
        for rank, code in enumerate(WARDS, start=1):
            count = 2000.0 * scale / rank
            residents = 4000.0 * rank
            rate = 1000 * count / residents
            change = (-9.1, -20.0, 3.0, 0.1, 0.2, False) if rank > 1 else (-9.1, -15.0, -3.0, 0.001, 0.004, True)
            about = (residents, rate, rank, rank == 1, rate / (100 * scale), 12)
            rows.append((measure, code, 12, count * 1.1, count, *change, *about))
    return _frame("wards", *rows)


def _trends() -> pd.DataFrame:
    return _frame(
        "trends",
        ("all_crime", "", 36, 3.1, 1.0, 5.2, 0.004, 0.01, True, "the police changed their recording system"),
        ("burglary", "", 36, -8.0, -12.0, -4.0, 0.0002, 0.001, True, ""),
        ("asb", "", 36, 0.4, -5.0, 6.0, 0.9, 0.9, False, ""),
        ("burglary", "E05000002", 36, -15.0, -22.0, -7.0, 0.0003, 0.002, True, ""),
        ("all_crime", "E05000003", 36, 1.0, -4.0, 6.0, 0.7, 0.8, False, ""),
    )


def _rolling() -> pd.DataFrame:
    months = pd.date_range("2021-04-01", "2024-03-01", freq="MS")
    rows = [
        (measure, "", month, level * (1 + 0.03 * np.sin(place / 4)))
        for measure, level in (("all_crime", 19000.0), ("burglary", 900.0), ("asb", 5000.0))
        for place, month in enumerate(months)
        if not (measure == "asb" and month == pd.Timestamp("2022-06-01"))
    ]
    return _frame("rolling", *rows)


def _seasons() -> pd.DataFrame:
    return _frame(
        "seasons",
        *(
            ("all_crime", month, index, index - 0.05, index + 0.05, 0.01, 0.02, abs(index - 1) > 0.05)
            for month, index in enumerate(1 + 0.1 * np.sin(np.arange(12) / 12 * 2 * np.pi), start=1)
        ),
    )


def _hotspots() -> pd.DataFrame:
    wards = [
        (
            "all_crime",
            "ward",
            code,
            name,
            code,
            2000.0 / rank,
            1000.0,
            5000.0 / rank,
            2500.0,
            2.0 / rank,
            3.0 / rank,
            0.01,
            0.03,
            rank == 1,
            *(2.0 / rank, 1.8 / rank, 2.2 / rank, 0.5, 0.6, False),
        )
        for rank, (code, name) in enumerate(WARDS.items(), start=1)
    ]
    small = [
        (
            "burglary",
            "lsoa",
            code,
            f"{ward} 00{rank}",
            ward,
            30.0 / rank,
            9.0,
            99.0 / rank,
            30.0,
            3.3 / rank,
            4.0,
            0.001,
            0.01,
            rank == 1,
            *(3.3 / rank, 2.9 / rank, 3.7 / rank, 0.001, 0.01, rank <= 2),
        )
        for rank, (code, ward) in enumerate(SMALL_AREAS.items(), start=1)
    ]
    return _frame("hotspots", *wards, *small)


def _comparison() -> pd.DataFrame:
    places = (
        ("E09000002", "Barking and Dagenham", "area", 90.5, 4.2, 0.0),
        ("E12000007", "London", "london", 101.0, 3.0, NAN),
        ("E09000004", "Bexley", "similar", 70.0, 1.0, 0.4),
        ("E09000016", "Havering <em>", "similar", 80.0, 5.0, 0.9),
    )
    return _frame(
        "comparison",
        *(
            ("all_crime", code, name, kind, 20000.0, rate, change, distance)
            for code, name, kind, rate, change, distance in places
        ),
    )


def _harm() -> pd.DataFrame:
    return _frame(
        "harm",
        ("violence_with_injury", "", 3000.0, 90000.0, 0.6, 0.3),
        ("burglary", "", 780.0, 60000.0, 0.4, 0.1),
        ("violence_with_injury", "E05000001", 900.0, 30000.0, 0.2, 0.1),
        ("burglary", "E05000002", 200.0, 9000.0, 0.06, 0.02),
    )


def _view() -> View:
    rows = [
        ("rape", "Rape", "", 200.0, 210.0, 5.0, 1.0, "recorded crime"),
        ("safe_after_dark", "Feels safe after dark", "", 41.0, 38.0, NAN, NAN, "resident survey, percent of answers"),
        *(("rape", "Rape", code, 10.0, float(rank), NAN, 0.5, "recorded crime") for rank, code in enumerate(WARDS)),
    ]
    return View(
        view="vawg_public_space",
        title="Women’s and girls’ safety in public space",
        purpose="Open counts do not tell the victim’s sex. What follows are proxies.",
        table=pd.DataFrame(rows, columns=list(VIEW_COLUMNS)),
        findings=("38% feel safe after dark.",),
        missing=("Counts by the victim’s sex, from the police.",),
    )


def _empty_view() -> View:
    return View(
        view="fire",
        title="Fire",
        purpose="No fires were supplied.",
        table=pd.DataFrame(columns=list(VIEW_COLUMNS)),
        findings=(),
        missing=("The fire brigade’s incidents.",),
    )


def _review() -> Review:
    rows = [
        ("all_crime", "", 9800.0, 9700.0, -1.0, -4.0, 2.0, 0.5, 0.6, False, False, False),
        ("burglary", "E05000002", 60.0, 30.0, -50.0, -68.0, -22.0, 0.001, 0.004, True, False, False),
        ("all_crime", "E05000001", 900.0, 880.0, -2.2, -9.0, 5.0, 0.5, 0.6, False, True, False),
    ]
    return Review(
        first_month=pd.Timestamp("2024-10-01"),
        last_month=pd.Timestamp("2025-03-01"),
        then_first_month=pd.Timestamp("2023-10-01"),
        then_last_month=pd.Timestamp("2024-03-01"),
        table=pd.DataFrame(rows, columns=list(REVIEW_COLUMNS)),
        findings=("All crime is about where it was.",),
    )
