"""The genres of a fit: how they are spread over its clusters, and what names can be made of that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.algorithms.clustering.families import genre_families
from recommender.algorithms.clustering.genres import GenreTable, genre_table
from recommender.algorithms.clustering.naming import LEADING, ClusterFacts, trait_codes
from recommender.fitting.catalogue_arrays import CatalogueArrays
from recommender.fitting.fitted import Fitted, Level
from recommender.traits import adjective_codes


@dataclass(frozen=True, slots=True)
class LevelGenres:
    """The genres of one level of a fit, and the families of genres; `is_wide` for the clusters themselves.

    family_of: int32 (n_genres,). A track has a family when it has any genre of it.
    """

    catalogue: CatalogueArrays
    level: Level
    table: GenreTable
    family_table: GenreTable
    family_of: NDArray[np.int32]
    is_wide: bool

    def naming_facts(self, labels: Iterable[int], numbers: Sequence[int]) -> list[ClusterFacts]:
        """What these clusters can be named by; `numbers` are by label."""
        return [self._naming_facts(label, numbers[label]) for label in labels]

    def _naming_facts(self, label: int, number: int) -> ClusterFacts:
        names = self.catalogue.genre_names
        genres, shares, lifts = self.table.shares(label)
        families, family_shares, family_lifts = self.family_table.shares(label)
        leading = tuple(names[each.genre] for each in self.table.leading(label)[:LEADING])
        traits = trait_codes(self.level.mean_sounds[label], self.catalogue.feature_names)
        return ClusterFacts(
            number=number,
            adjectives=tuple(adjective_codes(traits)),
            genres=tuple(names[genre] for genre in genres),
            shares=tuple(shares.tolist()),
            lifts=tuple(lifts.tolist()),
            leading=leading,
            covered=float(self.catalogue.has_any(leading)[self.level.labels == label].mean()),
            families=tuple(
                (share, lift, tuple(names[genre] for genre in genres[self.family_of[genres] == family]))
                for family, share, lift in zip(
                    families.tolist(), family_shares.tolist(), family_lifts.tolist(), strict=True
                )
            ),
            is_wide=self.is_wide,
        )


@dataclass(frozen=True, slots=True)
class GenreFacts:
    """The genres of both levels. family_names: the genres of each family that has several. sounds: the mean
    of X (n_features,) over each genre's tracks."""

    clusters: LevelGenres
    subclusters: LevelGenres
    family_names: list[list[str]]
    sounds: dict[str, NDArray[np.floating]]


def genre_facts(fitted: Fitted) -> GenreFacts:
    """Count the genres of a fit."""
    catalogue = fitted.catalogue
    names, indptr, indices = catalogue.genre_names, catalogue.genre_indptr, catalogue.genre_indices
    family_of = genre_families(fitted.blended.genre_vectors, indptr, indices)
    n_families = int(family_of.max(initial=-1)) + 1
    ones = np.ones(len(indices), np.int64)
    has_family = sp.csr_matrix((ones, family_of[indices], indptr), (catalogue.n_tracks, n_families))
    has_family.sum_duplicates()
    of_families = (has_family.indptr.astype(np.int64), has_family.indices, n_families)

    def of_level(level: Level, *, is_wide: bool) -> LevelGenres:
        table = genre_table(level.labels, level.n_clusters, indptr, indices, len(names))
        families = genre_table(level.labels, level.n_clusters, *of_families)
        return LevelGenres(catalogue, level, table, families, family_of, is_wide)

    has_genre = sp.csr_matrix((ones, indices, indptr), (catalogue.n_tracks, len(names)))
    sums = (
        np.asarray(has_genre.T @ fitted.X)
        / np.maximum(np.bincount(indices, minlength=len(names)), 1)[:, None]
    )
    members = [np.flatnonzero(family_of == family) for family in range(n_families)]
    return GenreFacts(
        clusters=of_level(fitted.clusters, is_wide=True),
        subclusters=of_level(fitted.subclusters, is_wide=False),
        family_names=[[names[genre] for genre in each] for each in members if len(each) > 1],
        sounds=dict(zip(names, sums, strict=True)),
    )
