import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracks.importing.artists import Joined, how_joined, split_artists

name = st.text(
    st.characters(blacklist_characters=";,[]\\", blacklist_categories=("Cs", "Cc", "Z")),
    min_size=1,
    max_size=20,
)


def test_a_file_that_joins_with_semicolons_keeps_commas_in_names():
    cells = ["Ingrid Michaelson;ZAYN", "Tyler, The Creator", "Earth, Wind & Fire;The Emotions"]
    joined = how_joined(cells, "artists")
    assert joined is Joined.SEMICOLON
    assert [split_artists(cell, joined) for cell in cells] == [
        ["Ingrid Michaelson", "ZAYN"],
        ["Tyler, The Creator"],
        ["Earth, Wind & Fire", "The Emotions"],
    ]


def test_an_export_that_escapes_commas_is_split_at_the_others():
    cells = ["Martin Garrix, Tiësto", r"Tyler\, The Creator, Kali Uchis"]
    joined = how_joined(cells, "Artist Name(s)")
    assert joined is Joined.ESCAPED_COMMA
    assert split_artists(cells[0], joined) == ["Martin Garrix", "Tiësto"]
    assert split_artists(cells[1], joined) == ["Tyler, The Creator", "Kali Uchis"]


def test_an_export_that_joins_with_bare_commas_keeps_a_comma_before_a_space():
    cells = ["Man Cub,JEN", "Najim Arshad,Abhirami Ajai", "Tyler, The Creator,Kali Uchis"]
    joined = how_joined(cells, "Artist Name(s)")
    assert joined is Joined.BARE_COMMA
    assert split_artists(cells[2], joined) == ["Tyler, The Creator", "Kali Uchis"]


@pytest.mark.parametrize(
    ("cell", "artists"),
    [
        ("Drake, Tyler, The Creator, SZA", ["Drake", "Tyler, The Creator", "SZA"]),
        ("Crosby, Stills, Nash & Young", ["Crosby, Stills, Nash & Young"]),
        ("Grover Washington, Jr., Bill Withers", ["Grover Washington, Jr.", "Bill Withers"]),
        ("Car, the garden, IU", ["Car, the garden", "IU"]),
    ],
)
def test_where_a_comma_and_a_space_join_known_names_stay_whole(cell, artists):
    known = frozenset({"Tyler, The Creator", "Crosby, Stills, Nash & Young", "Car, the garden"})
    assert split_artists(cell, Joined.COMMA_SPACE, known) == artists


def test_a_rare_comma_in_a_column_of_single_names_belongs_to_the_name():
    cells = ["Ed Sheeran"] * 400 + ["Tyler, The Creator", "Khea;Omar Varela"]
    assert how_joined(cells, "track_artist") is Joined.SEMICOLON


def test_a_column_where_commas_are_common_is_split_there():
    assert how_joined(["Queen", "Queen, David Bowie"] * 40, "artist") is Joined.COMMA_SPACE


def test_lists_as_python_and_json_write_them_are_read():
    assert split_artists("['Mamie Smith', \"Guns N' Roses\"]", Joined.SEMICOLON) == [
        "Mamie Smith",
        "Guns N' Roses",
    ]
    assert split_artists('["Tyler, The Creator"]', Joined.COMMA_SPACE) == ["Tyler, The Creator"]


def test_a_band_in_brackets_is_no_list():
    assert split_artists("[:SITD:]", Joined.SEMICOLON) == ["[:SITD:]"]
    assert split_artists("[" * 5000, Joined.SEMICOLON) == ["[" * 5000]


def test_each_artist_is_named_once_and_white_space_is_evened_out():
    assert split_artists(" A  B ;C;A B;; ", Joined.SEMICOLON) == ["A B", "C"]


def test_a_cell_of_many_commas_is_split_quickly():
    assert len(split_artists(",".join(map(str, range(50_000))), Joined.BARE_COMMA)) == 50_000


@given(st.lists(name, min_size=1, max_size=8, unique=True))
def test_names_without_separators_come_back_from_every_way_of_joining(names):
    names = list(dict.fromkeys(n for n in names if n not in ("Jr", "Jr.", "Sr", "Sr.", "II", "III")))
    assert split_artists(";".join(names), Joined.SEMICOLON) == names
    assert split_artists(",".join(names), Joined.BARE_COMMA) == names
    assert split_artists(", ".join(names), Joined.COMMA_SPACE) == names
    assert split_artists(", ".join(names), Joined.ESCAPED_COMMA) == names


@given(
    st.lists(st.text(st.characters(blacklist_categories=("Cs",)), max_size=40), max_size=30),
    st.text(max_size=20),
)
def test_no_text_breaks_the_splitting(cells, header):
    joined = how_joined(cells, header)
    for cell in cells:
        assert all(artist.strip() == artist != "" for artist in split_artists(cell, joined))
