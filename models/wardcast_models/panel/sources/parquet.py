"""Parquet tables as CSV text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wardcast_models.panel.sources.cell_text import cell_text, csv_bytes
from wardcast_models.panel.sources.limits import Limits
from wardcast_models.panel.sources.refusals import damaged, holds_too_much, not_trusted
from wardcast_models.panel.sources.source import SourceFile

PARQUET_MARK = b"PAR1"

_KIND = "parquet file"
_BATCH_ROWS = 8192
_ROW_NUMBERS = re.compile(r"__index_level_[0-9]+__")
"""Columns in which pandas keeps its own row labels."""


def parquet_source(content: bytes, *, name: str, limits: Limits) -> SourceFile:
    """Read a parquet table.

    Args:
        content: The file.
        name: Its name.
        limits: Most bytes, unpacked, and cells.

    Returns:
        The table as CSV text: its columns in the first row, an empty cell where a value is missing.

    Raises:
        WardcastError: The file is damaged, holds too much, or has a column of lists, records or bytes.
    """
    try:
        file = _opened(content)
        columns = _columns(file.schema_arrow, name)
        _check_size(file.metadata, name, limits)
        return SourceFile(name=name, content=csv_bytes(_rows(file, columns, name, limits), name=name, limits=limits))
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise damaged(name, _KIND, str(error)) from error


def _opened(content: bytes) -> pq.ParquetFile:
    schema = pq.read_schema(io.BytesIO(content))
    words = [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)]
    # Repeated words stay packed until their full length is known: a small file can stand for endless text.
    return pq.ParquetFile(io.BytesIO(content), read_dictionary=words, page_checksum_verification=True)


def _columns(schema: pa.Schema, name: str) -> list[str]:
    for column in schema:
        if pa.types.is_nested(column.type) or pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
            raise not_trusted(
                f"{name}, column {column.name}",
                "columns of text, numbers, days or times",
                f"a column of the type {column.type}",
                "Write the table with one plain value in each cell.",
            )
    return [column for column in schema.names if not _ROW_NUMBERS.fullmatch(column)]


def _check_size(metadata: pq.FileMetaData, name: str, limits: Limits) -> None:
    cells = metadata.num_rows * metadata.num_columns
    if cells > limits.cells:
        raise holds_too_much(name, f"a table of at most {limits.cells:,} cells", f"{cells:,} cells")
    unpacked = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    if unpacked > limits.source_bytes:
        raise holds_too_much(name, f"at most {limits.source_bytes:,} bytes, unpacked", f"{unpacked:,} bytes")


def _rows(file: pq.ParquetFile, columns: list[str], name: str, limits: Limits) -> Iterator[list[str]]:
    yield columns
    missing = file.metadata.num_rows
    for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=columns):
        missing -= batch.num_rows
        if sum(map(_word_bytes, batch.columns)) > limits.source_bytes:
            raise holds_too_much(name, f"a table of at most {limits.source_bytes:,} bytes as text")
        texts = [[cell_text(value) for value in column.to_pylist()] for column in batch.columns]
        yield from map(list, zip(*texts, strict=True))
    if missing:
        raise damaged(name, _KIND, f"{abs(missing):,} rows {'fewer' if missing > 0 else 'more'} than it says")


def _word_bytes(column: pa.Array) -> int:
    """Return how many bytes a column's words take once each is written out."""
    if not pa.types.is_dictionary(column.type) or len(column) == 0:
        return 0
    lengths = pc.binary_length(column.dictionary)
    return int(pc.sum(lengths.take(column.indices)).as_py() or 0)
