import csv
from contextlib import closing

from django.utils.functional import Promise

from tracks.importing.chunks import Reason
from tracks.importing.rejects import RowsFile
from tracks.importing.reports import MAX_VALUE_LENGTH, shown
from tracks.importing.validation import COUNTS
from tracks.importing.wording import SENTENCES, reason_sentence


def test_every_reason_has_a_sentence_that_can_be_translated():
    assert set(SENTENCES) == set(Reason)
    assert all(isinstance(sentence, Promise) for sentence in SENTENCES.values())


def test_a_range_is_told_under_the_file_s_own_name_of_the_column():
    assert reason_sentence("out_of_range", "Lautstärke", "loudness") == "Lautstärke is not between -60 and 10"
    low, high = COUNTS["popularity"]
    assert reason_sentence("out_of_range", "popularity") == f"popularity is not between {low} and {high}"


def test_a_spreadsheet_takes_no_cell_for_a_formula(tmp_path):
    with closing(RowsFile(tmp_path / "rows.csv", ["cell"])) as file:
        for cell in ("=1", "+1", "-1", "@x", "\tx", "fine", 7):
            file.write_row([cell])

    with file.path.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [
            ["cell"],
            ["'=1"],
            ["'+1"],
            ["'-1"],
            ["'@x"],
            ["'\tx"],
            ["fine"],
            ["7"],
        ]


def test_what_is_shown_of_a_cell_is_short_and_can_be_stored_anywhere():
    assert shown(" nul\0byte \udce9") == "nul\N{REPLACEMENT CHARACTER}byte ?"
    assert len(shown("x" * 5000)) == MAX_VALUE_LENGTH + 1
