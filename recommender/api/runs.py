"""Clustering runs: watch them, and, with the permission, ask for one, cancel it, make it active."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from recommender.api.bodies import json_response, run_body
from recommender.api.errors import ApiError
from recommender.api.schemas import ErrorBody, RefitBody, RunOut, RunsOut, RunsQuery
from recommender.models import ClusteringRun
from recommender.runs.refitting import RefitParameters, activate, refit_soon

router = Router(tags=["runs"])
NOT_PERMITTED = frozenset({401, 403})


class PermittedSession(APIKeyCookie):
    """Session of a user who has the permission; with a POST also the header X-CSRFToken."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self, permission: str) -> None:
        super().__init__()
        self.permission = permission

    def __call__(self, request: HttpRequest) -> Any:
        return self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The signed-in user, or None when nobody is signed in. Raises `ApiError` without the permission."""
        if not request.user.is_authenticated:
            return None
        if not request.user.has_perm(self.permission):
            text = _("This needs the permission %(permission)s.")
            raise ApiError(403, text % {"permission": self.permission})
        if check_csrf(request):
            raise ApiError(403, _("The CSRF token is missing or wrong: send it as X-CSRFToken."))
        return request.user


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
        since = date_format(localtime(run.started_at or run.created_at), "DATETIME_FORMAT")
        text = _("A refit is already queued as run %(run)d, since %(since)s.")
        if run.started_at:
            text = _("A refit is already running as run %(run)d, started at %(since)s.")
        raise ApiError(409, text % {"run": run.pk, "since": since})
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
