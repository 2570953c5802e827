import numpy as np
import pytest

from recommender.fitting.catalogue_arrays import load_catalogue
from tests.factories import make_catalogue, make_track
from tracks.audio_features import CONTINUOUS_FEATURES
from tracks.models import Credit, Track

pytestmark = pytest.mark.django_db


def test_an_empty_catalogue_has_empty_arrays():
    catalogue = load_catalogue()
    assert catalogue.n_tracks == 0
    assert catalogue.features.shape == (0, 9)
    assert catalogue.genre_indptr.tolist() == [0]


def test_rows_are_the_tracks_by_primary_key_with_their_facts():
    make_catalogue(30)
    catalogue = load_catalogue()
    tracks = list(Track.objects.order_by("pk"))
    assert catalogue.track_ids.tolist() == [track.pk for track in tracks]
    assert catalogue.recordings.tolist() == [track.recording_id for track in tracks]
    assert catalogue.popularity.tolist() == [track.popularity for track in tracks]
    expected = [[getattr(track, name) for name in CONTINUOUS_FEATURES] for track in tracks]
    assert np.array_equal(catalogue.features, expected)


def test_genres_are_those_of_each_track():
    make_catalogue(30)
    catalogue = load_catalogue()
    for row, track in enumerate(Track.objects.order_by("pk")):
        part = slice(catalogue.genre_indptr[row], catalogue.genre_indptr[row + 1])
        names = {catalogue.genre_names[index] for index in catalogue.genre_indices[part]}
        assert names == set(track.genre_names)


def test_unknown_facts_have_their_own_values():
    known = make_track(explicit=True, artists=("Zoe", "Amy"))
    unknown = make_track(explicit=None, artists=(), genres=())
    Track.objects.filter(pk=unknown.pk).update(recording=None)
    catalogue = load_catalogue()
    assert catalogue.explicit.tolist() == [1, -1]
    assert catalogue.recordings.tolist() == [known.pk, unknown.pk]
    zoe = Credit.objects.get(track=known, position=0).artist_id
    assert catalogue.first_artists.tolist() == [zoe, -1]
    assert catalogue.genre_indptr.tolist() == [0, 1, 1]
