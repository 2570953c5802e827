"""A small made-up catalogue as the arrays of the blend, for tests."""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from recommender.algorithms.blend.distance import BlendArrays, Query, artist_postings, reordered
from recommender.algorithms.blend.genre_affinity import fit_genre_vectors
from recommender.algorithms.search.blended_search import BlendIndex
from recommender.algorithms.search.block_layout import block_layout
from recommender.algorithms.search.blocks import fit_blocks

N_GENRES = 6


def made_arrays(n: int, seed: int, n_listeners: int = 4) -> BlendArrays:
    """n rows of five features, one or two genres, two artists at most, and albums of one artist."""
    rng = np.random.default_rng(seed)
    n_artists = max(2, n // 5)
    first = rng.integers(0, n_artists, n)
    credits = [np.unique([a, rng.integers(0, n_artists)] if rng.random() < 0.2 else [a]) for a in first]
    credit_indptr = np.concatenate([[0], np.cumsum([len(c) for c in credits])]).astype(np.int64)
    credit_indices = np.concatenate(credits).astype(np.int32)
    genres = sp.csr_matrix((rng.random((n, N_GENRES)) < 0.25).astype(np.float32))
    by_row = sp.csr_matrix((np.ones(len(credit_indices)), credit_indices, credit_indptr), (n, n_artists))
    genre_ids, genre_weights = fit_genre_vectors(genres, by_row).fixed_width()
    artist_indptr, artist_rows = artist_postings(credit_indptr, credit_indices, n_artists)
    return BlendArrays(
        X=rng.normal(size=(n, 5)).astype(np.float32),
        genre_ids=genre_ids,
        genre_weights=genre_weights,
        popularity=rng.integers(0, 101, n).astype(np.uint8),
        familiarity=rng.random(n).astype(np.float32),
        log_duration=rng.normal(12, 0.4, n).astype(np.float32),
        albums=np.where(rng.random(n) < 0.5, first, -1).astype(np.int32),
        listeners=(0.5 * rng.normal(size=(n, n_listeners)) * (rng.random((n, 1)) < 0.4)).astype(np.float32),
        hubness=(0.1 * rng.random(n) * (rng.random(n) < 0.1)).astype(np.float32),
        credit_indptr=credit_indptr,
        credit_indices=credit_indices,
        artist_indptr=artist_indptr,
        artist_rows=artist_rows,
    )


def made_index(n: int, seed: int, n_clusters: int = 3, n_listeners: int = 4):
    """The index of `made_arrays`, with the offsets of its clusters."""
    arrays = made_arrays(n, seed, n_listeners)
    labels = np.sort(np.random.default_rng(seed + 1).integers(0, n_clusters, n))
    layout = block_layout(labels, arrays.listeners.any(axis=1), arrays)
    arrays = reordered(arrays, layout.order)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(labels, minlength=n_clusters))]).astype(np.int64)
    ids = np.random.default_rng(seed + 2).permutation(n).astype(np.int64)
    blocks, branches = (fit_blocks(arrays, starts, N_GENRES) for starts in (layout.blocks, layout.branches))
    return BlendIndex(arrays, blocks, branches, ids), offsets


def without_companions(query: Query) -> Query:
    """The query as of an artist who has no other track: the bounds of blocks are those of such a one."""
    return replace(query, companions=np.empty(0, np.int32))
