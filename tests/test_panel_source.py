"""A gzip file is read as far as a machine can hold it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.panel.source import open_source

CEILING = 100_000


def packed(folder: Path, size: int) -> Path:
    path = folder / "wards.csv.gz"
    path.write_bytes(gzip.compress(b"0" * size))
    return path


def test_a_small_file_that_unpacks_to_too_much_is_refused_in_words(tmp_path: Path) -> None:
    bomb = packed(tmp_path, 50 * CEILING)
    assert bomb.stat().st_size < CEILING / 10
    with pytest.raises(WardcastError, match=r"wards\.csv\.gz holds too much") as raised:
        open_source(bomb, max_unpacked_bytes=CEILING)
    assert raised.value.kind is ErrorKind.INVALID_INPUT
    assert "100,000 bytes" in raised.value.problems[0].expected


def test_a_file_of_several_gzip_members_is_counted_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "wards.csv.gz"
    path.write_bytes(gzip.compress(b"0" * 60_000) * 2)
    with pytest.raises(WardcastError, match="holds too much"):
        open_source(path, max_unpacked_bytes=CEILING)


@pytest.mark.parametrize("size", [0, 1, CEILING])
def test_a_file_that_unpacks_to_no_more_than_allowed_is_read_whole(tmp_path: Path, size: int) -> None:
    assert len(open_source(packed(tmp_path, size), max_unpacked_bytes=CEILING).content) == size
