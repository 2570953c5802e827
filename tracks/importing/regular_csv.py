"""The ordinary part of a CSV file, parsed by Arrow many rows at a time.

Ordinary is a block of lines of which each is one row, as the `csv` module would read it too: no line
breaks in cells, no blank lines, no row too long or too short. A tenth of the time, and figures need
not become text. All else is left to the `csv` module.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from tracks.importing.chunks import CELL_SIGN, Chunk
from tracks.importing.numbers import Numbers


def read_regular(block: str, width: int, separator: str) -> list[pa.StringArray] | None:
    """The `width` columns of text in a block of whole lines; None when something in it is not ordinary."""
    if "\0" in block:
        return None
    names = [str(position) for position in range(width)]
    try:
        content = block.encode()
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            # One block and one thread: the rows are few, and other work has the other processors.
            read_options=pyarrow.csv.ReadOptions(
                column_names=names, block_size=len(content) + 1, use_threads=False
            ),
            parse_options=pyarrow.csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), check_utf8=False
            ),
        )
    except (UnicodeEncodeError, pa.ArrowInvalid):  # bytes that are no characters; rows of another width
        return None
    lines = block.count("\n") + (not block.endswith("\n"))
    columns = [column.combine_chunks() for column in table.columns]
    if table.num_rows != lines or "\n" in columns[-1][-1].as_py():  # a quotation mark is open at the end
        return None
    longest = max(pc.max(pc.binary_length(column)).as_py() for column in columns)
    return columns if longest <= csv.field_size_limit() else None


class RegularChunk(Chunk):
    """Rows out of Arrow's columns, which become Python's strings only where somebody asks for them."""

    characters_known = True

    def __init__(self, lines: Sequence[int], columns: Mapping[str, Sequence[pa.StringArray]]) -> None:
        self._columns = {field: _joined(several, ";") for field, several in columns.items()}
        super().__init__(lines, _Cells(self._columns))

    def numbers(self, field: str, *, decimal_comma: bool = False) -> Numbers:
        try:
            values = self._columns[field].cast(pa.float64()).to_numpy()
        except (KeyError, pa.ArrowInvalid):  # some cell is empty, or what only Python takes for a number
            return super().numbers(field, decimal_comma=decimal_comma)
        unread = np.isnan(values)
        return Numbers(values, np.zeros_like(unread), unread)

    def rows_as_text(self) -> Iterable[str]:
        rows: list[str] = _joined(list(self._columns.values()), CELL_SIGN).to_pylist()
        return rows


def _joined(columns: Sequence[pa.StringArray], sign: str) -> pa.StringArray:
    return columns[0] if len(columns) == 1 else pc.binary_join_element_wise(*columns, sign)


class _Cells(Mapping[str, list[str]]):
    """Arrow's columns as lists, each made once."""

    def __init__(self, columns: Mapping[str, pa.StringArray]) -> None:
        self._columns = columns
        self._lists: dict[str, list[str]] = {}

    def __getitem__(self, field: str) -> list[str]:
        if field not in self._lists:
            self._lists[field] = self._columns[field].to_pylist()
        return self._lists[field]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)
