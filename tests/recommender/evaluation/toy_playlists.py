"""Playlists of hidden tastes that neither sound nor genre tells, for tests of judging."""

import numpy as np
from scipy.spatial.distance import cdist

from recommender.algorithms.clustering.fitting import fit_clusters
from recommender.algorithms.clustering.scaling import fit_scaling
from recommender.algorithms.evaluation.blend_lists import Clustered
from recommender.evaluation.held_out import EvaluationData
from recommender.fitting.blend_arrays import blend_arrays
from recommender.fitting.catalogue_arrays import load_catalogue
from tests.factories import make_catalogue
from tracks.models import Playlist, PlaylistEntry, Track
from tracks.playlists.arrays import PlaylistArrays

N_TASTES = 4


def tastes(n_tracks: int = 300) -> list[list[Track]]:
    """A stored catalogue cut into tastes at random."""
    tracks = make_catalogue(n_tracks)
    order = np.random.default_rng(3).permutation(len(tracks))
    return [[tracks[place] for place in part] for part in np.array_split(order, N_TASTES)]


def lists_of_tastes(groups: list[list[Track]], n_playlists: int = 60, length: int = 12) -> list[list[int]]:
    """Playlists as lists of `Track.pk`, each drawn from one taste."""
    rng = np.random.default_rng(4)
    return [
        [track.pk for track in rng.choice(groups[number % len(groups)], length, replace=False)]
        for number in range(n_playlists)
    ]


def as_arrays(lists: list[list[int]]) -> PlaylistArrays:
    return PlaylistArrays(
        playlists=np.arange(len(lists)),
        indptr=np.cumsum([0, *map(len, lists)]).astype(np.int64),
        tracks=np.array([pk for each in lists for pk in each], dtype=np.int64),
        owners=np.full(len(lists), -1),
    )


def store(lists: list[list[int]]) -> None:
    """The same playlists in the database."""
    for number, pks in enumerate(lists):
        playlist = Playlist.objects.create(name=f"List {number}", source="toy", source_id=str(number))
        PlaylistEntry.objects.bulk_create(
            PlaylistEntry(playlist=playlist, track_id=pk, position=place) for place, pk in enumerate(pks)
        )


def data_and_clusters() -> tuple[EvaluationData, Clustered]:
    """The stored catalogue, ready to be judged on, in three clusters of sound."""
    catalogue = load_catalogue()
    X = fit_scaling(catalogue.features).transform(catalogue.features)
    fit = fit_clusters(X, 3, random_state=0)
    clustered = Clustered(fit.labels.astype(np.int64), cdist(X, fit.centroids))
    return EvaluationData.of(catalogue, X, blend_arrays(catalogue, X)), clustered
