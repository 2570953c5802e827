"""Lists as files: what other programs, and our own import, read in them."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.answers.cards import TrackCard
from recommender.mixes.exports import FileFormat, exported
from tracks.audio_features import FEATURE_NAMES

XSPF = "{http://xspf.org/ns/0/}"
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def card(spotify_id="a" * 22, title="Clair de lune", artists=("Claude Debussy",), **facts) -> TrackCard:
    values = {"album": "Suite", "genres": ["classical", "piano"], "popularity": 61, "duration_ms": 301_499}
    values |= {"explicit": None, "audio_features": dict.fromkeys(FEATURE_NAMES, 0.5)} | facts
    return TrackCard(
        pk=1,
        spotify_id=spotify_id,
        title=title,
        artists=list(artists),
        recording_id=1,
        artist_ids=list(range(len(artists))),
        cluster=None,
        **values,
    )


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_format_has_its_type_and_a_name_made_of_the_title():
    files = [exported([card()], "Clair de lune, Für Elise", each) for each in FileFormat]

    assert [(file.name, file.content_type.split(";")[0]) for file in files] == [
        ("soundkin-clair-de-lune-fur-elise.csv", "text/csv"),
        ("soundkin-clair-de-lune-fur-elise.m3u", "audio/x-mpegurl"),
        ("soundkin-clair-de-lune-fur-elise.xspf", "application/xspf+xml"),
        ("soundkin-clair-de-lune-fur-elise.jspf", "application/jspf+json"),
        ("soundkin-clair-de-lune-fur-elise.txt", "text/plain"),
    ]
    assert exported([], "日本", FileFormat.TXT).name == "soundkin-mix.txt"


def test_the_csv_names_its_columns_as_exportify_does():
    first, second = rows_of(
        exported([card(), card("b" * 22, artists=["A", "B"])], "", FileFormat.CSV).content
    )

    assert first["Track URI"] == "spotify:track:" + "a" * 22
    assert (first["Track Name"], first["Artist Name(s)"], first["Album Name"]) == (
        "Clair de lune",
        "Claude Debussy",
        "Suite",
    )
    assert (first["Duration (ms)"], first["Explicit"], first["Time Signature"]) == ("301499", "", "0.5")
    assert second["Artist Name(s)"] == "A;B"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_of_the_csv_is_a_formula(start):
    text = f'{start}HYPERLINK("http://evil")'
    hostile = card(title=text, artists=[text], album=text, genres=[text])

    (row,) = rows_of(exported([hostile], "", FileFormat.CSV).content)

    for column in ("Track Name", "Artist Name(s)", "Album Name", "Genres"):
        assert row[column] == f"'{text}"


def test_a_negative_number_stays_a_number():
    features = dict.fromkeys(FEATURE_NAMES, 0.5) | {"loudness": -7.5, "key": None}

    (row,) = rows_of(exported([card(audio_features=features)], "", FileFormat.CSV).content)

    assert (row["Loudness"], row["Key"]) == ("-7.5", "")


def test_m3u_has_seconds_a_name_and_a_link_on_lines_of_their_own():
    text = exported([card(title="A\r\nhttp://evil")], "My\nmix", FileFormat.M3U).content.decode()

    assert text.splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:My mix",
        "#EXTINF:301,Claude Debussy - A http://evil",
        "https://open.spotify.com/track/" + "a" * 22,
    ]


def test_txt_is_one_uri_a_line():
    content = exported([card(), card("b" * 22)], "", FileFormat.TXT).content

    assert content.decode() == f"spotify:track:{'a' * 22}\nspotify:track:{'b' * 22}\n"


@given(title=ANY_TEXT, artist=ANY_TEXT, album=ANY_TEXT)
def test_xspf_is_well_formed_whatever_a_track_is_called(title, artist, album):
    tracks = [card(title=title, artists=[artist], album=album), card("b" * 22, title="<&]]>")]

    root = ET.fromstring(exported(tracks, title, FileFormat.XSPF).content)

    entries = root.findall(f"{XSPF}trackList/{XSPF}track")
    assert root.tag == f"{XSPF}playlist"
    assert [each.findtext(f"{XSPF}location")[-22:] for each in entries] == ["a" * 22, "b" * 22]
    assert entries[1].findtext(f"{XSPF}title") == "<&]]>"
    assert entries[0].findtext(f"{XSPF}duration") == "301499"


@given(title=ANY_TEXT, artist=ANY_TEXT)
def test_jspf_keeps_every_character(title, artist):
    content = exported([card(title=title, artists=[artist])], title, FileFormat.JSPF).content

    playlist = json.loads(content)["playlist"]
    assert playlist["title"] == title
    assert playlist["track"][0]["creator"] == artist
    assert playlist["track"][0]["duration"] == 301_499
    assert playlist["track"][0]["identifier"] == ["spotify:track:" + "a" * 22]


@given(titles=st.lists(ANY_TEXT, max_size=5))
def test_csv_and_m3u_have_as_many_entries_as_tracks(titles):
    tracks = [card(title=title) for title in titles]

    assert len(rows_of(exported(tracks, "", FileFormat.CSV).content)) == len(titles)
    assert len(exported(tracks, "", FileFormat.M3U).content.decode().split("\n")) == 3 + 2 * len(titles)
