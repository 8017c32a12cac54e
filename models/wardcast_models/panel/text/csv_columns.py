"""The quick way to read a CSV table: by columns, where nothing about its rows has to be told."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from wardcast_models.panel.sources.source import SourceFile

MOST_CELL_CHARACTERS = 131_072
"""A longer cell is refused; it is also where the row-by-row reader stops."""

_ODD = (b"\x00", b"\n\n", b"\n\r", b"\r\r")
"""Zero bytes and empty lines: the row-by-row reader tells the ones and numbers the rows below the others."""

_HEXADECIMAL = (b"0x", b"0X")
"""Numbers that the quick reader takes and that no table of counts means as such."""

_BLOCK_BYTES = 16 * 1024 * 1024


def typed_columns(
    source: SourceFile, counts: Collection[int] = (), *, only: Sequence[int] | None = None
) -> pa.Table | None:
    """Read the rows below the header by columns, as text and whole numbers.

    Args:
        source: A CSV file.
        counts: Positions of the columns that are whole numbers.
        only: Positions of the columns to keep, in the order to keep them; None keeps all.

    Returns:
        One column for each of the header or of `only`, named by its position (`0`, `1` ...), text or int64; row i is
        line `header_line + 1 + i` of the file. None where only reading row by row can tell what is there: a row of the
        wrong length, an empty line or row, no row at all, a quote inside a field, a zero byte, an endless cell, a count
        that is no whole number.
    """
    plain = source.encoding == "utf-8-sig"
    content = source.content.removeprefix(codecs.BOM_UTF8) if plain else source.text.encode("utf-8")
    odd = (*_ODD, *_HEXADECIMAL) if counts else _ODD
    if any(mark in content for mark in odd) or not _quotes_are_plain(content, source.separator):
        return None
    names = [str(position) for position in range(len(source.header))]
    types = {name: pa.int64() if position in counts else pa.string() for position, name in enumerate(names)}
    try:
        table = pv.read_csv(
            pa.BufferReader(content),
            read_options=pv.ReadOptions(
                column_names=names, skip_rows=source.header_line, block_size=_BLOCK_BYTES, use_threads=False
            ),
            parse_options=pv.ParseOptions(delimiter=source.separator, ignore_empty_lines=False),
            convert_options=pv.ConvertOptions(
                column_types=types,
                strings_can_be_null=False,
                null_values=[],
                include_columns=None if only is None else [str(position) for position in only],
            ),
        )
    except pa.ArrowException:
        return None
    if table.num_rows == 0 or _longest(table) > MOST_CELL_CHARACTERS or _has_blank_row(table):
        return None
    return table


def _quotes_are_plain(content: bytes, separator: str) -> bool:
    """Tell whether every quote opens or closes a whole field of one line."""
    quotes = content.count(b'"')
    if quotes == 0:
        return True
    mark = re.escape(separator.encode())
    # The lookbehind comes after the quote, so that the search jumps from quote to quote.
    field = re.compile(rb'"(?<![^\r\n' + mark + rb']")[^"\r\n]*"(?=[\r\n' + mark + rb"]|\Z)")
    return 2 * sum(1 for _ in field.finditer(content)) == quotes


def _has_blank_row(table: pa.Table) -> bool:
    """Tell whether a row may hold nothing at all: each of its texts that were read is empty, and no number is."""
    texts = [column for column in table.columns if pa.types.is_string(column.type)]
    if not texts or len(texts) < table.num_columns:
        return False
    empty = pc.equal(texts[0], "")
    for column in texts[1:]:
        if not pc.any(empty).as_py():
            return False
        empty = pc.and_(empty, pc.equal(column, ""))
    return bool(pc.any(empty).as_py())


def _longest(table: pa.Table) -> int:
    texts = (column for column in table.columns if pa.types.is_string(column.type))
    return max((pc.max(pc.binary_length(column)).as_py() or 0 for column in texts), default=0)
