"""Lists of recordings as they are served, held to a full scan."""

import numpy as np
import pytest

from recommender.algorithms.blend.distance import BALANCED, distance_parts, query_of_row, total
from recommender.algorithms.blend.together import Postings
from recommender.algorithms.evaluation.blend_lists import BlendLister, Clustered, RowFacts
from tests.recommender.algorithms.blend_catalogue import N_GENRES, made_index

N, K = 400, 3
NO_PLAYLISTS = Postings(np.zeros(N + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32))


@pytest.fixture
def made():
    """A lister whose recordings are pairs of rows, by an index of three clusters, rows in its order."""
    index, offsets = made_index(N, 2, K)
    labels = np.repeat(np.arange(K), np.diff(offsets))
    distances = np.abs(labels[:, None] - np.arange(K)[None]).astype(np.float32) + 1
    recordings = np.arange(N) // 2
    facts = RowFacts(recordings, np.arange(N) // 10, np.arange(0, N, 2))
    lister = BlendLister(
        index, np.arange(N), offsets, Clustered(labels, distances), facts, N_GENRES, NO_PLAYLISTS
    )
    return lister, index, offsets


def scanned(index, seed: int, rows: np.ndarray) -> list[int]:
    query = query_of_row(index.arrays, 2 * seed, N_GENRES)
    distances = total(distance_parts(index.arrays, query, BALANCED, rows))
    order = rows[np.lexsort((index.ids[rows], distances))]
    found = dict.fromkeys((order // 2).tolist())
    return [recording for recording in found if recording != seed][:50]


@pytest.mark.parametrize(("near", "clusters"), [(0.0, [1]), (1.5, [1]), (2.0, [0, 1, 2]), (None, [0, 1, 2])])
def test_a_list_is_the_full_scan_of_its_scope(made, near, clusters):
    lister, index, offsets = made
    seed = int(offsets[1]) // 2 + 5
    rows = np.concatenate([np.arange(offsets[label], offsets[label + 1]) for label in clusters])

    (found,) = lister.ranked(np.array([seed]), BALANCED, near=near)

    assert found.tolist() == scanned(index, seed, rows)


def test_the_cap_holds_and_the_list_without_it_is_beside_it(made):
    lister = made[0]
    free, capped = lister.ranked(np.array([7]), BALANCED, near=None, caps=(0, 2))

    assert np.unique(free // 5, return_counts=True)[1].max() > 2
    assert np.unique(capped // 5, return_counts=True)[1].max() == 2


def test_several_seeds_are_mixed_and_never_answered(made):
    seeds = np.array([3, 60, 150])
    (found,) = made[0].ranked(seeds, BALANCED, near=None)

    assert len(found) == len(np.unique(found)) == 50
    assert not np.isin(found, seeds).any()


def test_rows_that_a_run_does_not_know_are_in_no_list_but_can_be_seeds():
    index, offsets = made_index(N, 2, K)
    labels = np.repeat(np.arange(K), np.diff(offsets))
    unknown = np.where(labels == K - 1, -1, labels)
    distances = np.ones((N, K - 1), np.float32)
    distances[:, 1] = 0.5
    clustered = Clustered(unknown, distances)
    facts = RowFacts(np.arange(N), np.full(N, -1), np.arange(N))
    lister = BlendLister(index, np.arange(N), offsets, clustered, facts, N_GENRES, NO_PLAYLISTS)

    (everywhere,) = lister.ranked(np.array([N - 1]), BALANCED, near=None)
    (own,) = lister.ranked(np.array([N - 1]), BALANCED, near=0.0)

    assert (unknown[everywhere] >= 0).all()
    assert (unknown[own] == 1).all()
