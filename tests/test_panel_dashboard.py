"""The MPS dashboard: borough and ward series, codes in two forms, old and new wards, zeros that are not written."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests import ward_files as wf
from wardcast_models.errors import WardcastError
from wardcast_models.panel.parts import BoroughSeries, KnownUnused, WardSeries
from wardcast_models.panel.readers import READERS, dashboard
from wardcast_models.panel.sources.source import SourceFile

HEADER = ["area_type", "area_name", "area_code", "crime_type", "crime_subtype", "measure", "month", "count", "release"]
PUBLISHED = [
    "Month_Year",
    "Area Type",
    "Borough_SNT",
    "Area Name",
    "Area Code",
    "Crime Type",
    "Crime Subtype",
    "Measure",
    "Financial Year",
    "Count",
    "Refresh Date",
]
TEAMS = "Safer Neighbourhood Teams"


def row(code: str, month: str, count: int, *, name: str = "Abbey", series: str = "Knife Crime") -> list[object]:
    kind = "Borough" if code.startswith("E09") else TEAMS
    return [kind, name, code, series, series, "Offences", month, count, "2025-08"]


def read(rows: Sequence[Sequence[object]], header: Sequence[str] = HEADER) -> tuple[BoroughSeries, WardSeries]:
    file = SourceFile(name="dashboard.csv", content=wf.as_csv([header, *rows]).encode())
    reader = dashboard.READER if header is HEADER else dashboard.OFFICIAL
    assert reader.recognises(file)
    boroughs, wards = dashboard.read(file)
    assert isinstance(boroughs, BoroughSeries)
    assert isinstance(wards, WardSeries)
    return boroughs, wards


def counts(part: WardSeries, code: str) -> dict[str, int]:
    rows = part.frame[part.frame["ward_code"] == code]
    return dict(zip(rows["month"].dt.strftime("%Y-%m"), rows["count"].tolist(), strict=True))


def told(part: BoroughSeries | WardSeries) -> str:
    return "\n".join(finding.message for finding in part.findings)


def test_one_file_gives_borough_series_and_ward_series() -> None:
    boroughs, wards = read([row(wf.LBBD, "2024-01", 9), row(wf.ABBEY, "2024-01", 2), row(wf.ALIBON, "2024-01", 1)])
    assert boroughs.frame[["area_code", "series", "count"]].to_numpy().tolist() == [[wf.LBBD, "knife_crime", 9]]
    assert wards.frame["count"].tolist() == [2, 1]


def test_a_code_in_two_forms_and_under_two_names_is_one_ward() -> None:
    _, wards = read(
        [
            row(wf.LBBD, "2024-01", 9),
            row(wf.ABBEY, "2024-01", 2),
            row(f"{wf.ABBEY} ", "2024-01", 3),
            row(wf.ABBEY, "2024-01", 4, name="Abbey (KG)"),
        ]
    )
    assert counts(wards, wf.ABBEY) == {"2024-01": 9}
    assert "The codes of 1 wards are written in two forms (such as 'E05014053' and 'E05014053 ')" in told(wards)
    assert "Wards under two names (E05014053 'Abbey' and 'Abbey (KG)')" in told(wards)


def test_old_and_new_codes_stay_apart_though_the_name_is_the_same() -> None:
    _, wards = read([row(wf.LBBD, "2024-01", 9), row(wf.ABBEY, "2024-01", 2), row(wf.ABBEY_2018, "2024-01", 5)])
    assert (counts(wards, wf.ABBEY), counts(wards, wf.ABBEY_2018)) == ({"2024-01": 2}, {"2024-01": 5})
    assert "Old and new ward codes both occur: 1 of WD18 (E05000026) and 1 of WD22 (E05014053)" in told(wards)
    assert "Abbey stand under both and are not added together" in told(wards)


def test_a_month_without_a_row_is_zero_but_not_before_or_after_the_ward_has_any() -> None:
    _, wards = read(
        [
            *(row(wf.LBBD, f"2024-0{month}", 5) for month in (1, 2, 3)),
            row(wf.ABBEY, "2024-01", 2),
            row(wf.ABBEY, "2024-03", 1),
            row(wf.ALIBON, "2024-02", 4),
        ]
    )
    assert counts(wards, wf.ABBEY) == {"2024-01": 2, "2024-02": 0, "2024-03": 1}
    assert counts(wards, wf.ALIBON) == {"2024-02": 4}


def test_the_start_of_the_series_is_told() -> None:
    months = ["2021-08", "2021-09", "2021-10", "2021-11"]
    rows = [row(wf.LBBD, month, 30, series="Domestic Abuse") for month in months]
    rows += [row(wf.LBBD, month, 5) for month in months[1:]]
    boroughs, _ = read([*rows, row(wf.ABBEY, "2021-09", 1)])
    assert "series start in 2021-08" in told(boroughs)
    assert "Later still: Knife Crime in 2021-09" in told(boroughs)


def test_the_table_as_published_is_read_too() -> None:
    def published(kind: str, name: str, code: str, count: int) -> list[object]:
        series = ["Knife Crime", "Knife Crime"]
        return ["2024-01-01", kind, name, name, code, *series, "Offences", "fy23-24", count, "2024-02-05"]

    rows = [
        published("Borough", "Barking and Dagenham", wf.LBBD, 9),
        published("Borough", "Other / NK", "-1", 3),
        published(TEAMS, "Abbey", wf.ABBEY, 2),
    ]
    boroughs, wards = read(rows, PUBLISHED)
    assert boroughs.frame["count"].tolist() == [9]
    assert boroughs.frame["release"].tolist() == ["2024-02-05"]
    assert "3 offences of the dashboard name no borough" in told(boroughs)
    assert counts(wards, wf.ABBEY) == {"2024-01": 2}


def test_a_repeated_row_and_a_cut_code_are_refused() -> None:
    with pytest.raises(WardcastError) as caught:
        read([row(wf.LBBD, "2024-01", 9), row(wf.ABBEY, "2024-01", 2), row(wf.ABBEY, "2024-01", 2)])
    assert caught.value.problems[0].where == "dashboard.csv, row 4"
    with pytest.raises(WardcastError) as caught:
        read([row(wf.LBBD, "2024-01", 9), row("E0501405", "2024-01", 2)])
    assert caught.value.problems[0].where == "dashboard.csv, row 3, column area_code"


def test_the_table_of_all_notifiable_offences_is_left_aside_with_its_reason() -> None:
    header = [
        name.replace("Crime Type", "Offence Group").replace("Crime Subtype", "offence subgroup") for name in PUBLISHED
    ]
    file = SourceFile(name="tno.csv", content=wf.as_csv([header]).encode())
    reader = next(reader for reader in READERS if reader.recognises(file))
    part = reader.read(file)
    assert isinstance(part, KnownUnused)
    assert "the ward and borough releases hold the same offences" in part.why
