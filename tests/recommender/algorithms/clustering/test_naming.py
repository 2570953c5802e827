from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.algorithms.clustering.name_codes import NameCode, NameForm
from recommender.algorithms.clustering.naming import ClusterFacts, is_true, trait_codes, unique_names

CALM, ACOUSTIC, SLOW = "energy:low", "acousticness:high", "tempo:low"
SOUNDS = {
    "tango": np.array([0.0, 2.0]),
    "jazz": np.array([0.0, 0.5]),
    "piano": np.array([-2.0, 0.0]),
    "songs": np.array([0.1, 0.4]),
}


def facts(
    genres: dict[str, tuple[float, float]] | None = None,
    adjectives: tuple[str, ...] = (CALM, ACOUSTIC, SLOW),
    *,
    families: tuple = (),
    is_wide: bool = False,
    covered: float = 0.0,
    number: int = 1,
) -> ClusterFacts:
    """A cluster whose genres have these shares and lifts."""
    genres = genres or {}
    by_lift = sorted(genres, key=lambda genre: -genres[genre][1])
    return ClusterFacts(
        number=number,
        adjectives=adjectives,
        genres=tuple(genres),
        shares=tuple(share for share, _lift in genres.values()),
        lifts=tuple(lift for _share, lift in genres.values()),
        leading=tuple(by_lift[:5]),
        covered=covered,
        families=families,
        is_wide=is_wide,
    )


def name(cluster: ClusterFacts) -> NameCode:
    return unique_names([cluster], SOUNDS, {})[0]


def test_traits_are_the_strongest_first_with_their_level():
    centroid = np.array([0.5, -1.2, 0.39, 2.0])
    codes = trait_codes(centroid, ["tempo", "energy", "valence", "acousticness"])
    assert codes == ["acousticness:very_high", "energy:very_low", "tempo:high"]


@pytest.mark.parametrize(
    ("feature", "deviation", "level"),
    [
        ("tempo", 0.39, None),
        ("tempo", 0.4, "high"),
        ("tempo", -0.99, "low"),
        ("tempo", -1.0, "very_low"),
        ("speechiness", 2.9, "high"),  # more than a little speech is needed to be spoken
        ("speechiness", 3.0, "very_high"),
        ("liveness", 1.4, "high"),
        ("liveness", 1.5, "very_high"),
    ],
)
def test_how_far_from_the_average_a_trait_is_named_and_called_strong(feature, deviation, level):
    assert trait_codes(np.array([deviation]), [feature]) == ([f"{feature}:{level}"] if level else [])


def test_the_five_strongest_traits_are_told():
    features = [f"feature{i}" for i in range(7)]
    expected = [f"feature{i}:very_high" for i in (6, 5, 4, 3, 2)]
    assert trait_codes(np.arange(1.0, 8.0), features) == expected


def test_an_average_centroid_has_no_traits():
    assert trait_codes(np.array([0.1, -0.2]), ["tempo", "energy"]) == []


@pytest.mark.parametrize(
    ("genres", "expected"),
    [
        ({"tango": (0.5, 9.0)}, ("tango",)),
        ({"tango": (0.15, 3.0)}, ("tango",)),
        ({"tango": (0.149, 9.0)}, ()),
        ({"tango": (0.5, 2.9)}, ()),
        ({"tango": (0.5, 9.0), "jazz": (0.3, 5.0)}, ("tango", "jazz")),
        ({"tango": (0.5, 9.0), "jazz": (0.16, 5.0)}, ("tango",)),  # much rarer than the first
        ({"latin": (0.5, 9.0), "latino": (0.4, 9.0), "jazz": (0.3, 9.0)}, ("latin", "jazz")),
        ({"a label that is a whole sentence of words": (0.9, 9.0)}, ()),
    ],
)
def test_a_genre_stands_in_a_name_when_the_tracks_bear_it_out(genres, expected):
    found = name(facts(genres))
    assert found.genres == expected
    assert found.form is (NameForm.GENRES if expected else NameForm.SOUND)


def test_where_no_genre_can_stand_a_family_does_by_its_most_general_label():
    members = {"minimal-techno": (0.14, 9.0), "techno": (0.12, 8.0), "trance": (0.05, 4.0)}
    found = name(facts(members, families=((0.3, 8.5, tuple(members)),)))
    assert (found.form, found.genres) == (NameForm.FAMILY, ("techno",))
    assert name(facts(members, families=((0.2, 8.5, tuple(members)),))).form is NameForm.SOUND
    assert name(facts(members, families=((0.3, 2.5, tuple(members)),))).form is NameForm.SOUND


def test_a_region_is_named_by_what_half_of_it_is():
    assert name(facts({"tango": (0.4, 9.0)}, is_wide=True)) == NameCode(NameForm.SOUND, (CALM, ACOUSTIC))
    found = name(facts({"tango": (0.6, 9.0)}, is_wide=True))
    assert found == NameCode(NameForm.GENRES, (CALM,), ("tango",))


def test_a_span_goes_between_leading_genres_that_sound_unlike():
    genres = {"tango": (0.14, 4.0), "jazz": (0.13, 4.0), "songs": (0.1, 3.5), "piano": (0.1, 2.0)}
    found = name(facts(genres, is_wide=True, covered=0.55))
    assert (found.form, set(found.genres)) == (NameForm.SPAN, {"tango", "songs"})
    assert name(facts(genres, is_wide=True, covered=0.45)).form is NameForm.SOUND  # most are neither
    alike = {"jazz": (0.13, 4.0), "songs": (0.1, 3.5)}
    assert name(facts(alike, is_wide=True, covered=0.9)).form is NameForm.SOUND


def test_clusters_of_one_genre_are_told_apart_by_their_sound():
    found = unique_names([facts({"tango": (0.9, 9.0)})] * 3, SOUNDS, {})
    assert [each.adjectives for each in found] == [(), (CALM,), (ACOUSTIC,)]


def test_no_word_comes_twice_in_a_name():
    found = unique_names([facts({"acoustic": (0.9, 9.0)})] * 3, SOUNDS, {})
    assert [each.adjectives for each in found] == [(), (CALM,), (SLOW,)]


def test_when_no_other_words_are_left_a_number_tells_them_apart():
    same = facts({"tango": (0.9, 9.0)}, adjectives=())
    found = unique_names([same, replace(same, number=4), replace(same, number=4)], SOUNDS, {})
    assert [each.number for each in found] == [None, 4, 5]


def test_no_first_word_stands_on_more_than_a_third_of_the_names():
    found = unique_names([facts()] * 3, SOUNDS, {})
    assert [each.first_word for each in found] == [CALM, ACOUSTIC, SLOW]


def test_without_genres_and_traits_there_is_still_a_name():
    assert name(facts(adjectives=())) == NameCode(NameForm.SOUND)


def test_a_name_stays_as_long_as_it_is_true():
    cluster = facts({"tango": (0.5, 9.0), "jazz": (0.4, 9.0)})
    old = NameCode(NameForm.GENRES, (CALM,), ("jazz",))
    assert unique_names([cluster], SOUNDS, {0: old}) == [old]
    assert unique_names([facts({"tango": (0.5, 9.0)})], SOUNDS, {0: old}) == [
        NameCode(NameForm.GENRES, (), ("tango",))
    ]


@pytest.mark.parametrize(
    ("old", "is_kept"),
    [
        (NameCode(NameForm.GENRES, (), ("tango",)), True),
        (NameCode(NameForm.GENRES, (), ("tango", "piano")), False),
        (NameCode(NameForm.GENRES, ("energy:high",), ("tango",)), False),
        (NameCode(NameForm.FAMILY, (), ("songs",)), True),
        (NameCode(NameForm.FAMILY, (), ("piano",)), False),
        (NameCode(NameForm.SPAN, (CALM,), ("songs", "tango")), True),
        (NameCode(NameForm.SPAN, (CALM,), ("songs", "jazz")), False),
        (NameCode(NameForm.SOUND, (SLOW,)), True),
    ],
)
def test_which_names_are_still_true(old, is_kept):
    genres = {"tango": (0.5, 9.0), "songs": (0.3, 4.0), "jazz": (0.2, 4.0)}
    cluster = facts(genres, families=((0.4, 4.0, ("songs", "jazz")),), covered=0.9)
    assert is_true(old, cluster, SOUNDS) is is_kept


@given(st.lists(st.tuples(st.permutations([CALM, ACOUSTIC, SLOW]), st.booleans()), min_size=1, max_size=40))
def test_names_are_unique(clusters):
    found = unique_names(
        [facts({"tango": (0.9 * has, 9.0)}, adjectives=tuple(words)) for words, has in clusters], SOUNDS, {}
    )
    assert len(set(found)) == len(clusters)


def test_the_same_words_in_another_order_are_the_same_name():
    other_order = facts(adjectives=(ACOUSTIC, CALM, SLOW))
    first, second = unique_names([facts(), other_order], SOUNDS, {})
    assert first.adjectives == (CALM, ACOUSTIC)
    assert second.adjectives == (ACOUSTIC, SLOW)
