"""Which track a row means."""

import pytest

from tests.factories import make_track
from tracks.playlists.matching import How, Match, match_rows
from tracks.playlists.rows import Row

pytestmark = pytest.mark.django_db


def row(track_id=None, isrc=None, title="", artist="", duration_ms=None) -> Row:
    return Row(0, 1, track_id, isrc, title, artist, duration_ms, ("", title, artist))


def test_an_id_goes_before_an_isrc_and_an_isrc_before_names():
    by_id = make_track("I" * 22, title="One")
    by_isrc = make_track(title="Two", isrc="QMFME2241679")
    by_names = make_track(title="Three", artists=["Somebody"])
    names = {"title": "Three", "artist": "Somebody"}

    assert match_rows(
        [
            row("I" * 22, "QMFME2241679", **names),
            row("unknown", "QMFME2241679", **names),
            row("unknown", "GBAYE0000001", **names),
            row("unknown", "GBAYE0000001", "Three", "Nobody"),
            row(),
        ]
    ) == [Match(by_id.pk, How.ID), Match(by_isrc.pk, How.ISRC), Match(by_names.pk, How.NAMES), None, None]


def test_names_are_compared_folded_and_without_what_only_tells_releases_apart():
    track = make_track(title="Déjà Vu", artists=["Beyoncé", "JAY-Z"])

    found = match_rows([row(title="DEJA VU - Remastered 2009", artist="beyonce")])

    assert found == [Match(track.pk, How.NAMES)]


def test_of_names_that_an_x_joins_the_whole_is_meant_and_else_the_first():
    first = make_track(title="Dákiti", artists=["Bad Bunny", "Jhayco"])
    whole = make_track(title="Together", artists=["One x Two"])
    make_track(title="Together", artists=["One"])

    found = match_rows(
        [row(title="Dákiti", artist="Bad Bunny x Jhayco"), row(title="Together", artist="One x Two")]
    )

    assert found == [Match(first.pk, How.NAMES), Match(whole.pk, How.NAMES)]


def test_a_live_recording_is_not_the_one_from_the_studio():
    make_track(title="Song", artists=["Band"])

    assert match_rows([row(title="Song - Live", artist="Band")]) == [None]


def test_of_equal_names_the_nearest_duration_then_popularity_then_the_smallest_id_decides():
    short = make_track("s" * 22, title="Song", artists=["Band"], duration_ms=180_000, popularity=10)
    long = make_track("l" * 22, title="Song", artists=["Band"], duration_ms=300_000, popularity=90)
    twin = make_track("k" * 22, title="Song", artists=["Band"], duration_ms=300_000, popularity=90)
    names = {"title": "Song", "artist": "Band"}

    found = match_rows([row(duration_ms=180_900, **names), row(duration_ms=400_000, **names), row(**names)])

    assert [match.track_id for match in found] == [short.pk, twin.pk, twin.pk]
    assert long.pk not in {match.track_id for match in found}


def test_an_isrc_of_several_releases_means_the_one_that_stands_for_them():
    popular = make_track(title="Song", isrc="QMFME2241679")
    make_track(title="Song", isrc="QMFME2241679", recording=popular)

    assert match_rows([row(isrc="QMFME2241679")]) == [Match(popular.pk, How.ISRC)]


def test_an_isrc_of_two_recordings_says_nothing():
    make_track(title="Song", isrc="QMFME2241679")
    make_track(title="Other", isrc="QMFME2241679")

    assert match_rows([row(isrc="QMFME2241679")]) == [None]


def test_an_isrc_that_a_file_gives_to_every_row_says_nothing():
    make_track(title="Song", artists=["Band"], isrc="QMFME2241679")

    found = match_rows([row(isrc="QMFME2241679", title=title, artist="X") for title in ("This", "That")])

    assert found == [None, None]
