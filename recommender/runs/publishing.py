"""The end of a refit: its files written, then its rows and the active run changed in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from recommender.algorithms.blend.csr import taken_rows
from recommender.algorithms.blend.distance import BALANCED, LISTENERS
from recommender.algorithms.clustering.name_codes import NameCode
from recommender.fitting.blend_arrays import Ordered, ordered_blend, without_hubs
from recommender.fitting.fitted import Fitted
from recommender.models import Cluster, ClusteringRun
from recommender.runs.assignments import Assignments, insert_assignments
from recommender.snapshots.arrays import SnapshotArrays, SnapshotMeta
from recommender.snapshots.store import write_snapshot
from tracks.models import Track

WEIGHTS = {"balanced": BALANCED, "listeners": LISTENERS}


class CatalogueChanged(Exception):
    """Tracks vanished while they were being clustered; the text says what to do."""


def ordered_for_serving(fitted: Fitted, *, random_state: int) -> Ordered:
    """The blend in the snapshot's order: by sub-cluster, inside it by blocks; its hubs calmed."""
    catalogue, parents = fitted.catalogue, fitted.subclustering.parents
    by_subcluster = ordered_blend(fitted.blended, fitted.subclustering.labels, catalogue.track_ids)
    first = parents.searchsorted(np.arange(fitted.clustering.n_clusters + 1))
    ordered = replace(by_subcluster, offsets=by_subcluster.offsets[first])
    recordings = catalogue.recordings[ordered.order]
    return without_hubs(ordered, recordings, fitted.blended.n_genres, random_state=random_state)


def write_run_snapshot(
    run: ClusteringRun,
    fitted: Fitted,
    ordered: Ordered,
    clusters: Sequence[Cluster],
    subclusters: Sequence[Cluster | None],
    versions: dict[str, str],
) -> None:
    """Write the files of a run; clusters and sub-clusters by label, None for a cluster that is not split."""
    meta = SnapshotMeta(
        feature_names=fitted.catalogue.feature_names,
        genres=fitted.catalogue.genre_names,
        cluster_numbers=tuple(cluster.number for cluster in clusters),
        cluster_names=tuple(map(_name, clusters)),
        subcluster_numbers=tuple(each.number if each else 0 for each in subclusters),
        subcluster_names=tuple(map(_name, subclusters)),
        library_versions=versions,
        feature_space=fitted.space.name.value,
        context_share=fitted.space.share,
        weights=WEIGHTS,
        learnt_from=fitted.blended.learnt_from,
    )
    write_snapshot(run.pk, snapshot_arrays(fitted, ordered), meta)


def _name(cluster: Cluster | None) -> NameCode | str:
    if cluster is None:
        return ""
    return NameCode.of(cluster.name_code) if cluster.name_code else cluster.name


def snapshot_arrays(fitted: Fitted, ordered: Ordered) -> SnapshotArrays:
    """The arrays of a run from what was fitted."""
    catalogue, blended, order = fitted.catalogue, fitted.blended, ordered.order
    indptr, indices = taken_rows(catalogue.genre_indptr, catalogue.genre_indices, order)
    playlists = taken_rows(blended.playlist_indptr, blended.playlist_indices, order)
    return SnapshotArrays(
        X=ordered.index.arrays.X,
        offsets=ordered.offsets,
        sub_offsets=np.concatenate([[0], np.cumsum(fitted.subclustering.sizes)]).astype(np.int64),
        track_ids=catalogue.track_ids[order],
        recordings=catalogue.recordings[order],
        first_artists=catalogue.first_artists[order],
        popularity=catalogue.popularity[order],
        explicit=catalogue.explicit[order],
        features=catalogue.all_features[order].T.astype(np.float32),
        genre_indptr=indptr,
        genre_indices=indices,
        genre_idf=blended.genre_idf,
        places=fitted.space.places[order],
        centroids=fitted.clustering.centroids,
        sub_centroids=fitted.subclustering.centroids,
        genre_axes=fitted.genre_axes,
        distances=fitted.clustering.distances[order],
        expectations=fitted.space.expectations,
        scaler_mean=fitted.scaling.mean,
        scaler_scale=fitted.scaling.scale,
        playlist_indptr=playlists[0],
        playlist_indices=playlists[1],
        blend=ordered.index.arrays,
        blocks=ordered.index.blocks,
        branches=ordered.index.branches,
    )


def publish(
    run: ClusteringRun,
    fitted: Fitted,
    clusters: list[Cluster],
    subclusters: list[Cluster | None],
    order: NDArray[np.int64],
    *,
    fitted_facts: dict[str, Any],
    scores: dict[str, Any],
) -> None:
    """Store the clusters and assignments and make the run the active one, all or nothing.

    A run that the publish gate keeps back is stored, and the active one stays (`scores["challenge"]` and
    `scores["gate"]`).

    Raises `CatalogueChanged` when a track has been deleted since it was read, and `WorkSuperseded`
    when the run was given up meanwhile.
    """
    try:
        with transaction.atomic():
            Cluster.objects.bulk_create(clusters)
            Cluster.objects.bulk_create(filter(None, subclusters))
            insert_assignments(run, _assignments(fitted, clusters, subclusters, order))
            run.scores = scores
            if not run.is_kept_back:
                ClusteringRun.objects.deactivate_all()
            run.finish(
                fitted=fitted_facts,
                scores=scores,
                n_tracks=fitted.catalogue.n_tracks,
                is_active=not run.is_kept_back,
            )
    except IntegrityError as error:
        if _tracks_are_missing(fitted):
            text = _("Tracks were deleted from the catalogue while it was being clustered. Start again.")
            raise CatalogueChanged(text) from error
        raise


def _assignments(
    fitted: Fitted, clusters: list[Cluster], subclusters: list[Cluster | None], order: NDArray[np.int64]
) -> Assignments:
    keys = np.array([cluster.pk for cluster in clusters], dtype=np.int64)
    sub_keys = np.array([each.pk if each else 0 for each in subclusters], dtype=np.int64)
    return Assignments(
        fitted.catalogue.track_ids[order],
        keys[fitted.clustering.labels[order]],
        sub_keys[fitted.subclustering.labels[order]],
        fitted.clustering.distances[order],
    )


def _tracks_are_missing(fitted: Fitted) -> bool:
    present = np.fromiter(Track.objects.order_by().values_list("pk", flat=True).iterator(), dtype=np.int64)
    return not np.isin(fitted.catalogue.track_ids, present).all()
