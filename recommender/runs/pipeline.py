"""A refit from the catalogue to the published run. Performed by workers and commands only.

Every step is pure numerics on arrays, except the two ends: reading the catalogue, and publishing.
"""

from dataclasses import asdict
from typing import Any

import numpy
import numpy as np
import scipy
import sklearn
import structlog
from django.utils.translation import gettext as _

from recommender.algorithms.clustering.choosing import Choice, choose_n_clusters
from recommender.algorithms.clustering.fitting import fit_clusters, n_distinct_rows
from recommender.algorithms.clustering.genre_axes import places_with_genres
from recommender.algorithms.clustering.scaling import fit_scaling
from recommender.algorithms.clustering.scores import (
    calinski_harabasz,
    davies_bouldin,
    genre_agreement,
    silhouette,
    stability,
)
from recommender.algorithms.clustering.subclusters import fit_genre_axes, fit_subclusters
from recommender.choices import FeatureSpace, Phase
from recommender.fitting.blend_arrays import Ordered, blend_arrays
from recommender.fitting.catalogue_arrays import CatalogueArrays, load_catalogue
from recommender.fitting.clustering_space import clustering_space
from recommender.fitting.fitted import Fitted
from recommender.models import ClusteringRun
from recommender.runs.describing import describe
from recommender.runs.lineage import lineage_of
from recommender.runs.previous import PreviousRun, start_facts
from recommender.runs.progress import Reporter
from recommender.runs.publish_gate import judge_fit, judge_stability
from recommender.runs.publishing import WEIGHTS, ordered_for_serving, publish, write_run_snapshot
from tracks.jobs.supervision import Supervision
from tracks.models import Playlist
from tracks.playlists.arrays import playlist_arrays

log = structlog.get_logger(__name__)


class NothingToCluster(Exception):
    """The catalogue has no tracks; the text says what to do."""


def fit_and_publish(run: ClusteringRun, supervision: Supervision) -> None:
    """Fit the catalogue as `run.parameters` ask; make the run active unless `publish_gate` keeps it back.

    Raises `NothingToCluster` for an empty catalogue, `NoListeners` when listeners are asked for and there
    are too few playlists, `CatalogueChanged` when tracks vanished meanwhile: nothing is published.
    """
    asked, seed = run.parameters["n_clusters"], run.parameters["random_state"]
    report = Reporter(supervision, choosing=asked is None)
    report(Phase.LOADING)
    catalogue, playlists, n_playlists = _loaded(), playlist_arrays(), Playlist.objects.count()
    report(Phase.SCALING)
    scaling = fit_scaling(catalogue.features)
    X = scaling.transform(catalogue.features)
    report(Phase.LEARNING)
    blended = blend_arrays(catalogue, X, playlists, random_state=seed)
    space = clustering_space(blended, _space_asked(run))
    previous = PreviousRun.active()
    choice = _choose(space.places, seed, previous, report) if asked is None else None
    report(Phase.FITTING)
    n_clusters = choice.n_clusters if choice else min(asked, n_distinct_rows(space.places, asked))
    init = (
        previous.start_for(run.parameters, n_clusters, catalogue.track_ids, space.places)
        if previous
        else None
    )
    clustering = fit_clusters(space.places, n_clusters, random_state=seed, init=init)
    identity = previous.identity_of(catalogue.track_ids, clustering) if previous else None
    axes = fit_genre_axes(blended.genre_vectors, random_state=seed)
    Z = places_with_genres(space.places, blended.genre_vectors, axes)
    starts = (
        previous.subcluster_starts(run.parameters, identity, catalogue.track_ids, Z)
        if previous and identity
        else {}
    )
    subclustering = fit_subclusters(Z, clustering.labels, n_clusters, random_state=seed, starts=starts)
    fitted = Fitted(catalogue, scaling, X, blended, space, clustering, axes, subclustering)
    scores = _scores(fitted, seed, report)
    report(Phase.DESCRIBING)
    description = describe(run, fitted, lineage_of(previous, identity, fitted), random_state=seed)
    report(Phase.ORDERING)
    ordered = ordered_for_serving(fitted, random_state=seed)
    facts = _facts(fitted, choice) | {"axes": description.axes, "continuity": description.continuity}
    facts["n_playlists"] = n_playlists
    facts["families"] = description.families
    facts["start"] = start_facts(previous, init, clustering)
    facts["blend"] = _blend_facts(fitted, ordered)
    report(Phase.JUDGING)
    champion = ClusteringRun.objects.active()
    scores |= judge_fit(fitted, playlists, champion, lambda done: report(Phase.JUDGING, done))
    scores["gate"] = judge_stability(scores["stability"], champion)
    report(Phase.WRITING)
    levels = (description.clusters, description.subclusters)
    write_run_snapshot(run, fitted, ordered, *levels, facts["versions"])
    report(Phase.PUBLISHING)
    with supervision.protected():
        publish(run, fitted, *levels, ordered.order, fitted_facts=facts, scores=scores)
    if not run.is_active:
        log.info("refit_kept_back", run=run.pk, challenge=scores["challenge"], gate=scores["gate"])


def _space_asked(run: ClusteringRun) -> FeatureSpace:
    """Of a run queued before spaces could be asked for: the usual one."""
    return FeatureSpace(run.parameters.get("feature_space", FeatureSpace.CONTEXT))


def _loaded() -> CatalogueArrays:
    catalogue = load_catalogue()
    if not catalogue.n_tracks:
        raise NothingToCluster(_("The catalogue is empty. Import tracks first (import_tracks FILE)."))
    return catalogue


def _choose(X: Any, seed: int, previous: PreviousRun | None, report: Reporter) -> Choice:
    report(Phase.CHOOSING)
    return choose_n_clusters(
        X,
        random_state=seed,
        in_use=previous.run.fitted.get("n_clusters") if previous else None,
        on_candidate=lambda measured, of: report(Phase.CHOOSING, measured / of),
    )


def _scores(fitted: Fitted, seed: int, report: Reporter) -> dict[str, Any]:
    X, fit, catalogue = fitted.space.places, fitted.clustering, fitted.catalogue
    report(Phase.SCORING)
    scores: dict[str, Any] = {"inertia": round(fit.inertia, 3), "sizes": fit.sizes.tolist()}
    scores["silhouette"] = silhouette(X, fit.labels, random_state=seed)
    report(Phase.SCORING, 0.3)
    scores["davies_bouldin"] = davies_bouldin(X, fit.labels)
    scores["calinski_harabasz"] = calinski_harabasz(X, fit.labels)
    report(Phase.SCORING, 0.5)
    scores["genre_agreement"] = genre_agreement(
        fit.labels, catalogue.genre_indptr, catalogue.genre_indices, random_state=seed
    )
    report(Phase.SCORING, 0.6)
    scores["stability"] = stability(X, fit.labels, random_state=seed)
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in scores.items()}


def _facts(fitted: Fitted, choice: Choice | None) -> dict[str, Any]:
    return {
        "n_clusters": fitted.clustering.n_clusters,
        "n_subclusters": int(fitted.subclustering.is_split[fitted.subclustering.parents].sum()),
        "candidates": [_rounded(asdict(each)) for each in choice.candidates] if choice else [],
        "fewest": choice.fewest if choice else None,
        "in_use": _rounded(asdict(choice.in_use)) if choice and choice.in_use else None,
        "feature_names": list(fitted.catalogue.feature_names),
        "feature_space": fitted.space.name.value,
        "context_share": fitted.space.share,
        "versions": {module.__name__: module.__version__ for module in (numpy, scipy, sklearn)},
    }


def _blend_facts(fitted: Fitted, ordered: Ordered) -> dict[str, Any]:
    return {
        "weights": {name: asdict(weights) for name, weights in WEIGHTS.items()},
        "learnt_from": fitted.blended.learnt_from,
        "in_playlists": int(np.count_nonzero(fitted.blended.in_playlists)),
        "hubs": int(np.count_nonzero(ordered.index.arrays.hubness)),
    }


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 5) for name, value in figures.items()}
