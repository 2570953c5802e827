import numpy as np
import pytest

from recommender.algorithms.clustering.scaling import fit_scaling
from recommender.choices import FeatureSpace
from recommender.fitting.blend_arrays import Blended, blend_arrays
from recommender.fitting.catalogue_arrays import load_catalogue
from recommender.fitting.clustering_space import NoListeners, clustering_space
from tests.factories import make_catalogue, random_playlists
from tracks.playlists.arrays import PlaylistArrays

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def blended(playlists: PlaylistArrays | None = None) -> Blended:
    catalogue = load_catalogue()
    return blend_arrays(catalogue, fit_scaling(catalogue.features).transform(catalogue.features), playlists)


def spread_within_genres(points: np.ndarray, blend: Blended) -> float:
    """The share of the variance that the tracks' first genres leave."""
    genres = blend.genre_vectors.toarray().argmax(axis=1)
    left = sum(((points[genres == g] - points[genres == g].mean(0)) ** 2).sum() for g in set(genres.tolist()))
    return float(left / ((points - points.mean(0)) ** 2).sum())


def test_audio_is_the_scaled_features_untouched():
    make_catalogue(60)
    blend = blended()

    space = clustering_space(blend, FeatureSpace.AUDIO)

    np.testing.assert_array_equal(space.places, blend.arrays.X)
    assert space.share == 0
    assert not space.expectations.any()


def test_context_draws_tracks_to_those_of_their_genres():
    make_catalogue(200)
    blend = blended()

    space = clustering_space(blend, FeatureSpace.CONTEXT)

    assert space.places.shape == blend.arrays.X.shape
    assert spread_within_genres(space.places, blend) < 0.7 * spread_within_genres(blend.arrays.X, blend)
    assert space.expectations.shape == (
        blend.n_genres + blend.arrays.listeners.shape[1],
        blend.arrays.X.shape[1],
    )


def test_listeners_need_playlists():
    make_catalogue(60)

    with pytest.raises(NoListeners, match="import_playlists"):
        clustering_space(blended(), FeatureSpace.LISTENERS)


def test_listeners_draw_tracks_elsewhere_than_genres_alone():
    tracks = make_catalogue(200)
    blend = blended(random_playlists(tracks))

    by_listeners = clustering_space(blend, FeatureSpace.LISTENERS)

    assert blend.arrays.listeners.shape[1] > 0
    assert np.abs(by_listeners.places - clustering_space(blend, FeatureSpace.CONTEXT).places).max() > 0.01
    assert by_listeners.expectations[blend.n_genres :].any()
