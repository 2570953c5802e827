"""Where most tracks of a run lie."""

import numpy as np
import pytest

from recommender.pages.filter_fields import usual_values
from recommender.snapshots.store import active_snapshot
from tests.factories import make_catalogue, publish_run
from tracks.audio_features import CONTINUOUS_FEATURES


@pytest.mark.django_db
def test_nine_of_ten_tracks_lie_within():
    tracks = make_catalogue()
    publish_run()
    usual = {name: (low, high) for name, low, high in usual_values(active_snapshot())}
    assert tuple(usual) == CONTINUOUS_FEATURES
    for name, (low, high) in usual.items():
        values = np.array([getattr(track, name) for track in tracks])
        assert 0.85 <= np.mean((values >= low) & (values <= high)) <= 0.95
