"""What a page cannot answer, as a page that says so."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from recommender.answers.recommendations import UnknownTrack
from recommender.answers.summaries import UnknownCluster, UnknownSubcluster
from recommender.mixes.links import BrokenLink
from recommender.models import ClusteringRun
from recommender.pages.cluster_page import subcluster_cards
from recommender.pages.panels import cluster_cards
from recommender.parameters.schema import InvalidQuery
from recommender.snapshots.store import SnapshotUnavailable

View = Callable[..., HttpResponse]


def render_request_errors(view: View) -> View:
    """Turn what a page cannot do into a page that says so."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (UnknownTrack, BrokenLink) as error:
            return render(request, "404.html", {"reason": str(error)}, status=404)
        except UnknownCluster as error:
            return _unknown_cluster(request, error)
        except UnknownSubcluster as error:
            cards = subcluster_cards(error.snapshot, error.parent)
            context = {"parent": error.parent, "number": error.number, "cards": cards}
            return render(request, "recommender/no_subcluster.html", context, status=404)
        except InvalidQuery as error:
            return render(request, "422.html", {"reason": str(error)}, status=422)
        except SnapshotUnavailable:
            return render(request, "503.html", status=503)

    return answered


def render_no_such_name(request: HttpRequest, name: str, heading: str, **context: Any) -> HttpResponse:
    """A name that is none of an artist, or a genre: it can be searched for."""
    context |= {"name": name, "heading": heading}
    return render(request, "recommender/no_such_name.html", context, status=404)


def _unknown_cluster(request: HttpRequest, error: UnknownCluster) -> HttpResponse:
    """A number that was given up leads to the cluster with its members; to a choice of several where they
    went apart. Any other is answered with those there are."""
    run = ClusteringRun.objects.active()
    heirs = run.heirs_of(error.number) if run else []
    if len(heirs) == 1:
        old, new = (reverse("cluster", args=[number]) for number in (error.number, heirs[0]))
        return redirect(request.get_full_path().replace(old, new, 1), permanent=True)
    context: dict[str, Any] = {"number": error.number}
    if error.snapshot:
        context |= {"run_id": error.snapshot.run_id, "cards": partial(cluster_cards, error.snapshot)}
        if heirs:
            cards = {card.cluster.number: card for card in cluster_cards(error.snapshot)}
            context["heirs"] = [cards[heir] for heir in heirs]
    return render(request, "recommender/no_cluster.html", context, status=404)
