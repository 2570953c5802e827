import pytest

from tracks.titles.parsing import song_key, song_title


@pytest.mark.parametrize(
    "title",
    [
        'Stayin\' Alive - From "Saturday Night Fever" Soundtrack',
        "Stayin' Alive - Remastered Version (1995)",
        "Stayin' Alive - 2007 Remaster",
        "Stayin' Alive (Radio Edit)",
        "Stayin' Alive - Mono / Single Version",
        "Stayin' Alive (feat. Somebody)",
        "Stayin' Alive ft. Somebody",
        "Stayin' Alive [Deluxe] - Remastered",
    ],
)
def test_editions_cuts_sources_and_guests_are_the_same_song(title):
    assert song_title(title) == "Stayin' Alive"


@pytest.mark.parametrize(
    "title",
    ["Song - Live", "Song (Somebody Remix)", "Song - Acoustic Version", "Song (Fromage)"],
)
def test_what_may_be_another_performance_stays(title):
    assert song_title(title) == title


@pytest.mark.parametrize(
    "spelling", ["Stayin Alive", "STAYIN’ ALIVE", "Staying Alive", "Stayin' Alive - Single Edit"]
)
def test_spellings_of_a_title_have_one_key(spelling):
    assert song_key(spelling, "Bee Gees") == song_key("Stayin' Alive", "BEE GEES")


def test_other_artists_titles_and_names_of_signs_have_other_keys():
    keys = {
        song_key(*names)
        for names in [("One", "U2"), ("One", "Metallica"), ("???", "U2"), ("!!!", "U2"), ("And", "U2")]
    }

    assert len(keys) == 5
