"""Clustering runs: watch them, and, with the permission, ask for one, cancel it, make it active."""

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from ninja import Query, Router

from recommender.api.auth import PermittedSession
from recommender.api.bodies import json_response, run_body
from recommender.api.errors import ApiError
from recommender.api.schemas import ErrorBody, RefitBody, RunOut, RunsOut, RunsQuery
from recommender.models import ClusteringRun
from recommender.runs.refitting import RefitParameters, activate, refit_soon

router = Router(tags=["runs"])
NOT_PERMITTED = frozenset({401, 403})


@router.get("/runs", response={200: RunsOut, 422: ErrorBody})
def runs(request: HttpRequest, query: Query[RunsQuery]) -> HttpResponse:
    """The newest runs first, those in flight among them."""
    newest = ClusteringRun.objects.order_by("-pk")[: query.limit]
    return json_response({"results": [_body(request, run) for run in newest]})


@router.get("/runs/{int:run_id}", response={200: RunOut, frozenset({404, 422}): ErrorBody})
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: its status and progress, what was asked for, and its scores."""
    return json_response(_body(request, _run(run_id)))


@router.post(
    "/runs",
    auth=PermittedSession(ClusteringRun.permission("refit")),
    response={202: RunOut, NOT_PERMITTED: ErrorBody, frozenset({400, 409, 413, 422}): ErrorBody},
)
def start_run(request: HttpRequest, body: RefitBody | None = None) -> HttpResponse:
    """Ask for a refit; a worker performs it, and `GET runs/{id}` shows how far it is."""
    asked = body or RefitBody()
    parameters = RefitParameters(asked.n_clusters, asked.random_state, asked.feature_space.value)
    run, created = refit_soon(parameters, request.user)
    if not created:
        raise ApiError(409, _already(run))
    return json_response(_body(request, run), status=202)


@router.post(
    "/runs/{int:run_id}/cancel",
    auth=PermittedSession(ClusteringRun.permission("cancel")),
    response={202: RunOut, NOT_PERMITTED: ErrorBody, frozenset({404, 409, 422}): ErrorBody},
)
def cancel_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Stop a run: at once while it is queued, within two seconds while it is running."""
    run = _run(run_id)
    if not run.cancel():
        raise ApiError(409, _("Run %(run)d has ended: there is nothing to cancel.") % {"run": run_id})
    return json_response(_body(request, _run(run_id)), status=202)


@router.post(
    "/runs/{int:run_id}/activate",
    auth=PermittedSession(ClusteringRun.permission("activate")),
    response={200: RunOut, NOT_PERMITTED: ErrorBody, frozenset({404, 409, 422}): ErrorBody},
)
def activate_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Answer from this run from now on."""
    activate(_run(run_id))
    return json_response(_body(request, _run(run_id)))


def _run(run_id: int) -> ClusteringRun:
    run: ClusteringRun | None = ClusteringRun.objects.filter(pk=run_id).first()
    if run is None:
        raise ApiError(404, _("There is no run %(run)d.") % {"run": run_id})
    return run


def _body(request: HttpRequest, run: ClusteringRun) -> dict[str, object]:
    return run_body(run, with_error=request.user.has_perm(ClusteringRun.permission("view")))


def _already(run: ClusteringRun) -> str:
    if run.started_at is None:
        since = date_format(localtime(run.created_at), "DATETIME_FORMAT")
        return _("A refit is already queued as run %(run)d, since %(since)s.") % {
            "run": run.pk,
            "since": since,
        }
    since = date_format(localtime(run.started_at), "DATETIME_FORMAT")
    return _("A refit is already running as run %(run)d, started at %(since)s.") % {
        "run": run.pk,
        "since": since,
    }
