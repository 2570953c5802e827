"""What people see of a fit: its clusters and sub-clusters with number, name, traits, genres and examples."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.clustering.examples import known_examples, nearest_examples
from recommender.algorithms.clustering.fitting import seeded_sample
from recommender.algorithms.clustering.genres import GenreShare
from recommender.algorithms.clustering.name_codes import NameCode
from recommender.algorithms.clustering.naming import trait_codes, unique_names
from recommender.algorithms.clustering.projection import Projection, fit_projection
from recommender.cluster_names import name_in_words
from recommender.fitting.fitted import Fitted
from recommender.models import Cluster, ClusteringRun
from recommender.runs.genre_facts import LevelGenres, genre_facts
from recommender.runs.lineage import Lineage

N_EXAMPLES = 12
N_POINTS = 3_000


@dataclass(frozen=True, slots=True)
class Description:
    """Unsaved clusters by label, and sub-clusters by label, None for a cluster that is not split; the
    picture's axes, families of genres by name, and what became of the previous run's clusters."""

    clusters: list[Cluster]
    subclusters: list[Cluster | None]
    axes: list[dict[str, object]]
    families: list[list[str]]
    continuity: dict[str, object]


def describe(run: ClusteringRun, fitted: Fitted, lineage: Lineage, *, random_state: int) -> Description:
    """Describe a fit of `run`; numbers and names follow those of the run that was active."""
    genres = genre_facts(fitted)
    parents = fitted.subclustering.parents
    split = np.flatnonzero(fitted.subclustering.is_split[parents]).tolist()
    names = unique_names(
        [
            *genres.clusters.naming_facts(range(fitted.clustering.n_clusters), lineage.numbers),
            *genres.subclusters.naming_facts(split, lineage.sub_numbers),
        ],
        genres.sounds,
        {**lineage.names, **_positions(lineage.sub_names, split, len(lineage.numbers))},
    )
    projection = fit_projection(fitted.space.places)
    points = _points(projection, fitted, random_state)
    clusters = []
    for label, number in enumerate(lineage.numbers):
        cluster = _cluster(run, fitted, genres.clusters, label, names[label])
        cluster.number, cluster.points = number, points[label]
        clusters.append(cluster)
    subclusters: list[Cluster | None] = [None] * len(parents)
    for label, name in zip(split, names[len(clusters) :], strict=True):
        subcluster = _cluster(run, fitted, genres.subclusters, label, name)
        subcluster.number, subcluster.parent = lineage.sub_numbers[label], clusters[parents[label]]
        subclusters[label] = subcluster
    axes = _axes(projection, fitted)
    return Description(clusters, subclusters, axes, genres.family_names, lineage.continuity())


def _positions(
    sub_names: Mapping[int, NameCode], split: Sequence[int], n_clusters: int
) -> dict[int, NameCode]:
    """Names of sub-clusters by their place behind the clusters."""
    places = enumerate(split, start=n_clusters)
    return {place: sub_names[label] for place, label in places if label in sub_names}


def _cluster(run: ClusteringRun, fitted: Fitted, genres: LevelGenres, label: int, name: NameCode) -> Cluster:
    """A cluster of a level; its number is still to be given."""
    catalogue, level = fitted.catalogue, genres.level
    members = np.flatnonzero(level.labels == label)
    leading = genres.table.leading(label)
    named = name.genres or [catalogue.genre_names[each.genre] for each in leading]
    distances, recordings = level.distances[members], catalogue.recordings[members]
    artists = catalogue.first_artists[members]
    known = known_examples(
        distances,
        catalogue.popularity[members],
        catalogue.has_any(named)[members],
        recordings,
        artists,
        N_EXAMPLES,
    )
    nearest = nearest_examples(distances, recordings, artists, N_EXAMPLES)
    return Cluster(
        run=run,
        label=label,
        name=name_in_words(name),
        name_code=asdict(name),
        size=len(members),
        traits=trait_codes(level.mean_sounds[label], catalogue.feature_names),
        genres=[_genre(catalogue.genre_names, each) for each in leading],
        missing=[_genre(catalogue.genre_names, each) for each in genres.table.missing(label)],
        centroid=_by_feature(
            fitted.scaling.inverse(level.mean_sounds[label][None])[0], catalogue.feature_names
        ),
        known_examples=catalogue.track_ids[members[known]].tolist(),
        examples=catalogue.track_ids[members[nearest]].tolist(),
    )


def _genre(names: Sequence[str], share: GenreShare) -> dict[str, object]:
    return {
        "genre": names[share.genre],
        "share": round(share.share, 5),
        "lift": round(share.lift, 3),
        "low": round(share.low, 5),
        "high": round(share.high, 5),
    }


def _by_feature(values: NDArray[np.float64], feature_names: tuple[str, ...]) -> dict[str, float]:
    return {name: round(float(value), 6) for name, value in zip(feature_names, values, strict=True)}


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
