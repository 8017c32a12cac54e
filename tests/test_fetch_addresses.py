"""The address table: packaged rows that hold together, and rows of one's own in their place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wardcast.fetch.addresses import Address, Kind, addresses, by_id, choose
from wardcast.fetch.area import fetch_area
from wardcast_models.errors import WardcastError
from wardcast_models.panel.readers import READERS

TABLE = addresses()


def ids(rows: tuple[Address, ...]) -> set[str]:
    return {row.id for row in rows}


def own(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.id)
def test_every_packaged_row_says_what_it_is_under_which_licence(row: Address) -> None:
    assert row.address.startswith("https://")
    assert row.source
    assert row.title
    assert row.gives
    assert row.notes
    assert row.evidence
    assert re.fullmatch(r"20\d\d-\d\d", row.checked)
    assert "Open Government Licence" in row.licence


@pytest.mark.parametrize("row", [row for row in TABLE if row.kind is not Kind.INTERNAL], ids=lambda row: row.id)
def test_every_packaged_layout_is_one_that_a_reader_recognises(row: Address) -> None:
    assert any(re.search(row.layout, reader.what, re.IGNORECASE) for reader in READERS)


@pytest.mark.parametrize("row", [row for row in TABLE if row.kind is Kind.DATASET], ids=lambda row: row.id)
def test_every_packaged_data_set_can_be_found_by_its_title_too(row: Address) -> None:
    assert row.dataset


def test_no_two_packaged_rows_write_the_same_file() -> None:
    files = [row.file for row in TABLE if row.file and "{" not in row.file]
    assert len(set(files)) == len(files)


def test_the_lookup_and_the_boundaries_come_before_what_needs_them() -> None:
    order = [row.id for row in TABLE]
    for later in ("nomis-census-ward", "nomis-census-lsoa-age", "ons-lsoa-2021", "policeuk-street"):
        assert order.index("ons-lsoa21-ward22") < order.index(later)
    assert order.index("ons-wards-2022") < order.index("policeuk-street")


def test_a_borough_gets_the_london_sources_and_another_authority_does_not() -> None:
    london = ids(choose(TABLE, area=fetch_area("Barking and Dagenham"), sources=None))
    elsewhere = ids(choose(TABLE, area=fetch_area("E08000025"), sources=None))
    assert {"mps-ward-recent", "mopac-pas", "lfb-incidents", "policeuk-street"} <= london
    assert elsewhere == {
        *("ons-lsoa21-ward22", "ons-lsoa21-ward25", "ons-wards-2022", "ons-lsoa-2021"),
        *("nomis-census-ward", "nomis-census-lsoa-age", "policeuk-street"),
    }


def test_large_files_are_fetched_only_when_asked_for() -> None:
    area = fetch_area("E09000002")
    assert "lfb-incidents-2018" not in ids(choose(TABLE, area=area, sources=None))
    assert ids(choose(TABLE, area=area, sources=["lfb-incidents-2018"])) == {"lfb-incidents-2018"}


@pytest.mark.parametrize("sources", [["mps-ward"], [], ["policeuk-dates"]])
def test_an_unknown_source_names_those_there_are(sources: list[str]) -> None:
    with pytest.raises(WardcastError) as refused:
        choose(TABLE, area=fetch_area("E09000002"), sources=sources)
    assert "mps-ward-recent" in refused.value.problems[0].expected


@pytest.mark.parametrize(
    ("title", "fitting"),
    [
        ("MPS Ward Level Crime (most recent 24 months).csv", {"mps-ward-recent"}),
        ("MPS Ward Level Crime.csv", {"mps-ward-recent"}),
        ("MPS Ward Level Crime (Historical).csv", {"mps-ward-historical"}),
        ("MPS Borough Level Crime (Historical).csv", {"mps-borough"}),
        ("MPS LSOA Level Crime (most recent 24 months).csv", {"mps-lsoa"}),
        ("MPS LSOA Level Crime (Historical).csv", set()),
    ],
)
def test_each_release_is_taken_by_its_own_row(title: str, fitting: set[str]) -> None:
    rows = [row for row in TABLE if row.id.startswith("mps-") and row.id != "mps-dashboard"]
    assert {row.id for row in rows if re.fullmatch(row.select, title, re.IGNORECASE)} == fitting


def test_the_forces_of_london_are_known() -> None:
    assert fetch_area("hackney").forces == ("metropolitan",)
    assert fetch_area("City of London").forces == ("city-of-london",)
    assert fetch_area("london").forces == ("metropolitan", "city-of-london")


@pytest.mark.parametrize("text", ["Birmingham", "E05014053", "S12000033", ""])
def test_an_area_that_is_none_is_refused_with_what_would_do(text: str) -> None:
    with pytest.raises(WardcastError) as refused:
        fetch_area(text)
    assert "GSS code" in refused.value.problems[0].expected


def test_rows_of_ones_own_replace_only_the_cells_they_give(tmp_path: Path) -> None:
    path = own(tmp_path, "id,address,max_bytes\nmps-lsoa,https://example.org/x.json,\n")
    mine, packaged = by_id(addresses(path), "mps-lsoa"), by_id(TABLE, "mps-lsoa")
    assert mine.address == "https://example.org/x.json"
    assert (mine.title, mine.max_bytes) == (packaged.title, packaged.max_bytes)
    assert [row.id for row in addresses(path)] == [row.id for row in TABLE]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,adress\nmps-lsoa,https://example.org\n", "the columns id, adress"),
        ("id,address\nmps-lsoa,https://example.org/?q=1,2\n", "a longer one"),
        ("id,address\n,https://example.org/\n", "a row without one"),
        ("", "the columns none"),
        ("id,max_bytes\nmps-lsoa,lots\n", "'lots'"),
        ("id,kind\nmps-lsoa,carrier pigeon\n", "'carrier pigeon'"),
        ("id,file\nmps-lsoa,../../etc/passwd\n", "'../../etc/passwd'"),
        ("id,select\nmps-lsoa,(\n", "'('"),
        ("id,address\nmps-lsoa,http://example.org/\n", "begins with http://"),
        ("id,address\nnew-one,https://example.org/\n", "a new id without source, title"),
    ],
)
def test_a_table_that_cannot_be_used_says_which_cell(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(WardcastError) as refused:
        addresses(own(tmp_path, text))
    assert any(told in problem.found for problem in refused.value.problems)


def test_an_address_with_a_password_is_refused_without_showing_it(tmp_path: Path) -> None:
    with pytest.raises(WardcastError) as refused:
        addresses(own(tmp_path, "id,address\nmps-lsoa,https://me:secret@example.org/\n"))
    assert "secret" not in str(refused.value)


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WardcastError, match=r"cannot be read"):
        addresses(tmp_path / "none.csv")
