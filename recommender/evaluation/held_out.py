"""A catalogue and its playlists as recordings, ready to be judged on. Performed by workers and commands."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.algorithms.blend.csr import taken_rows
from recommender.algorithms.blend.together import Postings, playlist_weights
from recommender.algorithms.evaluation.blend_lists import BlendLister, Clustered, RowFacts
from recommender.algorithms.evaluation.judging import RecordingFacts
from recommender.algorithms.evaluation.measures import Question, draw_questions
from recommender.fitting.blend_arrays import Blended, blend_arrays, ordered_blend, without_hubs
from recommender.fitting.catalogue_arrays import CatalogueArrays
from tracks.playlists.arrays import PlaylistArrays

MIN_PLAYLISTS = 30
MIN_RECORDINGS = 5


@dataclass(frozen=True, slots=True)
class EvaluationData:
    """The catalogue that lists are judged on.

    X: float32 (n_tracks, d), scaled. rows and facts: of tracks, and of recordings. content: the blend
    without listeners.
    """

    catalogue: CatalogueArrays
    X: NDArray[np.float32]
    rows: RowFacts
    facts: RecordingFacts
    content: Blended

    @classmethod
    def of(cls, catalogue: CatalogueArrays, X: NDArray[np.float32], content: Blended) -> "EvaluationData":
        keys, codes = np.unique(catalogue.recordings, return_inverse=True)
        representative_rows = _representative_rows(catalogue, keys, codes)
        rows = RowFacts(codes.astype(np.int64), content.artists, representative_rows)
        popularity = content.arrays.popularity[representative_rows].astype(np.float32)
        genres = _genres_of_recordings(catalogue, codes, len(keys))
        facts = RecordingFacts(popularity, content.artists[representative_rows], *genres)
        return cls(catalogue, X, rows, facts, content)

    def recordings_of(self, tracks: NDArray[np.int64]) -> NDArray[np.int64]:
        """The recordings of tracks (`Track.pk`), ascending, each once; unknown tracks are left out."""
        ids = self.catalogue.track_ids
        places = np.minimum(ids.searchsorted(tracks), len(ids) - 1)
        return np.unique(self.rows.recordings[places[ids[places] == tracks]])

    def lists_of(self, playlists: PlaylistArrays) -> list[NDArray[np.int64]]:
        """The recordings of every playlist."""
        parts = np.split(playlists.tracks, playlists.indptr[1:-1])
        return [self.recordings_of(part) for part in parts[: len(playlists.playlists)]]

    def blended(self, training: PlaylistArrays) -> Blended:
        """The blend whose listener side is learnt from `training` alone."""
        return blend_arrays(self.catalogue, self.X, training)

    def lister(self, blended: Blended, clustered: Clustered, *, push_hubs: bool = True) -> BlendLister:
        """What answers by a blend within the clusters of a run."""
        # What the run does not know stands behind its last cluster, where nothing looks.
        labels = np.where(clustered.labels < 0, clustered.n_clusters, clustered.labels)
        ordered = ordered_blend(blended, labels, self.catalogue.track_ids)
        if push_hubs:
            ordered = without_hubs(ordered, self.rows.recordings[ordered.order], blended.n_genres)
        indptr, playlists = taken_rows(blended.playlist_indptr, blended.playlist_indices, ordered.order)
        return BlendLister(
            ordered.index,
            ordered.order,
            ordered.offsets,
            clustered,
            self.rows,
            blended.n_genres,
            Postings(indptr, playlists, playlist_weights(playlists)),
        )


def only(playlists: PlaylistArrays, numbers: NDArray[np.int64]) -> PlaylistArrays:
    """The playlists at these positions, ascending."""
    parts = np.split(playlists.tracks, playlists.indptr[1:-1])
    chosen = [parts[number] for number in numbers.tolist()]
    return PlaylistArrays(
        playlists=playlists.playlists[numbers],
        indptr=np.cumsum([0, *map(len, chosen)]).astype(np.int64),
        tracks=np.concatenate([np.empty(0, np.int64), *chosen]),
        owners=playlists.owners[numbers],
    )


def times_known(lists: list[NDArray[np.int64]], numbers: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """In how many of the playlists at these positions each of n recordings stands."""
    held = [lists[number] for number in numbers.tolist()]
    return np.bincount(np.concatenate([np.empty(0, np.int64), *held]), minlength=n)


def questions_of(
    lists: list[NDArray[np.int64]], numbers: NDArray[np.int64], *, n_seeds: int, most: int, random_state: int
) -> list[Question]:
    """Questions of the playlists at these positions."""
    held = {number: lists[number] for number in numbers.tolist()}
    return draw_questions(held, n_seeds=n_seeds, most=most, random_state=random_state)


def _representative_rows(
    catalogue: CatalogueArrays, keys: NDArray[np.int64], codes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The row that stands for every recording: its own track, else its first release."""
    rows = np.minimum(catalogue.track_ids.searchsorted(keys), catalogue.n_tracks - 1)
    first = np.unique(codes, return_index=True)[1]
    return np.where(catalogue.track_ids[rows] == keys, rows, first).astype(np.int64)


def _genres_of_recordings(
    catalogue: CatalogueArrays, codes: NDArray[np.int64], n: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The genres of every recording that some release has, CSR: indptr (n + 1,) and indices."""
    of_links = np.repeat(codes, np.diff(catalogue.genre_indptr))
    links = (np.ones(len(of_links), bool), (of_links, catalogue.genre_indices))
    matrix = sp.csr_matrix(links, (n, len(catalogue.genre_names)))
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)
