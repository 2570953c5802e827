import pytest

from tracks.titles.parsing import credited_names, song_key, song_title, title_stem


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


def test_and_written_as_a_word_or_a_sign_is_the_same_in_titles_and_artists():
    assert song_key("You & Me", "Simon & Garfunkel") == song_key("You and Me", "Simon and Garfunkel")


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Halo - Live", "Halo"),
        ("Halo (Remix) [2011]", "Halo"),
        ("(I Can't Get No)", "(I Can't Get No)"),
        ("Twenty-One", "Twenty-One"),
    ],
)
def test_the_stem_of_a_title_stands_before_its_first_dash_or_bracket(title, stem):
    assert title_stem(title) == stem


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Bad Bunny x Jhayco", ["Bad Bunny", "Jhayco"]),
        ("One × Two x Three", ["One", "Two", "Three"]),
        ("Lil Nas X x Cardi B", ["Lil Nas X", "Cardi B"]),
        *(
            (name, [name])
            for name in ("Malcolm X", "X Ambassadors", "x", "Charli xcx", "TOMORROW X TOGETHER")
        ),
    ],
)
def test_an_x_between_names_joins_credits_and_inside_a_name_it_does_not(text, names):
    assert credited_names(text) == names
