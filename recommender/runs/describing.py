"""What people see of a fit: its clusters with number, name, traits, genres, examples and points."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from recommender.algorithms.clustering.examples import nearest_examples
from recommender.algorithms.clustering.fitting import Clustering, seeded_sample
from recommender.algorithms.clustering.genres import GenreShare, genre_shares
from recommender.algorithms.clustering.matching import Match
from recommender.algorithms.clustering.naming import trait_codes, unique_names
from recommender.algorithms.clustering.projection import Projection, fit_projection
from recommender.algorithms.clustering.scaling import Scaling
from recommender.fitting.blend_arrays import Blended
from recommender.fitting.catalogue_arrays import CatalogueArrays
from recommender.fitting.clustering_space import Space
from recommender.models import Cluster, ClusteringRun
from recommender.runs.previous import PreviousRun
from recommender.traits import adjectives

N_EXAMPLES = 12
N_POINTS = 3_000
GENRES_IN_NAMES = 3


@dataclass(frozen=True)
class Fitted:
    """A fit with all that was computed on the way to it; the clustering is of the space's places."""

    catalogue: CatalogueArrays
    scaling: Scaling
    X: NDArray[np.float32]
    blended: Blended
    space: Space
    clustering: Clustering

    @cached_property
    def mean_sounds(self) -> NDArray[np.float32]:
        """Mean of X by label, float32 (n_clusters, n_features): how the tracks of a cluster do sound."""
        fit = self.clustering
        sums = [np.bincount(fit.labels, column, fit.n_clusters) for column in self.X.T]
        return np.asarray(np.column_stack(sums) / fit.sizes[:, None], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Description:
    """Unsaved clusters by label, the picture's axes, and what became of the previous run's clusters."""

    clusters: list[Cluster]
    axes: list[dict[str, object]]
    continuity: dict[str, object]


def describe(
    run: ClusteringRun, fitted: Fitted, previous: PreviousRun | None, *, random_state: int
) -> Description:
    """Describe a fit of `run`; numbers and names follow those of the run that was active."""
    n_clusters = fitted.clustering.n_clusters
    identity = previous.identity_of(fitted.catalogue.track_ids, fitted.clustering) if previous else None
    matches = identity.matches if identity else {}
    numbers = identity.numbers if identity else list(range(1, n_clusters + 1))
    traits = [trait_codes(row, fitted.catalogue.feature_names) for row in fitted.mean_sounds]
    genres = _genres(fitted)
    names = _names(previous, matches, numbers, traits, genres)
    projection = fit_projection(fitted.space.places)
    points = _points(projection, fitted, random_state)
    centroids = fitted.scaling.inverse(fitted.mean_sounds)
    clusters = [
        Cluster(
            run=run,
            label=label,
            number=numbers[label],
            name=names[label],
            size=int(fitted.clustering.sizes[label]),
            traits=traits[label],
            genres=genres[label],
            centroid=_by_feature(centroids[label], fitted.catalogue.feature_names),
            examples=_examples(fitted, label),
            points=points[label],
        )
        for label in range(n_clusters)
    ]
    continuity = previous.continuity(identity) if previous and identity else {}
    return Description(clusters, _axes(projection, fitted), continuity)


def _genres(fitted: Fitted) -> list[list[dict[str, object]]]:
    catalogue, fit = fitted.catalogue, fitted.clustering
    names = catalogue.genre_names
    shares = genre_shares(
        fit.labels, fit.n_clusters, catalogue.genre_indptr, catalogue.genre_indices, len(names)
    )
    return [[_genre(names[each.genre], each) for each in row] for row in shares]


def _genre(name: str, share: GenreShare) -> dict[str, object]:
    return {"genre": name, "share": round(share.share, 5), "lift": round(share.lift, 3)}


def _names(
    previous: PreviousRun | None,
    matches: dict[int, Match],
    numbers: list[int],
    traits: list[list[str]],
    genres: list[list[dict[str, object]]],
) -> list[str]:
    known = dict(previous.run.clusters.values_list("number", "name")) if previous else {}
    kept = {label: known[match.number] for label, match in matches.items() if match.keeps_name}
    return unique_names(
        [adjectives(codes) for codes in traits],
        [[str(each["genre"]) for each in row[:GENRES_IN_NAMES]] for row in genres],
        numbers,
        kept=kept,
        noun=_("music"),
        mixed=_("mixed"),
    )


def _by_feature(values: NDArray[np.float64], feature_names: tuple[str, ...]) -> dict[str, float]:
    return {name: round(float(value), 6) for name, value in zip(feature_names, values, strict=True)}


def _examples(fitted: Fitted, label: int) -> list[int]:
    members = np.flatnonzero(fitted.clustering.labels == label)
    chosen = nearest_examples(
        fitted.clustering.distances[members],
        fitted.catalogue.recordings[members],
        fitted.catalogue.first_artists[members],
        N_EXAMPLES,
    )
    ids: list[int] = fitted.catalogue.track_ids[members[chosen]].tolist()
    return ids


def _points(projection: Projection, fitted: Fitted, random_state: int) -> list[list[list[float]]]:
    """Coordinates of a seeded sample of all tracks, by label."""
    sample = seeded_sample(len(fitted.space.places), N_POINTS, random_state)
    xy = projection.coordinates(fitted.space.places[sample]).round(3)
    labels = fitted.clustering.labels[sample]
    return [xy[labels == label].tolist() for label in range(fitted.clustering.n_clusters)]


def _axes(projection: Projection, fitted: Fitted) -> list[dict[str, object]]:
    """Per axis its share of the variance, and the features that load on it, the heaviest first."""
    names = fitted.catalogue.feature_names
    return [
        {
            "explained": round(float(projection.explained[axis]), 4),
            "loadings": [
                {"feature": names[loading.feature], "weight": round(loading.weight, 3)}
                for loading in projection.loadings(axis)
            ],
        }
        for axis in range(len(projection.components))
    ]
