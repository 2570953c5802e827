"""The clusters of the active run."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.decorators import decorate_view

from recommender.answers.summaries import clusters_by_number
from recommender.api.bodies import cluster_body, json_response
from recommender.api.errors import ApiError
from recommender.api.schemas import ClusterOut, ClustersOut, ErrorBody
from recommender.conditional import api_answer
from recommender.snapshots.store import active_snapshot

router = Router(tags=["clusters"])


@router.get("/clusters", response={200: ClustersOut, frozenset({422, 503}): ErrorBody})
@decorate_view(api_answer)
def clusters(request: HttpRequest) -> HttpResponse:
    """All clusters of the active run by number; none before the first run."""
    snapshot = active_snapshot()
    if snapshot is None:
        return json_response({"run": None, "results": []})
    results = [cluster_body(summary) for summary in clusters_by_number(snapshot).values()]
    return json_response({"run": snapshot.run_id, "results": results})


@router.get("/clusters/{int:number}", response={200: ClusterOut, frozenset({404, 422, 503}): ErrorBody})
@decorate_view(api_answer)
def cluster(request: HttpRequest, number: int) -> HttpResponse:
    """One cluster of the active run."""
    snapshot = active_snapshot()
    summary = clusters_by_number(snapshot).get(number) if snapshot else None
    if summary is None:
        raise ApiError(404, _("The active run has no cluster %(number)d.") % {"number": number})
    return json_response(cluster_body(summary))
