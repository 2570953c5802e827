"""What Arrow parses is what the `csv` module would have read, for any text."""

import csv
import io

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.tracks.track_files import ROW
from tracks.importing import csv_files
from tracks.importing.chunks import Chunk, Reason
from tracks.importing.csv_files import CsvSource
from tracks.importing.regular_csv import RegularChunk, read_regular
from tracks.importing.sources import open_source

cell = st.text(st.sampled_from("a1.,;\"\t \\é😀\x1f'#-\r"), max_size=4)
line = st.lists(cell, min_size=3, max_size=3).map(",".join)
written = st.lists(cell, min_size=3, max_size=3).map(
    lambda cells: ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
)
anything = st.text(st.sampled_from('a,"\n \0\ud800é'), max_size=12)


@given(st.lists(line | written | anything, min_size=1, max_size=6), st.booleans())
@example(['a,"b"c,d'], True)
@example(['a,b"c,"d'], True)
@example(['a,"b"",c'], True)
@example(['"a,b,c', 'a,b",c'], True)
@settings(max_examples=500)
def test_a_block_is_read_as_the_csv_module_reads_it_or_left_to_it(lines, ends_with_a_line_end):
    text = "\n".join(lines).replace("\r", "") + "\n" * ends_with_a_line_end
    columns = read_regular(text, 3, ",") if text else None
    if columns is not None:
        rows = list(csv.reader(io.StringIO(text, newline="\n")))
        assert list(zip(*(column.to_pylist() for column in columns), strict=True)) == list(map(tuple, rows))


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n",
        "a,b,c\n\n",
        "\na,b,c\n",
        'a,"b\nb",c\n',
        'a,b,"c\n',
        "a,\0,c\n",
        "a,\udce9,c\n",
        f"{'a' * 131_073},b,c",
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_the_csv_module(text):
    assert read_regular(text, 3, ",") is None


def test_ordinary_rows_are_parsed_at_once_and_what_stands_between_one_by_one(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_files, "BLOCK_BYTES", 500)
    good = ",".join(map(str, ROW.values()))
    path = tmp_path / "file.csv"
    path.write_text("\n".join([",".join(ROW), *[good] * 20, "too,few", '"an open', *[good] * 20, ""]))
    with path.open("rb") as raw:
        chunks = list(CsvSource("file.csv", raw, raw).chunks())
    kinds = [type(chunk) for chunk in chunks]
    assert (kinds[0], Chunk in kinds) == (RegularChunk, True)
    assert [(bad.line, bad.reason) for chunk in chunks for bad in chunk.broken] == [
        (22, Reason.RAGGED),
        (23, Reason.RAGGED),
    ]


cells = st.sampled_from(
    [
        "A Title",
        'with "quotes"',
        "a,b",
        "two\nlines",
        "",
        "é",
        "0.5",
        " 1 ",
        "1e-3",
        "1_0",
        "inf",
        "nan",
        "+1",
    ]
)


@given(
    rows=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=12),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    block=st.integers(300, 2_000),
    separator=st.sampled_from([",", ";", "\t"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_ways_give_the_same_chunks(tmp_path, monkeypatch, rows, quoting, block, separator, line_end):
    path = tmp_path / "file.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=separator, quoting=quoting, lineterminator=line_end)
        writer.writerow(ROW)
        for title, tempo, album in rows:
            writer.writerow({**ROW, "track_name": title, "tempo": tempo, "album_name": album}.values())
    with monkeypatch.context() as patch:
        patch.setattr(csv_files, "BLOCK_BYTES", block)
        quickly = everything(path)
        patch.setattr(csv_files, "read_regular", lambda *arguments: None)
        assert everything(path) == quickly


def everything(path):
    """All that chunks say: lines, cells, rejected rows, figures, and the rows as texts."""
    source = open_source(path)
    said = []
    for chunk in source.chunks():
        numbers = chunk.numbers("tempo", decimal_comma=source.separator != ",")
        figures = map(repr, numbers.values.tolist()), numbers.empty.tolist(), numbers.no_number.tolist()
        columns = [chunk.column(field) for field in source.headers]
        said += zip(chunk.lines, *columns, *figures, chunk.rows_as_text(), strict=True)
        said += chunk.broken
    source.close()
    return said


@given(st.lists(st.text(st.sampled_from("0123456789.eE+-_ infaxNX\t,"), min_size=1, max_size=6), min_size=1))
def test_a_number_is_read_alike_from_arrow_and_from_text(texts):
    columns = read_regular("".join(f'"{text}","",""\n' for text in texts), 3, ",")
    assert columns is not None
    chunk = RegularChunk(range(len(texts)), {"tempo": columns[:1]})
    one, other = chunk.numbers("tempo"), Chunk(range(len(texts)), {"tempo": texts}).numbers("tempo")
    for name in ("values", "empty", "no_number"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
