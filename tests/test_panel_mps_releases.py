"""MPS releases by ward, borough and small area: old and new layouts, quick and careful reading, what is told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from tests import ward_files as wf
from wardcast_models.errors import WardcastError
from wardcast_models.panel.parts import BoroughRelease, Part, SmallAreaRelease, WardRelease
from wardcast_models.panel.readers import mps_borough, mps_small_area, mps_ward
from wardcast_models.panel.sources.source import SourceFile

MONTHS = ["202404", "202405"]
BOROUGH_OLD = ["MajorText", "MinorText", "LookUp_BoroughName", *MONTHS]
BOROUGH_NEW = ["Group", "SubGroup", "BOCU", *MONTHS, "Refreshed Date"]
LSOA_WIDE = ["LSOA Code", "LSOA Name", "Borough", "Major Category", "Minor Category", *MONTHS]


def source(rows: Sequence[Sequence[object]], name: str = "release.csv") -> SourceFile:
    return SourceFile(name=name, content=wf.as_csv(rows).encode())


def told(part: Part) -> str:
    return "\n".join(finding.message for finding in part.findings)


def by_area(release: BoroughRelease, category: str) -> dict[str, list[int]]:
    counts = release.counts[:, release.categories.index(category)]
    return dict(zip(release.area_codes, counts.tolist(), strict=True))


@pytest.mark.parametrize("header", [BOROUGH_OLD, BOROUGH_NEW])
def test_old_and_new_borough_releases_give_the_same(header: list[str]) -> None:
    rows = [
        [*wf.BURGLARY, "Barking and Dagenham", 5, 6],
        [*wf.BURGLARY, "Hammersmith & Fulham", 7, 8],
        [*wf.BURGLARY, "Kingston upon Thames", 1, 0],
    ]
    file = source([header, *(row + ["03/06/2024"] * (len(header) - len(row)) for row in rows)])
    assert mps_borough.READER.recognises(file)
    assert not mps_ward.READER.recognises(file)
    release = mps_borough.read(file)
    expected = {"E09000002": [5, 6], "E09000013": [7, 8], "E09000021": [1, 0]}
    assert by_area(release, "burglary_residential") == expected
    assert release.published == (pd.Timestamp("2024-06-03") if header is BOROUGH_NEW else None)


def test_places_among_the_boroughs_that_are_none_are_told() -> None:
    rows: list[list[object]] = [
        [*BOROUGH_OLD],
        [*wf.BURGLARY, "Hillingdon", 5, 6],
        [*wf.BURGLARY, "Aviation Security (SO18)", 2, 1],
        [*wf.BURGLARY, "Unknown", 4, 0],
        [*wf.BURGLARY, "City of London", 0, 9],
    ]
    release = mps_borough.read(source(rows))
    assert by_area(release, "burglary_residential") == {"E09000017": [7, 7]}
    assert "'Aviation Security (SO18)' stands among the boroughs. Its 3 crimes are counted in Hillingdon" in told(
        release
    )
    assert "4 crimes stand under 'Unknown'" in told(release)
    assert "9 crimes stand under 'City of London'" in told(release)


def test_a_misspelt_borough_is_refused_with_the_nearest_name() -> None:
    rows: list[list[object]] = [[*BOROUGH_OLD], [*wf.BURGLARY, "Barking and Dagenhm", 5, 6]]
    with pytest.raises(WardcastError) as caught:
        mps_borough.read(source(rows))
    (problem,) = caught.value.problems
    assert problem.where == "release.csv, row 2, column LookUp_BoroughName"
    assert "the nearest is Barking and Dagenham" in problem.mend


def test_small_areas_read_the_same_from_columns_of_months_and_from_rows_of_months() -> None:
    wide = source(
        [
            LSOA_WIDE,
            ["E01000006", "Barking 016A", "E09000002", *wf.BURGLARY, 0, 3],
            ["E01000007", "Barking 015A", "E09000002", *wf.BURGLARY, 2, 0],
            ["E01000007", "Barking 015A", "E09000002", *wf.ROBBERY, 0, 0],
        ]
    )
    long = source(
        [
            ["lsoa_code", "lsoa_name", "major_category", "minor_category", "month", "count"],
            ["E01000006", "Barking 016A", *wf.BURGLARY, "2024-05", 3],
            ["E01000007", "Barking 015A", *wf.BURGLARY, "2024-04", 2],
        ]
    )
    assert mps_small_area.WIDE.recognises(wide)
    assert mps_small_area.LONG.recognises(long)
    from_columns, from_rows = mps_small_area.WIDE.read(wide), mps_small_area.LONG.read(long)
    assert isinstance(from_columns, SmallAreaRelease)
    assert isinstance(from_rows, SmallAreaRelease)
    pd.testing.assert_frame_equal(from_columns.frame, from_rows.frame)
    assert from_columns.content_digest == from_rows.content_digest
    assert from_columns.frame["count"].tolist() == [3, 2]


def test_crime_without_a_small_area_is_told_and_a_wrong_code_is_refused() -> None:
    rows: list[list[object]] = [
        [*LSOA_WIDE],
        ["E01000006", "A", "x", *wf.BURGLARY, 1, 1],
        ["Unknown", "", "x", *wf.BURGLARY, 4, 0],
    ]
    assert "4 crimes name no small area" in told(mps_small_area.read_wide(source(rows)))
    rows[2][0] = "E0100000"
    with pytest.raises(WardcastError, match="recognised but broken") as caught:
        mps_small_area.read_wide(source(rows))
    assert caught.value.problems[0].where == "release.csv, row 3, column LSOA Code"


@pytest.mark.parametrize(
    "cell",
    ["03/04/2025", "2025-04-03", "2025-04-03 09:15:00", "3 April 2025", "03-04-2025"],
)
def test_the_day_of_refreshing_is_read_in_the_ways_it_is_written(cell: str) -> None:
    rows = [[*row, "Refreshed Date" if place == 0 else cell] for place, row in enumerate(wf.release())]
    assert mps_ward.read(source(rows)).published == pd.Timestamp("2025-04-03")


def test_of_several_days_of_refreshing_the_newest_counts_and_that_is_told() -> None:
    days = ["Refreshed Date", "03/04/2025", "02/05/2025", "", "not known"]
    release = mps_ward.read(source([[*row, day] for row, day in zip(wf.release(), days, strict=True)]))
    assert release.published == pd.Timestamp("2025-05-02")
    assert "refreshed on 2 days, 2025-04-03 to 2025-05-02" in told(release)
    assert "written as 'not known', which is no day" in told(release)


def test_columns_in_another_order_or_under_newer_names_are_told() -> None:
    usual = mps_ward.read(source(wf.release()))
    moved = mps_ward.read(source([[row[2], row[3], row[0], row[1], *row[4:]] for row in wf.release()]))
    newer = mps_ward.read(source(wf.release(columns=wf.NEW_COLUMNS)))
    assert usual.content_digest == moved.content_digest == newer.content_digest
    assert "Its columns stand" not in told(usual)
    assert "Its columns stand in another order (WardName, WardCode, MajorText" in told(moved)
    assert "Its columns stand under newer names (Group, SubGroup" in told(newer)


def odd_but_right(rows: list[list[str]]) -> list[str]:
    """The same release written in ways that the quick reading gives up on or has to see through."""
    text = wf.as_csv(rows)
    first, _, rest = text.partition("\n")
    return [
        text,
        text.replace("\n", "\r\n"),
        text.rstrip("\n"),
        text.replace(",10,", ", 10 ,", 1),
        text.replace(",10,", ",10.0,", 1),
        text.replace(",10,", ',"10",', 1),
        f"{first}\n\n{rest}",
        text.replace("Abbey,", '"Abbey",'),
    ]


@pytest.mark.parametrize("number", range(8))
def test_a_release_gives_the_same_however_its_cells_are_written(number: int) -> None:
    text = odd_but_right(wf.release())[number]
    plain = mps_ward.read(source(wf.release()))
    read = mps_ward.read(SourceFile(name="release.csv", content=text.encode()))
    assert np.array_equal(read.counts, plain.counts)
    assert read.content_digest == plain.content_digest


@pytest.mark.parametrize("cell", ["", "x", "1.5", "-1", "1e3", "True", "99999999999999999999", "=1+1"])
def test_a_cell_that_is_no_count_is_named_by_row_and_column(cell: str) -> None:
    text = wf.as_csv(wf.release()).replace(",10,", f",{cell},", 1)
    with pytest.raises(WardcastError) as caught:
        mps_ward.read(SourceFile(name="release.csv", content=text.encode()))
    assert caught.value.problems[0].where == "release.csv, row 2, column 202401"


def test_a_ward_release_keeps_each_row_of_a_quoted_name() -> None:
    rows = wf.release(wards=["E05014086"])
    rows[1][2] = rows[2][2] = "Mottingham, Coldharbour & New Eltham"
    release = mps_ward.read(source(rows))
    assert isinstance(release, WardRelease)
    assert release.ward_names == ("Mottingham, Coldharbour & New Eltham",)
