"""What is no table of tracks, and where it is noticed; what is one, in every form it comes in."""

import gzip
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.tracks.track_files import ROW, row, rows, write_csv
from tracks.audio_features import CONTINUOUS_FEATURES
from tracks.importing import csv_files, parquet_files
from tracks.importing.chunks import Reason
from tracks.importing.refusals import UnreadableFile
from tracks.importing.sources import open_source, read_chunks

HEADER = ",".join(ROW)


def read(path):
    source = open_source(path)
    chunks = list(read_chunks(source))
    source.close()
    return source, chunks


def refusal(path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    text = str(caught.value)
    assert path.name in text or str(path) in text
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "is empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG image"),
        ("archive.csv", b"PK\x03\x04rest", "unpack it"),
        ("binary.csv", bytes(range(256)) * 10, "first line is binary"),
        ("prose.csv", b"Dear Sir or Madam,\nplease find", "no known column"),
        ("blank.csv", b"\n\n\n", "no known column"),
        ("header_only.csv", b"Track URI,Track Name\n", "no column for artists"),
        ("wide.csv", b",".join(b"c%d" % n for n in range(5_000)), "more than 1000 columns"),
        ("wider.csv", b",".join(b"c%d" % n for n in range(1_000_000)), "more than a million characters"),
        ("widest.csv", b"," * 1_000_000, "more than 1000 columns"),
        ("long.csv", b"x" * (3 << 20), "more than a million characters"),
        ("quote.csv", b'"' + b"x" * 200_000 + b"\n", "no readable header"),
    ],
)
def test_what_is_no_table_of_tracks_is_refused_in_a_sentence(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    assert words in refusal(path)


def test_a_folder_a_missing_file_and_a_pipe_are_refused(tmp_path):
    assert "is a folder" in refusal(tmp_path)
    assert "does not exist" in refusal(tmp_path / "nowhere.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    assert "not an ordinary file" in refusal(tmp_path / "pipe.csv")


def test_a_sparse_file_of_two_gigabytes_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "sparse.csv"
    with path.open("wb") as stream:
        stream.truncate(2 << 30)
    assert "first line is binary" in refusal(path)


def test_a_line_that_never_ends_is_refused_where_it_is_met(tmp_path):
    path = tmp_path / "endless.csv"
    path.write_text(HEADER + "\n" + "x" * (3 << 20))
    assert "more than a million characters" in refusal(path)


def test_a_gzipped_file_is_read_and_one_cut_short_is_refused(tmp_path):
    content = gzip.compress(write_csv(tmp_path / "plain.csv", rows(2000)).read_bytes())
    whole, cut = tmp_path / "whole.csv.gz", tmp_path / "cut.csv.gz"
    whole.write_bytes(content)
    cut.write_bytes(content[: len(content) // 2])
    _, chunks = read(whole)
    assert sum(len(chunk.lines) for chunk in chunks) == 2000
    assert "damaged" in refusal(cut)


def test_a_gzipped_picture_is_refused_too(tmp_path):
    path = tmp_path / "picture.csv.gz"
    path.write_bytes(gzip.compress(b"\x89PNG\r\n\x1a\n"))
    assert "PNG image" in refusal(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_separator_is_found_from_the_header(tmp_path, delimiter):
    path = write_csv(tmp_path / "file.csv", [row(artists="A;B", track_name="x, y")], delimiter=delimiter)
    source, (chunk,) = read(path)
    assert source.separator == delimiter
    assert (chunk.cells["artists"], chunk.cells["title"]) == (["A;B"], ["x, y"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_names_with_accents_survive_every_encoding(tmp_path, encoding):
    path = write_csv(tmp_path / "file.csv", [row(artists="Beyoncé", track_name="Déjà Vu")], encoding=encoding)
    _, (chunk,) = read(path)
    assert (chunk.cells["artists"], chunk.cells["title"]) == (["Beyoncé"], ["Déjà Vu"])


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_numbers_count_lines_not_rows(tmp_path, line_end):
    cells = [str(value) for value in ROW.values()]
    two_lines = ",".join(f'"a{line_end}b"' if cell == "A Title" else cell for cell in cells)
    lines = [HEADER, "", ",".join(cells), two_lines, "", "too,few", ",".join(cells)]
    path = tmp_path / "file.csv"
    path.write_bytes(line_end.join(lines).encode())
    _, chunks = read(path)
    assert [line for chunk in chunks for line in chunk.lines] == [3, 4, 8]
    assert [title for chunk in chunks for title in chunk.cells["title"]] == ["A Title", "a\nb", "A Title"]
    assert [(bad.line, bad.reason) for chunk in chunks for bad in chunk.broken] == [(7, Reason.RAGGED)]


def test_line_numbers_go_on_from_chunk_to_chunk(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_files, "BLOCK_BYTES", 400)
    path = write_csv(tmp_path / "file.csv", [row(track_name="two\nlines"), *rows(6)])
    _, chunks = read(path)
    assert len(chunks) > 1
    assert [line for chunk in chunks for line in chunk.lines] == [2, 4, 5, 6, 7, 8, 9]


def test_a_quotation_mark_that_is_never_closed_costs_only_what_it_swallows(tmp_path):
    good = ",".join(map(str, ROW.values()))
    path = tmp_path / "file.csv"
    swallowed = "\n".join(["x" * 1000] * 200)
    path.write_text(f'{HEADER}\n{good}\n"{swallowed}\n{good}\n')
    _, chunks = read(path)
    assert chunks[0].lines[0] == 2
    broken = [reject for chunk in chunks for reject in chunk.broken]
    assert (broken[0].line, broken[0].reason) == (3, Reason.OPEN_QUOTE)
    assert chunks[-1].cells["title"][-1] == "A Title"


def test_parquet_is_read_as_the_same_cells(tmp_path):
    table = pa.table(
        {
            "track_id": ["00", None],
            "name": ["A", "B"],
            "artists": [["Tyler, The Creator", "B"], []],
            "explicit": [True, None],
            "year": [1999, 2000],
            **{name: [0.5, None] for name in CONTINUOUS_FEATURES},
        }
    )
    pq.write_table(table, tmp_path / "file.parquet")
    _, (chunk,) = read(tmp_path / "file.parquet")
    assert list(chunk.lines) == [1, 2]
    assert chunk.cells["spotify_id"] == ["00", ""]
    assert chunk.cells["artists"] == ['["Tyler, The Creator","B"]', "[]"]
    assert chunk.cells["explicit"] == ["True", ""]
    assert chunk.cells["release_date"] == ["1999", "2000"]
    assert chunk.cells["tempo"] == ["0.5", ""]


def test_a_damaged_parquet_file_is_refused(tmp_path):
    path = tmp_path / "file.parquet"
    path.write_bytes(b"PAR1" + b"\0" * 100 + b"PAR1")
    assert "damaged" in refusal(path)


def test_one_long_text_that_many_rows_repeat_is_refused_before_it_is_written_out(tmp_path):
    rows, longest = 400_000, 2 << 20
    codes = pa.array([0] * rows, pa.int32())
    long = pa.DictionaryArray.from_arrays(codes, pa.array(["x" * longest])).cast(
        pa.dictionary(pa.int32(), pa.string())
    )
    table = pa.table({"track_id": long, "name": long, "artists": long})
    features = {name: pa.array([0.5] * rows) for name in CONTINUOUS_FEATURES}
    for name, column in features.items():
        table = table.append_column(name, column)
    pq.write_table(table, tmp_path / "file.parquet", compression="zstd")
    before = pa.total_allocated_bytes()

    assert f"{longest} bytes" in refusal(tmp_path / "file.parquet")
    assert pa.default_memory_pool().max_memory() - before < 500_000_000


def test_long_cells_of_parquet_come_in_smaller_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_files, "MAX_CHUNK_BYTES", 10_000)
    columns = {name: [0.5] * 50 for name in CONTINUOUS_FEATURES}
    table = pa.table({"track_id": ["0"] * 50, "name": ["x" * 900] * 50, "artists": ["A"] * 50, **columns})
    pq.write_table(table, tmp_path / "file.parquet")

    _, chunks = read(tmp_path / "file.parquet")

    assert len(chunks) > 5
    assert [line for chunk in chunks for line in chunk.lines] == list(range(1, 51))
    assert {cell for chunk in chunks for cell in chunk.cells["title"]} == {"x" * 900}
