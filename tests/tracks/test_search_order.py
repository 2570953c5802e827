"""In what order songs are found, what stands for a misspelt word, and what is not found."""

import pytest

from tests.factories import make_track
from tracks.search import rebuild_index, search

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    return [hit.title for hit in search(query).hits]


def test_where_no_track_has_all_words_the_best_comes_in_groups():
    make_track(title="Billie Jean", artists=["The Civil Wars"])
    make_track(title="Beat It", artists=["Michael Jackson"])
    make_track(title="Jean", artists=["Billie"])
    rebuild_index()

    result = search("billie jean michael jackson")

    assert result.incomplete
    assert [(group.kind, group.name) for group in result.groups] == [
        ("title", "billie jean"),
        ("artist", "Michael Jackson"),
    ]
    assert [[hit.title for hit in group.hits] for group in result.groups] == [["Billie Jean"], ["Beat It"]]
    assert titles("billie jean michael jackson") == ["Billie Jean", "Beat It"]


@pytest.mark.parametrize(
    "query", ["micheal jackson billie jean", "michael jacksn billie jean", "billie jaen michael jackson"]
)
def test_a_misspelt_name_offers_the_groups_of_the_right_one(query):
    make_track(title="Billie Jean", artists=["The Civil Wars"])
    make_track(title="Beat It", artists=["Michael Jackson"])
    make_track(title="Tears", artists=["Micheal"])
    rebuild_index()

    groups = {(group.kind, group.name): [hit.title for hit in group.hits] for group in search(query).groups}

    assert groups == {("title", "billie jean"): ["Billie Jean"], ("artist", "Michael Jackson"): ["Beat It"]}


def test_an_x_between_two_names_joins_credits():
    make_track(title="Dákiti", artists=["Bad Bunny", "Jhayco"])
    make_track(title="Together", artists=["Bad Bunny x Jhayco"])
    make_track(title="Speech", artists=["Malcolm X"])
    make_track(title="Speech", artists=["Malcolm"], popularity=99)
    rebuild_index()

    assert set(titles("bad bunny x jhayco")) == set(titles("bad bunny jhayco")) == {"Dákiti", "Together"}
    assert set(titles("jhayco")) == {"Dákiti", "Together"}
    assert search("malcolm x").hits[0].artist_names == ["Malcolm X"]
    assert search("speech malcolm x").hits[0].artist_names == ["Malcolm X"]


def test_releases_and_cuts_of_a_song_are_one_hit_that_counts_them():
    cuts = ["Stayin Alive", 'Stayin\' Alive - From "Saturday Night Fever"', "Staying Alive - 2007 Remaster"]
    for popularity, cut in enumerate(cuts):
        make_track(title=cut, artists=["Bee Gees"], popularity=popularity)
    make_track(title="Stayin' Alive - Live", artists=["Bee Gees"], popularity=50)
    rebuild_index()

    hits = search("alive bee gees").hits

    assert {hit.title: hit.n_releases for hit in hits} == {"Stayin' Alive - Live": 1, cuts[2]: 3}


def test_a_name_that_begins_so_comes_before_scattered_words_and_those_before_beginnings():
    make_track(title="Rain on Blue Days", artists=["A"], popularity=90)
    make_track(title="Rainbow Blue", artists=["B"], popularity=95)
    make_track(title="Blue Rain Again", artists=["C"], popularity=10)
    make_track(title="Blue Days and Rain", artists=["D"], popularity=80)
    rebuild_index()

    assert titles("blue rain") == [
        "Blue Rain Again",
        "Rain on Blue Days",
        "Blue Days and Rain",
        "Rainbow Blue",
    ]


def test_of_equally_good_corrections_the_one_with_fewer_misspelt_letters_comes_first():
    make_track(title="Lone Winters", artists=["A"], popularity=10)
    make_track(title="Bone Wanters", artists=["B"], popularity=90)
    rebuild_index()

    assert titles("bone winters") == ["Lone Winters", "Bone Wanters"]


def test_words_of_three_letters_two_edits_away_or_nothing_alike_are_not_found():
    make_track(title="Criminal", artists=["Fiona Apple"])
    make_track(title="Sun", artists=["Moon"])
    rebuild_index()

    assert titles("crmnal") == []
    assert titles("su") == ["Sun"]
    assert titles("sx") == []
    assert titles("irciminal") == []


def test_a_finished_word_is_not_corrected_as_a_beginning():
    make_track(title="Criminals Apple", artists=["A"])
    rebuild_index()

    assert search("crimnal apple").incomplete
    assert not search("apple crimnal").incomplete


def test_swapped_letters_in_a_finished_word_are_one_error():
    make_track(title="Wonder Wall", artists=["Oasis"])
    rebuild_index()

    assert titles("wodner wall") == ["Wonder Wall"]


def test_beginning_with_a_wrong_letter_stands_for_all_words_that_begin_so():
    for title in ("Rhapsody", "Rhapsodic", "Rhyme"):
        make_track(title=title, artists=["A"])
    rebuild_index()

    assert sorted(titles("rxaps")) == ["Rhapsodic", "Rhapsody"]
    assert sorted(titles("raps")) == ["Rhapsodic", "Rhapsody"]


def test_finished_word_is_not_read_as_the_beginning_of_a_longer_one():
    make_track(title="Garden Song", artists=["A"])
    make_track(title="Gardener Song", artists=["A"])
    rebuild_index()

    assert titles("gardn song") == ["Garden Song"]


def test_words_of_less_than_three_letters_are_not_corrected():
    make_track(title="Sum", artists=["Moon"])
    rebuild_index()

    assert titles("sm") == []
    assert titles("sym") == ["Sum"]


@pytest.mark.parametrize(
    ("limit", "typed", "found"),
    [
        ("MAX_CORRECTIONS", "xone song", ["Lone Song"]),
        ("MAX_SHORT_CORRECTIONS", "xon song", ["Lon Song"]),
        ("MAX_SHORT_CORRECTIONS", "xone song", ["Bone Song", "Lone Song"]),  # it is for three letters
    ],
)
def test_most_frequent_words_are_the_corrections_that_are_kept(monkeypatch, limit, typed, found):
    monkeypatch.setattr(f"tracks.search.spelling.{limit}", 1)
    for title in ("Bone Song", "Lone Song", "Lone Star", "Bon Song", "Lon Song", "Lon Star"):
        make_track(title=title, artists=["A"])
    rebuild_index()

    assert sorted(titles(typed)) == found


@pytest.mark.parametrize(("letters", "is_found"), [(30, True), (31, False)])
def test_words_of_more_than_thirty_letters_are_not_corrected(letters, is_found):
    title = "abcdefghijklmnopqrstuvwxyzabcdefghi"[:letters]
    make_track(title=f"{title} Song", artists=["A"])
    rebuild_index()

    assert search(f"{title[:-1]}x song").incomplete != is_found


def test_names_that_begin_so_are_found_behind_many_popular_tracks_of_those_words():
    for number in range(45):
        make_track(title=f"Rain and Blue {number}", artists=[f"Popular {number}"], popularity=90)
    for number in range(2):
        make_track(title=f"Blue Rain Again - {2000 + number} Remaster", artists=["One Song"], popularity=20)
    make_track(title="Blue Rain Forever", artists=["Other"], popularity=10)
    rebuild_index()

    hits = search("blue rain", limit=2).hits

    assert [hit.title.split(" - ")[0] for hit in hits] == ["Blue Rain Again", "Blue Rain Forever"]


def test_a_missing_space_is_found_in_words_of_five_letters_and_more():
    make_track(title="To Day", artists=["A"])
    make_track(title="Go On", artists=["A"])
    rebuild_index()

    assert titles("today") == ["To Day"]
    assert titles("goon") == []


@pytest.mark.parametrize("typed", ["rahp", "rhaap", "rrha"])
def test_letters_swapped_or_too_many_in_an_unfinished_word_are_forgiven_however_many_words_are_near(
    monkeypatch, typed
):
    monkeypatch.setattr("tracks.search.spelling.MAX_CORRECTIONS", 0)
    make_track(title="Bohemian Rhapsody", artists=["A"])
    rebuild_index()

    assert not search(f"bohemian {typed}").incomplete
    assert titles(f"bohemian {typed}") == ["Bohemian Rhapsody"]
    assert search(f"{typed} bohemian").incomplete
