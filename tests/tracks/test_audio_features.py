"""Every list of audio features agrees with the one that declares them."""

from recommender.answers.reasons import AS
from tracks.audio_features import CONTINUOUS_FEATURES, FEATURE_NAMES
from tracks.feature_words import CATEGORY_VALUES, HINTS, LABELS, OTHER_LABELS
from tracks.models import Track


def test_every_declared_feature_is_stored_and_has_its_words():
    categories = set(FEATURE_NAMES) - set(CONTINUOUS_FEATURES)

    assert set(FEATURE_NAMES) <= {field.name for field in Track._meta.get_fields()}
    assert set(LABELS) == set(HINTS) == set(CONTINUOUS_FEATURES)
    assert set(OTHER_LABELS) == set(CATEGORY_VALUES) == categories
    assert {name for name, _high in AS} <= set(FEATURE_NAMES)
