import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.algorithms.clustering.naming import trait_codes, unique_names

WORDS = st.lists(st.sampled_from(["calm", "acoustic", "fast", "dark", "danceable"]), max_size=4, unique=True)
GENRES = st.lists(
    st.sampled_from(["acoustic", "dance", "k-pop", "piano", "dark jazz"]), max_size=3, unique=True
)


def names(adjectives, genres, numbers=None, kept=None):
    numbers = numbers or list(range(1, len(adjectives) + 1))
    return unique_names(adjectives, genres, numbers, kept=kept or {}, noun="music", mixed="mixed")


def test_traits_are_the_strongest_first_with_their_level():
    centroid = np.array([0.5, -1.2, 0.39, 2.0])
    codes = trait_codes(centroid, ["tempo", "energy", "valence", "acousticness"])
    assert codes == ["acousticness:very_high", "energy:very_low", "tempo:high"]


def test_more_than_a_little_speech_is_needed_to_be_spoken():
    assert trait_codes(np.array([1.5]), ["speechiness"]) == ["speechiness:high"]
    assert trait_codes(np.array([7.0]), ["speechiness"]) == ["speechiness:very_high"]


def test_an_average_centroid_has_no_traits():
    assert trait_codes(np.array([0.1, -0.2]), ["tempo", "energy"]) == []


def test_a_name_is_two_adjectives_and_the_leading_genre():
    assert names([["calm", "acoustic", "slow"]], [["piano", "sleep"]]) == ["Calm acoustic piano"]


@pytest.mark.parametrize(
    ("adjectives", "genre", "expected"),
    [
        (["calm", "acoustic", "slow"], "acoustic", "Calm slow acoustic"),
        (["danceable", "happy"], "dance", "Happy dance"),
        (["electric", "fast"], "electronic", "Fast electronic"),
        (["dark"], "dark jazz", "Mixed dark jazz"),
    ],
)
def test_no_word_comes_twice_in_a_name(adjectives, genre, expected):
    assert names([adjectives], [[genre]]) == [expected]


def test_clusters_that_sound_alike_get_other_words():
    assert names([["calm", "slow"]] * 3, [["piano", "sleep"]] * 3) == [
        "Calm slow piano",
        "Calm piano",
        "Slow piano",
    ]


def test_without_genres_and_traits_there_is_still_a_name():
    assert names([["calm"], []], [[], []]) == ["Calm music", "Mixed music"]


def test_when_all_combinations_are_taken_the_number_tells_them_apart():
    assert names([[], []], [["pop"], ["pop"]], numbers=[4, 9]) == ["Mixed pop", "Mixed pop 9"]


def test_kept_names_stay_and_are_not_given_again():
    assert names([["calm"], ["calm"]], [["pop", "rock"]] * 2, kept={1: "Calm pop"}) == [
        "Calm rock",
        "Calm pop",
    ]


@given(st.lists(st.tuples(WORDS, GENRES), min_size=1, max_size=40))
def test_names_are_unique_and_repeat_no_word(clusters):
    given_names = names([words for words, _ in clusters], [genres for _, genres in clusters])
    assert len(set(given_names)) == len(given_names)
    for name in given_names:
        words = re.findall(r"\w+", name.casefold())
        assert len(set(words)) == len(words)
        assert name[0].isupper()
