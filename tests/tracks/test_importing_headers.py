from hypothesis import given
from hypothesis import strategies as st

from tracks.audio_features import FEATURE_NAMES
from tracks.importing.headers import HEADER_NAMES, find_columns


def test_columns_of_the_public_data_set_are_found():
    header = ["", "track_id", "artists", "album_name", "track_name", "popularity", "tempo", "track_genre"]
    assert find_columns(header) == {
        "spotify_id": [1],
        "artists": [2],
        "album": [3],
        "title": [4],
        "popularity": [5],
        "tempo": [6],
        "genres": [7],
    }


def test_tabs_case_underscores_and_a_byte_order_mark_do_not_matter():
    assert find_columns(["\ufeffTrack URI", "\t\t\t\tDanceability", "TRACK_NAME", "Time-Signature"]) == {
        "spotify_id": [0],
        "danceability": [1],
        "title": [2],
        "time_signature": [3],
    }


def test_a_german_and_a_japanese_header_are_understood():
    assert set(find_columns(["Track-URI", "Künstlername(n)", "Tanzbarkeit", "Lautstärke"])) == {
        "spotify_id",
        "artists",
        "danceability",
        "loudness",
    }
    assert set(find_columns(["トラックURI", "トラックの長さ（ミリ秒）", "テンポ"])) == {
        "spotify_id",
        "duration_ms",
        "tempo",
    }


def test_of_two_columns_for_one_field_the_better_name_is_read():
    assert find_columns(["id", "uri", "track_id"])["spotify_id"] == [2]
    assert find_columns(["year", "release_date"])["release_date"] == [1]


def test_all_columns_of_genres_are_read():
    assert find_columns(["playlist_subgenre", "name", "playlist_genre"])["genres"] == [0, 2]


def test_no_header_text_means_two_things():
    found = [field for field, names in HEADER_NAMES.items() for name in names.split(" | ") for _ in [name]]
    texts = [name for names in HEADER_NAMES.values() for name in names.split(" | ")]
    assert [next(iter(find_columns([text]))) for text in texts] == found


def test_every_audio_feature_has_its_names():
    assert set(FEATURE_NAMES) <= set(HEADER_NAMES)


@given(st.lists(st.text(max_size=30), max_size=30))
def test_any_header_is_survived(header):
    columns = find_columns(header)
    assert all(0 <= position < len(header) for positions in columns.values() for position in positions)
