"""The pages of the clusters, and how a refit goes."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from recommender import conditional
from recommender.answers.summaries import ClusterSummary, cluster_examples, cluster_list, cluster_summary
from recommender.models import ClusteringRun
from recommender.pages.panels import cluster_cards, clusters_picture, colour_of, genre_bars
from recommender.runs.figures import run_figures
from recommender.runs.status import run_status
from recommender.snapshots.store import shared_snapshot
from recommender.views.errors import render_request_errors
from tracks.feature_words import feature_bars


@require_safe
@conditional.clusters_page
@render_request_errors
def clusters(request: HttpRequest) -> HttpResponse:
    """All clusters of the active run, their picture, and how they were made."""
    run = ClusteringRun.objects.active()
    context: dict[str, Any] = {"page": "clusters", "run": run}
    if run:
        snapshot = shared_snapshot(run.pk)
        context |= {
            "n_clusters": len(cluster_list(run)),
            "run_id": run.pk,
            "cards": partial(cluster_cards, snapshot),
            "clusters_picture": partial(clusters_picture, run),
            "figures": run_figures([run]),
        }
    return render(request, "recommender/clusters.html", context)


@require_safe
@conditional.page
@render_request_errors
def cluster(request: HttpRequest, number: int) -> HttpResponse:
    """One cluster of the active run.

    A number that was given up leads to the cluster with its members, for good; to a choice of several where
    they went apart. An unknown number is answered with those there are.
    """
    run = ClusteringRun.objects.active()
    summary = cluster_summary(run, number) if run else None
    if run is None or summary is None:
        heirs = run.heirs_of(number) if run else []
        if len(heirs) == 1:
            return redirect("cluster", heirs[0], permanent=True)
        context: dict[str, Any] = {"number": number, "run_id": run and run.pk}
        if run:
            snapshot = shared_snapshot(run.pk)
            cards = {card.cluster.number: card for card in cluster_cards(snapshot)} if heirs else {}
            context |= {
                "cards": partial(cluster_cards, snapshot),
                "heirs": [cards[heir] for heir in heirs],
            }
        return render(request, "recommender/no_cluster.html", context, status=404)
    context = {
        "page": "cluster",
        "cluster": summary,
        "colour": colour_of(number),
        "origins": run.origins_of(number),
        "share": 100 * summary.size / max(1, run.n_tracks),
        "genre_bars": genre_bars(summary.genres),
        "examples": cluster_examples(run, summary),
        "feature_bars": feature_bars(summary.centroid, _usual(cluster_list(run))),
    }
    return render(request, "recommender/cluster.html", context)


def _usual(summaries: list[ClusterSummary]) -> dict[str, float]:
    """The mean of all clustered tracks, from the clusters' means and sizes."""
    total = sum(each.size for each in summaries)
    names = summaries[0].centroid
    return {name: sum(each.size * each.centroid[name] for each in summaries) / total for name in names}


@require_safe
def run_status_part(request: HttpRequest) -> HttpResponse:
    """How the refit in flight goes, or how the watched one (`?run=`) ended; asks for itself until then."""
    watched = request.GET.get("run", "")
    run_id = int(watched) if watched.isascii() and watched.isdigit() and len(watched) < 10 else None
    context = run_status(run_id)
    run = context["run"]
    context["is_news"] = run is not None and run.stage != request.GET.get("seen")
    return render(request, "recommender/parts/run_status.html", context)
