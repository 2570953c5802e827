"""Every list of audio features agrees with the one that declares them."""

from dataclasses import fields

from recommender.algorithms.blend.distance import BlendWeights
from recommender.answers.reasons import AS, MORE
from recommender.api.schemas import AudioFeatures
from recommender.runs.figures import WEIGHTED_PARTS
from recommender.traits import ADJECTIVES, WORDS
from tracks.audio_features import CONTINUOUS_FEATURES, FEATURE_NAMES
from tracks.feature_words import CATEGORY_VALUES, HINTS, LABELS, OTHER_LABELS
from tracks.importing.headers import HEADER_NAMES
from tracks.models import Track


def test_every_declared_feature_is_stored_and_has_its_words():
    categories = set(FEATURE_NAMES) - set(CONTINUOUS_FEATURES)

    assert set(FEATURE_NAMES) <= {field.name for field in Track._meta.get_fields()}
    assert set(LABELS) == set(HINTS) == set(CONTINUOUS_FEATURES)
    assert set(OTHER_LABELS) == set(CATEGORY_VALUES) == categories
    assert set(FEATURE_NAMES) == set(AudioFeatures.model_fields)
    assert set(FEATURE_NAMES) <= set(HEADER_NAMES)
    for words in (AS, MORE):
        assert {name for name, _high in words} <= set(CONTINUOUS_FEATURES)
    for codes in (WORDS, ADJECTIVES):
        named = {(code if isinstance(code, str) else code[0]).partition(":")[0] for code in codes}
        assert set(CONTINUOUS_FEATURES) - named == set()


def test_every_part_of_the_blend_has_its_words():
    assert {field.name for field in fields(BlendWeights)} == set(WEIGHTED_PARTS)
