import pytest

from tests.tracks.track_files import FEATURES, ROW
from tracks.importing.chunks import Chunk, Reason, Reject
from tracks.importing.headers import find_columns
from tracks.importing.validation import Layout, check_chunk
from tracks.spotify_ids import read_track_id

FIELD_OF = {name: next(iter(find_columns([name])), "") for name in ROW}


def check(*cells: dict[str, str], layout: Layout | None = None):
    rows = [{field: str(ROW[name]) for name, field in FIELD_OF.items()} | row for row in cells]
    fields = {field for row in rows for field in row}
    chunk = Chunk(range(2, 2 + len(rows)), {field: [row.get(field, "") for row in rows] for field in fields})
    return check_chunk(chunk, layout or Layout())


def test_a_good_row_becomes_values():
    values = check({}).values
    assert values["spotify_id"] == ["A" * 22]
    assert values["artist_names"] == [["An Artist"]]
    assert values["genre_names"] == [["rock"]]
    assert values["explicit"] == [False]
    assert (values["key"], values["tempo"], values["popularity"]) == ([5], [120.0], [50])


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("spotify_id", " ", Reason.MISSING),
        ("spotify_id", "two words", Reason.NOT_AN_ID),
        ("spotify_id", "spotify:local:Me:Tape:Demo:123", Reason.LOCAL_FILE),
        ("spotify_id", "x" * 65, Reason.NOT_AN_ID),
        ("title", "", Reason.MISSING),
        ("title", "x" * 1001, Reason.TOO_LONG),
        ("title", "nul\0byte", Reason.NUL),
        ("title", "half \udce9", Reason.UNDECODABLE),
        ("artists", ";;", Reason.MISSING),
        ("artists", "x" * 501, Reason.TOO_LONG),
        ("album", "x" * 1001, Reason.TOO_LONG),
        ("genres", "x" * 101, Reason.TOO_LONG),
        ("energy", "", Reason.MISSING),
        ("energy", "7", Reason.OUT_OF_RANGE),
        ("tempo", "fast", Reason.NOT_A_NUMBER),
        ("loudness", "nan", Reason.NOT_A_NUMBER),
        ("valence", "inf", Reason.NOT_FINITE),
        ("key", "12", Reason.OUT_OF_RANGE),
        ("key", "1.5", Reason.NOT_WHOLE),
        ("popularity", "101", Reason.OUT_OF_RANGE),
        ("duration_ms", "-1", Reason.OUT_OF_RANGE),
        ("explicit", "perhaps", Reason.NOT_YES_OR_NO),
    ],
)
def test_a_bad_cell_rejects_its_row_with_line_column_and_reason(field, value, reason):
    checked = check({}, {field: value}, {})
    assert checked.rejects == [Reject(3, reason, field, value)]
    assert {len(column) for column in checked.values.values()} == {2}


def test_of_several_problems_the_first_is_told():
    (reject,) = check({"title": "", "tempo": "fast"}).rejects
    assert (reject.reason, reject.column) == (Reason.MISSING, "title")


def test_a_row_without_any_audio_feature_is_told_so():
    (reject,) = check(dict.fromkeys(FEATURES, "")).rejects
    assert reject.reason == Reason.NO_FEATURES


def test_what_may_be_unknown_is_left_unknown():
    checked = check(dict.fromkeys(("key", "mode", "time_signature", "explicit", "album", "popularity"), ""))
    assert not checked.rejects
    for field in ("key", "mode", "time_signature", "explicit", "album", "popularity"):
        assert checked.values[field] == [None]


def test_unreadable_dates_and_codes_are_left_empty_and_counted():
    checked = check(
        {"release_date": "2019-05-17", "isrc": "us-rc1-7607839"}, {"release_date": "yesterday", "isrc": "?"}
    )
    assert checked.values["release_date"] == ["2019-05-17", None]
    assert checked.values["isrc"] == ["USRC17607839", None]
    assert (checked.left_empty, checked.rejects) == (2, [])


def test_a_program_s_word_for_nothing_in_title_and_artists_is_nothing():
    checked = check({"title": "NA", "artists": "NA"}, {"title": "NA"})
    assert [(reject.line, reject.reason) for reject in checked.rejects] == [(2, Reason.MISSING)]


def test_several_genres_of_a_cell_are_told_apart():
    assert check({"genres": "rock, pop;rock"}).values["genre_names"] == [["rock", "pop"]]


@pytest.mark.parametrize(
    "text",
    [
        "5SuOikwiRyPMVoIQDJUgSV",
        "spotify:track:5SuOikwiRyPMVoIQDJUgSV",
        "https://open.spotify.com/track/5SuOikwiRyPMVoIQDJUgSV?si=abc",
        "open.spotify.com/intl-de/track/5SuOikwiRyPMVoIQDJUgSV",
    ],
)
def test_an_id_is_read_however_it_is_written(text):
    assert read_track_id(text) == "5SuOikwiRyPMVoIQDJUgSV"


@pytest.mark.parametrize(
    "text", ["", "spotify:album:5SuOikwiRyPMVoIQDJUgSV", "https://example.org/track/a", "a b"]
)
def test_what_is_no_track_id_is_not_read_as_one(text):
    assert read_track_id(text) is None
