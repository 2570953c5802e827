"""The clusters of the active run."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from recommender.answers.summaries import ClusterSummary, clusters_by_number
from recommender.api.bodies import cluster_body, json_response
from recommender.api.errors import ApiError
from recommender.api.schemas import ClusterOut, ClustersOut, ErrorBody
from recommender.conditional import api_answer
from recommender.models import ClusteringRun
from recommender.snapshots.snapshot import Snapshot
from recommender.snapshots.store import active_snapshot

router = Router(tags=["clusters"])
router.add_decorator(api_answer, mode="view")


@router.get("/clusters", response={200: ClustersOut, frozenset({422, 503}): ErrorBody})
def clusters(request: HttpRequest) -> HttpResponse:
    """All clusters of the active run by number; none before the first run."""
    snapshot = active_snapshot()
    if snapshot is None:
        return json_response({"run": None, "results": []})
    results = [cluster_body(summary) for summary in clusters_by_number(snapshot).values()]
    return json_response({"run": snapshot.run_id, "results": results})


@router.get("/clusters/{int:number}", response={200: ClusterOut, frozenset({404, 422, 503}): ErrorBody})
def cluster(request: HttpRequest, number: int) -> HttpResponse:
    """One cluster of the active run, with its sub-clusters."""
    return json_response(cluster_body(_cluster(number)))


def _no_cluster(snapshot: Snapshot | None, number: int) -> str:
    """Why there is none, and which clusters have its members now."""
    run = ClusteringRun.objects.filter(pk=snapshot.run_id).first() if snapshot else None
    if run and (heirs := run.heirs_of(number)):
        text = _("Cluster %(number)d was given up; most of its tracks are in %(heirs)s now.")
        return text % {"number": number, "heirs": ", ".join(f"/api/v1/clusters/{heir}" for heir in heirs)}
    return _("The active run has no cluster %(number)d.") % {"number": number}


@router.get(
    "/clusters/{int:number}/subclusters/{int:subnumber}",
    response={200: ClusterOut, frozenset({404, 422, 503}): ErrorBody},
)
def subcluster(request: HttpRequest, number: int, subnumber: int) -> HttpResponse:
    """One sub-cluster of a cluster of the active run."""
    summary = _cluster(number).subcluster(subnumber)
    if summary is None:
        text = _("Cluster %(number)d has no sub-cluster %(subnumber)d.")
        raise ApiError(404, text % {"number": number, "subnumber": subnumber})
    return json_response(cluster_body(summary))


def _cluster(number: int) -> ClusterSummary:
    snapshot = active_snapshot()
    summary = clusters_by_number(snapshot).get(number) if snapshot else None
    if summary is None:
        raise ApiError(404, _no_cluster(snapshot, number))
    return summary
