"""Reading Parquet, batch by batch, as the same columns of text that a CSV file has."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson
import pyarrow
import pyarrow.compute as compute
import pyarrow.parquet
from django.utils.translation import gettext as _
from pyarrow import ArrowException

from tracks.importing.chunks import Chunk
from tracks.importing.headers import find_columns
from tracks.importing.refusals import UnreadableFile

CHUNK_ROWS = 20_000
MAX_CELL = 1 << 20  # bytes, as of a line of CSV
MAX_CHUNK_BYTES = 64 << 20


class ParquetSource:
    """A Parquet file whose schema has been read; its rows are numbered from 1."""

    encoding = ""

    def __init__(self, name: str, raw: BinaryIO) -> None:
        self.name, self._raw, self._done = name, raw, 0
        try:
            schema = pyarrow.parquet.read_schema(raw)
            raw.seek(0)
            texts = [field.name for field in schema if _is_text(field.type)]
            self._file = pyarrow.parquet.ParquetFile(raw, read_dictionary=texts)
        except ArrowException as error:
            raise self._damaged(error) from error
        header = self._file.schema_arrow.names
        self._columns = find_columns(header)
        self._names = {field: [header[p] for p in where] for field, where in self._columns.items()}
        self.headers = {field: names[0].strip() for field, names in self._names.items()}

    def fraction_read(self) -> float:
        rows: int = self._file.metadata.num_rows
        return self._done / max(1, rows)

    def close(self) -> None:
        self._file.close()
        self._raw.close()

    def chunks(self) -> Iterator[Chunk]:
        """The rows, `CHUNK_ROWS` at a time; only known columns are read."""
        wanted = [name for names in self._names.values() for name in names]
        try:
            for batch in self._bounded_batches(wanted):
                first, self._done = self._done + 1, self._done + batch.num_rows
                texts = {name: list(map(_text, batch.column(name).to_pylist())) for name in wanted}
                cells = {
                    field: list(map(";".join, zip(*(texts[name] for name in names), strict=True)))
                    for field, names in self._names.items()
                }
                yield Chunk(range(first, self._done + 1), cells)
        except ArrowException as error:
            raise self._damaged(error) from error

    def _bounded_batches(self, wanted: list[str]) -> Iterator[Any]:
        """Batches that take at most about `MAX_CHUNK_BYTES` as text.

        Text is decoded as dictionaries, which hold a value once however many rows repeat it, and its length
        is looked at before it is written out. Raises `UnreadableFile` for a cell above `MAX_CELL`.
        """
        for batch in self._file.iter_batches(batch_size=CHUNK_ROWS, columns=wanted):
            longest = max((self._longest(column) for column in batch.columns), default=0)
            step = max(1, MAX_CHUNK_BYTES // max(1, longest * len(batch.columns)))
            for start in range(0, batch.num_rows, step):
                yield batch.slice(start, step)

    def _longest(self, column: Any) -> int:
        """The bytes of the longest text of a column, without writing repeated ones out."""
        values = column.dictionary if pyarrow.types.is_dictionary(column.type) else column
        if not _is_text(values.type):
            return 0
        longest = compute.max(compute.binary_length(values)).as_py() or 0
        if longest > MAX_CELL:
            sentence = _("%(name)s has a cell of %(bytes)d bytes; at most %(most)d can be read: shorten it.")
            raise UnreadableFile(sentence % {"name": self.name, "bytes": longest, "most": MAX_CELL})
        return int(longest)

    def _damaged(self, error: ArrowException) -> UnreadableFile:
        sentence = _("%(name)s is a damaged Parquet file (%(error)s): fetch or export it again.")
        return UnreadableFile(sentence % {"name": self.name, "error": " ".join(str(error).split())[:200]})


def _is_text(kind: pyarrow.DataType) -> bool:
    of_text = (pyarrow.types.is_string, pyarrow.types.is_large_string, pyarrow.types.is_binary)
    return any(is_kind(kind) for is_kind in of_text)


def _text(value: Any) -> str:
    if value is None or value != value:  # a null, or the NaN that pandas writes for one
        return ""
    return orjson.dumps(value, default=str).decode() if isinstance(value, list) else str(value)
