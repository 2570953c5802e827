"""A run's clusters as they are judged, and the active run judged on playlists of the database or of files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _
from scipy.spatial.distance import cdist

from recommender.algorithms.clustering.scaling import Scaling
from recommender.algorithms.evaluation.blend_lists import Clustered
from recommender.choices import FeatureSpace
from recommender.evaluation.evaluating import Evaluation, Listener, NothingToJudge, Options, evaluate
from recommender.evaluation.held_out import EvaluationData
from recommender.fitting.blend_arrays import blend_arrays
from recommender.fitting.catalogue_arrays import CatalogueArrays, load_catalogue
from recommender.snapshots.snapshot import Snapshot
from recommender.snapshots.store import active_snapshot
from tracks.playlists.arrays import PlaylistArrays, playlist_arrays
from tracks.playlists.reading import playlists_in_files


class NoRunToJudge(Exception):
    """There is no active run; the text says what to do."""


def judge_active_run(paths: Sequence[Path], options: Options, on_progress: Listener) -> Evaluation:
    """Judge the active run's clusters, with blends learnt anew, on playlists in files, else on the stored.

    Raises `NoRunToJudge`, `NothingToJudge`, `SnapshotUnavailable` and `ImportRefused`.
    """
    snapshot = active_snapshot()
    if snapshot is None:
        raise NoRunToJudge(_("There are no clusters yet. Make them first (refit_clusters)."))
    on_progress(_("reading the playlists"), 0.0)
    playlists = _playlists(paths)
    on_progress(_("reading the catalogue"), 0.0)
    data = active_evaluation_data(snapshot)
    evaluation = evaluate(data, clusters_of(snapshot, data), playlists, options, on_progress)
    return replace(evaluation, remark=_remark(snapshot))


def _remark(snapshot: Snapshot) -> str:
    if snapshot.meta.feature_space != FeatureSpace.LISTENERS.value:
        return ""
    return _(
        "The clusters of this run were made from playlists too, maybe from those that judge them here: the "
        "figures of cluster and nearby flatter."
    )


def active_evaluation_data(snapshot: Snapshot) -> EvaluationData:
    """The catalogue as it is now, scaled as in the run."""
    catalogue = load_catalogue()
    scaling = Scaling(snapshot.arrays.scaler_mean, snapshot.arrays.scaler_scale)
    X = scaling.transform(catalogue.features)
    return EvaluationData.of(catalogue, X, blend_arrays(catalogue, X))


def clusters_of(snapshot: Snapshot, data: EvaluationData) -> Clustered:
    """The clusters of a run for the catalogue as it is now.

    A track that came after the run has no cluster, so no list holds it; as a seed it is placed as served.
    """
    catalogue, arrays = data.catalogue, snapshot.arrays
    ordered = arrays.track_ids[snapshot.derived.id_order]
    found = np.minimum(ordered.searchsorted(catalogue.track_ids), len(ordered) - 1)
    known = ordered[found] == catalogue.track_ids
    rows = snapshot.derived.id_order[found]
    labels = arrays.offsets.searchsorted(rows, side="right") - 1
    places = arrays.places[rows]
    for row in np.flatnonzero(~known).tolist():
        places[row] = snapshot.newcomers.place(data.X[row], _genres_of(catalogue, row))
    distances = cdist(places, arrays.centroids).astype(np.float32)
    return Clustered(np.where(known, labels, -1).astype(np.int64), distances)


def _genres_of(catalogue: CatalogueArrays, row: int) -> list[str]:
    part = slice(int(catalogue.genre_indptr[row]), int(catalogue.genre_indptr[row + 1]))
    return [catalogue.genre_names[index] for index in catalogue.genre_indices[part].tolist()]


def _playlists(paths: Sequence[Path]) -> PlaylistArrays:
    if not paths:
        return playlist_arrays()
    playlists, report = playlists_in_files(paths)
    if not len(playlists.playlists):
        text = _("None of the %(rows)d rows in the files was found in the catalogue. Import tracks first.")
        raise NothingToJudge(text % {"rows": report.rows})
    return playlists
