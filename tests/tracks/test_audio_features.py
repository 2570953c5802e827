"""An audio feature is declared in one table, and in few places that Django and the words need besides."""

from dataclasses import fields

from django.db.models import FloatField, SmallIntegerField

from recommender.algorithms.blend.distance import BlendWeights
from recommender.answers.reasons import AS, MORE
from recommender.api.schemas import AudioFeatures
from recommender.parameters.schema import ListParameters
from recommender.runs.figures import WEIGHTED_PARTS
from recommender.traits import ADJECTIVES, WORDS
from tracks.audio_features import AUDIO_FEATURES, CONTINUOUS_FEATURES, FEATURE_NAMES
from tracks.feature_words import feature_label
from tracks.importing.headers import HEADER_NAMES, find_columns
from tracks.importing.staging import TRACK_COLUMNS
from tracks.models import Track


def test_a_feature_of_the_table_needs_only_these_other_places():
    """Its column with its type, and the sentences about clusters and neighbours: CONTRIBUTING names them."""
    for feature in AUDIO_FEATURES:
        column = FloatField if feature.continuous else SmallIntegerField
        assert isinstance(Track._meta.get_field(feature.name), column)
    for words in (AS, MORE):
        named = {name for name, _high in words} | {"tempo"}  # which is compared in beats
        assert named == set(CONTINUOUS_FEATURES)
        assert all((name, not high) in words for name, high in words)
    for codes in (WORDS, ADJECTIVES):
        named = {(code if isinstance(code, str) else code[0]).partition(":")[0] for code in codes}
        assert named == set(CONTINUOUS_FEATURES)


def test_everything_else_is_derived_from_the_table():
    """Import, parameters and pages would know another feature, as they know these."""
    assert set(FEATURE_NAMES) <= set(HEADER_NAMES) & set(TRACK_COLUMNS)
    assert find_columns(["track_id", *(feature.name.upper() for feature in AUDIO_FEATURES)]).keys() == {
        "spotify_id",
        *FEATURE_NAMES,
    }
    assert list(FEATURE_NAMES) == list(AudioFeatures.model_fields)
    assert sorted(feature.place for feature in AUDIO_FEATURES) == list(range(1, 1 + len(AUDIO_FEATURES)))
    for feature in AUDIO_FEATURES:
        assert feature_label(feature.name)
        assert bool(feature.hint) == feature.continuous
        assert feature.low <= feature.bar[0] < feature.bar[1] <= feature.high
        assert f"min_{feature.name}" in ListParameters.model_fields


def test_every_part_of_the_blend_has_its_words():
    assert {field.name for field in fields(BlendWeights)} == set(WEIGHTED_PARTS)
