import pytest

from recommender.algorithms.clustering.naming import trait_codes
from recommender.traits import (
    ADJECTIVES,
    WORDS,
    adjective_codes,
    adjectives,
    traits_in_words,
    traits_sentence,
)
from tracks.audio_features import CONTINUOUS_FEATURES


def test_the_sound_comes_before_the_rhythm():
    codes = ["tempo:low", "energy:low", "acousticness:high", "instrumentalness:very_high"]
    assert traits_sentence(codes) == "calm, acoustic, instrumental; slow"
    assert traits_in_words(codes) == ["slow", "calm", "acoustic", "instrumental"]


def test_without_traits_the_sentence_says_so():
    assert traits_sentence([]) == "close to the average of the catalogue"
    assert traits_in_words([]) == []


@pytest.mark.parametrize("feature", CONTINUOUS_FEATURES)
@pytest.mark.parametrize("deviation", [-9.0, -0.5, 0.5, 9.0])
def test_every_code_that_a_centroid_can_have_has_a_word(feature, deviation):
    (code,) = trait_codes([deviation], [feature])
    assert traits_in_words([code])[0]


def test_no_two_codes_of_a_feature_share_a_word():
    assert len({str(word) for word in WORDS.values()}) == len(WORDS)


def test_an_unknown_code_is_an_error():
    with pytest.raises(KeyError):
        traits_in_words(["loudness:sideways"])


def test_adjectives_are_single_words_whatever_the_degree():
    assert adjectives(["energy:very_low", "danceability:low", "tempo:high"]) == ["calm", "fast"]
    assert adjectives(["speechiness:high", "liveness:high", "instrumentalness:high"]) == ["wordy"]
    assert adjectives(["speechiness:very_high", "instrumentalness:very_high"]) == ["spoken", "instrumental"]
    assert all(" " not in str(word) for word in ADJECTIVES.values())


def test_codes_in_names_are_the_weakest_level_of_their_word():
    codes = ["energy:very_low", "speechiness:very_high", "speechiness:high", "liveness:high", "tempo:low"]
    assert adjective_codes(codes) == ["energy:low", "speechiness:very_high", "speechiness:high", "tempo:low"]
