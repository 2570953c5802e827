"""What the blend knows of a catalogue: computed at a refit, and by whoever judges blends on playlists.

Genres, artists, popularity and listeners belong to a recording, so that all its releases have them alike;
length, album and sound are those of each track. Performed by workers and commands only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import (
    BALANCED,
    BlendArrays,
    BlendWeights,
    artist_postings,
    query_of_row,
    reordered,
)
from recommender.algorithms.blend.familiarity import familiarity
from recommender.algorithms.blend.genre_affinity import GenreVectors, fit_genre_vectors
from recommender.algorithms.blend.listener_vectors import (
    Playlists,
    enough_to_learn,
    fit_listener_vectors,
    listener_features,
)
from recommender.algorithms.blend.smoothing import ControlChoices
from recommender.algorithms.evaluation.hubness import hub_penalties
from recommender.algorithms.search.blended_search import BlendIndex, nearest_in_blend, with_hubness
from recommender.algorithms.search.block_layout import block_layout
from recommender.algorithms.search.blocks import fit_blocks
from recommender.algorithms.search.picking import ListRules
from recommender.fitting.catalogue_arrays import CatalogueArrays
from tracks.playlists.arrays import PlaylistArrays

HUB_LISTS = 1000
HUB_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Blended:
    """The blend of a catalogue, rows as in its arrays; `arrays.hubness` is 0.

    genre_vectors: CSR float32 (n, n_genres). genre_idf: float32 (n_genres,). artists: int64 (n,), codes
    of the first artists, -1 for none. playlist_indptr, playlist_indices: the playlists of every row's
    recording, CSR into the given playlists, ascending. learnt_from: how many playlists the listener
    vectors were learnt from, 0 when there are none.
    """

    arrays: BlendArrays
    genre_vectors: Any
    genre_idf: NDArray[np.float32]
    artists: NDArray[np.int64]
    playlist_indptr: NDArray[np.int64]
    playlist_indices: NDArray[np.int32]
    n_genres: int
    learnt_from: int

    @property
    def in_playlists(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = np.diff(self.playlist_indptr) > 0
        return found


@dataclass(frozen=True, slots=True)
class Ordered:
    """A blend in the order of a snapshot: `order` int64 (n,), the catalogue's row of each, and `offsets`
    int64 (n_clusters + 1,), where each cluster begins."""

    index: BlendIndex
    order: NDArray[np.int64]
    offsets: NDArray[np.int64]


def blend_arrays(
    catalogue: CatalogueArrays,
    X: NDArray[np.float32],
    playlists: PlaylistArrays | None = None,
    *,
    random_state: int = 0,
) -> Blended:
    """The blend of a catalogue whose scaled features are X (n, d), learning from `playlists` if enough."""
    recordings = _Recordings.of(catalogue)
    genres = recordings.any_of(catalogue.genre_indptr, catalogue.genre_indices, len(catalogue.genre_names))
    credits = recordings.any_of(catalogue.credit_indptr, catalogue.credit_indices, catalogue.n_artists)
    vectors = fit_genre_vectors(genres, credits)
    artists = _codes(catalogue.first_artists)
    lists = _lists(playlists, catalogue, recordings)
    popularity = known_or_median(recordings.largest(catalogue.popularity)).astype(np.uint8)
    listeners = _listeners(
        lists, vectors, X[recordings.first], popularity, artists[recordings.first], random_state
    )
    of = recordings.codes
    counts = np.asarray(lists.lists.sum(axis=0)).ravel().astype(np.int64)
    known = familiarity(popularity, np.diff(genres.indptr), np.bincount(of), counts)
    genre_ids, genre_weights = vectors.fixed_width()
    by_row = sp.csr_matrix(credits[of])
    by_row.sort_indices()
    credit_indptr = by_row.indptr.astype(np.int64)
    credit_indices = by_row.indices.astype(np.int32)
    artist_indptr, artist_rows = artist_postings(credit_indptr, credit_indices, catalogue.n_artists)
    postings = sp.csr_matrix(lists.lists.T)[of]
    postings.sort_indices()
    arrays = BlendArrays(
        X=X,
        genre_ids=genre_ids[of],
        genre_weights=genre_weights[of],
        popularity=popularity[of],
        familiarity=known[of],
        log_duration=_log_durations(catalogue.durations_ms),
        albums=catalogue.albums,
        listeners=listeners[of],
        hubness=np.zeros(len(X), np.float32),
        credit_indptr=credit_indptr,
        credit_indices=credit_indices,
        artist_indptr=artist_indptr,
        artist_rows=artist_rows,
    )
    return Blended(
        arrays=arrays,
        genre_vectors=sp.csr_matrix(vectors.matrix[of]),
        genre_idf=vectors.idf,
        artists=artists,
        playlist_indptr=postings.indptr.astype(np.int64),
        playlist_indices=postings.indices.astype(np.int32),
        n_genres=len(catalogue.genre_names),
        learnt_from=lists.lists.shape[0] if listeners.shape[1] else 0,
    )


def ordered_blend(blended: Blended, labels: NDArray[Any], ids: NDArray[np.int64]) -> Ordered:
    """The index of a blend for clusters `labels` (n,); `ids` (n,) break ties of distances."""
    layout = block_layout(labels.astype(np.int64), blended.in_playlists, blended.arrays)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(labels))]).astype(np.int64)
    arrays = reordered(blended.arrays, layout.order)
    blocks, branches = (
        fit_blocks(arrays, starts, blended.n_genres) for starts in (layout.blocks, layout.branches)
    )
    return Ordered(BlendIndex(arrays, blocks, branches, ids[layout.order]), layout.order, offsets)


def without_hubs(
    ordered: Ordered,
    recordings: NDArray[np.int64],
    n_genres: int,
    *,
    weights: BlendWeights = BALANCED,
    n_lists: int = HUB_LISTS,
    random_state: int = 0,
) -> Ordered:
    """The same index with what stands in too many of `n_lists` drawn lists pushed away from everything.

    recordings: int64 (n,), in the order of the index.
    """
    index, offsets = ordered.index, ordered.offsets
    rng = np.random.default_rng(random_state)
    seeds = np.sort(rng.choice(len(recordings), min(n_lists, len(recordings)), replace=False))
    lists = np.full((len(seeds), HUB_DEPTH), -1, np.int64)
    for place, row in enumerate(seeds.tolist()):
        found = _list_of(index, row, offsets, recordings, n_genres, weights)
        lists[place, : len(found)] = found
    penalties = _of_recordings(hub_penalties(lists, len(recordings)), recordings)
    return replace(ordered, index=with_hubness(index, penalties))


def _list_of(
    index: BlendIndex,
    row: int,
    offsets: NDArray[np.int64],
    recordings: NDArray[np.int64],
    n_genres: int,
    weights: BlendWeights,
) -> Sequence[int]:
    """The list of one seed within its cluster."""
    label = int(offsets.searchsorted(row, side="right")) - 1
    rules = ListRules(recordings, recordings, banned_recordings=frozenset([int(recordings[row])]))
    query = query_of_row(index.arrays, row, n_genres)
    slices = [(int(offsets[label]), int(offsets[label + 1]))]
    return nearest_in_blend(index, query, weights, slices, rules, HUB_DEPTH).rows


def _of_recordings(penalties: NDArray[np.float32], recordings: NDArray[np.int64]) -> NDArray[np.float32]:
    """The largest penalty of any release, for all releases: else another one would take the place."""
    _, codes = np.unique(recordings, return_inverse=True)
    largest = np.zeros(int(codes.max(initial=-1)) + 1, np.float32)
    np.maximum.at(largest, codes, penalties)
    return largest[codes]


@dataclass(frozen=True, slots=True)
class _Recordings:
    """codes: int64 (n,), the recording of every row, from 0. first: int64 (n_recordings,), a row of each:
    the most popular release."""

    codes: NDArray[np.int64]
    first: NDArray[np.int64]

    @classmethod
    def of(cls, catalogue: CatalogueArrays) -> "_Recordings":
        keys, first, codes = np.unique(catalogue.recordings, return_index=True, return_inverse=True)
        rows = np.minimum(catalogue.track_ids.searchsorted(keys), catalogue.n_tracks - 1)
        return cls(codes, np.where(catalogue.track_ids[rows] == keys, rows, first))

    def any_of(self, indptr: NDArray[np.int64], indices: NDArray[np.int32], n_columns: int) -> Any:
        """What any release has, CSR 0/1 float32 (n_recordings, n_columns)."""
        rows = np.repeat(self.codes, np.diff(indptr))
        ones = np.ones(len(indices), np.float32)
        matrix = sp.csr_matrix((ones, (rows, indices)), (len(self.first), n_columns))
        matrix.data[:] = 1
        return matrix

    def largest(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """The largest known value of any release, NaN where none is known."""
        result = np.full(len(self.first), np.nan, np.float32)
        np.fmax.at(result, self.codes, values)
        return result


def known_or_median(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Values (n,) with the median of the known in the place of NaN; all 0 where none is known.

    So an unknown fact neither draws a track nearer nor pushes it away more than a usual one would.
    """
    known = values[~np.isnan(values)]
    return np.nan_to_num(values, nan=float(np.median(known)) if len(known) else 0.0)


def _log_durations(durations_ms: NDArray[np.int64]) -> NDArray[np.float32]:
    unknown = np.float32(np.nan)
    logarithms = np.log(np.maximum(durations_ms, 1)).astype(np.float32)
    return known_or_median(np.where(durations_ms > 0, logarithms, unknown))


def _codes(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Codes from 0 for keys; -1 stays -1."""
    codes: NDArray[np.int64] = np.unique(keys, return_inverse=True)[1]
    return codes - 1 if (keys < 0).any() else codes


def _lists(
    playlists: PlaylistArrays | None, catalogue: CatalogueArrays, recordings: _Recordings
) -> Playlists:
    """Playlists of recordings; what the catalogue's arrays do not hold is left out."""
    n_recordings = len(recordings.first)
    if playlists is None or not catalogue.n_tracks:
        return Playlists(sp.csr_matrix((0, n_recordings)), np.empty(0, np.int64))
    rows = np.minimum(catalogue.track_ids.searchsorted(playlists.tracks), catalogue.n_tracks - 1)
    known = catalogue.track_ids[rows] == playlists.tracks
    numbers = np.repeat(np.arange(len(playlists.playlists)), np.diff(playlists.indptr))[known]
    columns = recordings.codes[rows[known]]
    shape = (len(playlists.playlists), n_recordings)
    matrix = sp.csr_matrix((np.ones(len(columns)), (numbers, columns)), shape)
    matrix.data[:] = 1
    return Playlists(matrix, playlists.owners)


def _listeners(
    lists: Playlists,
    genres: GenreVectors,
    X: NDArray[np.float32],
    popularity: NDArray[np.uint8],
    artists: NDArray[np.int64],
    random_state: int,
) -> NDArray[np.float32]:
    """Listener vectors of recordings, float32 (n_recordings, k); k is 0 with too little to learn from."""
    nothing = np.zeros((len(X), 0), np.float32)
    if not enough_to_learn(lists) or not _meet(lists, artists):
        return nothing
    around = ControlChoices(listener_features(genres.matrix, X, popularity), artists)
    return fit_listener_vectors(lists, around, random_state=random_state).vectors


def _meet(lists: Playlists, artists: NDArray[np.int64]) -> bool:
    """Whether at least three tracks share a playlist with one of another artist."""
    of_entries = artists[lists.lists.indices]
    starts, sizes = lists.lists.indptr[:-1], np.diff(lists.lists.indptr)
    filled = sizes > 0
    if not filled.any():
        return False
    lowest = np.minimum.reduceat(of_entries, starts[filled])
    highest = np.maximum.reduceat(of_entries, starts[filled])
    return int(sizes[filled][lowest != highest].sum()) >= 3
