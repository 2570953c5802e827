"""The pages of the clusters, and how a refit goes."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from recommender import conditional
from recommender.answers.summaries import cluster_list, cluster_summary
from recommender.models import ClusteringRun
from recommender.pages.cluster_page import cluster_page, subcluster_cards
from recommender.pages.panels import cluster_cards, clusters_picture
from recommender.runs.figures import run_figures
from recommender.runs.status import run_status
from recommender.snapshots.store import shared_snapshot
from recommender.views.errors import render_request_errors


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
        return _no_cluster(request, run, number, heirs)
    context = cluster_page(shared_snapshot(run.pk), summary) | {"origins": run.origins_of(number)}
    return render(request, "recommender/cluster.html", context)


@require_safe
@conditional.page
@render_request_errors
def subcluster(request: HttpRequest, number: int, subnumber: int) -> HttpResponse:
    """One sub-cluster; an unknown number is answered with those of its cluster."""
    run = ClusteringRun.objects.active()
    parent = cluster_summary(run, number) if run else None
    if run is None or parent is None:
        heirs = run.heirs_of(number) if run else []
        return _no_cluster(request, run, number, heirs)
    snapshot, summary = shared_snapshot(run.pk), parent.subcluster(subnumber)
    if summary is None:
        context = {"parent": parent, "number": subnumber, "cards": subcluster_cards(snapshot, parent)}
        return render(request, "recommender/no_subcluster.html", context, status=404)
    context = cluster_page(snapshot, summary) | {"parent": parent}
    return render(request, "recommender/cluster.html", context)


def _no_cluster(
    request: HttpRequest, run: ClusteringRun | None, number: int, heirs: list[int]
) -> HttpResponse:
    context: dict[str, Any] = {"number": number, "run_id": run and run.pk}
    if run:
        snapshot = shared_snapshot(run.pk)
        cards = {card.cluster.number: card for card in cluster_cards(snapshot)} if heirs else {}
        context |= {"cards": partial(cluster_cards, snapshot), "heirs": [cards[heir] for heir in heirs]}
    return render(request, "recommender/no_cluster.html", context, status=404)


@require_safe
def run_status_part(request: HttpRequest) -> HttpResponse:
    """How the refit in flight goes, or how the watched one (`?run=`) ended; asks for itself until then."""
    watched = request.GET.get("run", "")
    run_id = int(watched) if watched.isascii() and watched.isdigit() and len(watched) < 10 else None
    context = run_status(run_id)
    run = context["run"]
    context["is_news"] = run is not None and run.stage != request.GET.get("seen")
    return render(request, "recommender/parts/run_status.html", context)
