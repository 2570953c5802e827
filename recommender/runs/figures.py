"""The figures of a run as people read them: what each is called, what it says, and its value."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommender.choices import FeatureSpace
from recommender.models import ClusteringRun


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a table of scores; `values` are ready to show, one a run, "–" where undefined."""

    label: str
    meaning: str
    values: tuple[str, ...]


SCORES: tuple[tuple[str, int, Promise, Promise], ...] = (
    (
        "silhouette",
        3,
        _("Silhouette"),
        _("How clearly the clusters are apart, of a sample; -1 to 1, higher is better."),
    ),
    (
        "stability",
        3,
        _("Stability"),
        _("How alike the clusters of resampled tracks are (adjusted Rand index); 1 is identical."),
    ),
    (
        "genre_agreement",
        3,
        _("Agreement with genre"),
        _("Adjusted mutual information of cluster and genre; 0 is chance, 1 is full agreement."),
    ),
    (
        "davies_bouldin",
        3,
        _("Davies-Bouldin index"),
        _("How far each cluster overlaps its most similar one; lower is better."),
    ),
    (
        "calinski_harabasz",
        0,
        _("Calinski-Harabasz index"),
        _("Spread between the clusters over the spread inside them; higher is better."),
    ),
    (
        "inertia",
        0,
        _("Inertia"),
        _("Sum of the squared distances to the centroids; lower is better for one number of clusters."),
    ),
)


BLENDS: dict[str, Promise] = {
    "balanced": _("Weights, balanced"),
    "listeners": _("Weights, listeners"),
}

WEIGHTED_PARTS: dict[str, Promise] = {
    "sound": _("sound"),
    "genre": _("genre"),
    "artist": _("artist"),
    "album": _("album"),
    "listeners": _("listeners"),
    "popularity": _("popularity"),
    "familiarity": _("familiarity"),
    "duration": _("length"),
}


def run_figures(runs: Sequence[ClusteringRun]) -> list[Figure]:
    """The figures of the runs, side by side."""
    sizes = Figure(
        str(_("Tracks")), "", tuple(number_format(run.n_tracks, force_grouping=True) for run in runs)
    )
    clusters = Figure(str(_("Clusters")), "", tuple(str(run.fitted.get("n_clusters", "–")) for run in runs))
    scores = [
        Figure(str(label), str(meaning), tuple(score_text(run, name, digits) for run in runs))
        for name, digits, label, meaning in SCORES
    ]
    return [sizes, clusters, *scores, *_blend_figures(runs)]


def _blend_figures(runs: Sequence[ClusteringRun]) -> list[Figure]:
    """What clusters are made of, what was learnt from, and the weights of the blends."""
    return [
        Figure(
            str(_("Clustered by")),
            str(_("What of a track the clusters are made of.")),
            tuple(_space(run) for run in runs),
        ),
        Figure(
            str(_("Playlists learnt from")),
            str(_("How many playlists the listener vectors come from; 0: too few to learn from.")),
            tuple(str(run.fitted.get("blend", {}).get("learnt_from", "–")) for run in runs),
        ),
        *(
            Figure(
                str(label),
                str(_("What each part of the blended distance weighs.")),
                tuple(_weights(run, name) for run in runs),
            )
            for name, label in BLENDS.items()
        ),
    ]


def _space(run: ClusteringRun) -> str:
    space = run.fitted.get("feature_space")
    return str(FeatureSpace(space).label) if space in FeatureSpace.values else "–"


def _weights(run: ClusteringRun, name: str) -> str:
    weights = run.fitted.get("blend", {}).get("weights", {}).get(name, {})
    return (
        ", ".join(f"{WEIGHTED_PARTS.get(part, part)} {weight:g}" for part, weight in weights.items()) or "–"
    )


def score_text(run: ClusteringRun, name: str, digits: int) -> str:
    """A stored score, or "–" where it is undefined or the run has none."""
    value = run.scores.get(name)
    return "–" if value is None else str(number_format(round(value, digits), digits, force_grouping=True))
