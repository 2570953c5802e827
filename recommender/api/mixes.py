"""Mixes, their links and files, and paths. Public and without state: a POST changes nothing here, so it
needs neither a key nor a session."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Query, Router

from recommender.api.bodies import json_response, mix_body, path_body
from recommender.api.mix_schemas import MixBody, MixOut, PathOut, PathQuery
from recommender.api.schemas import ErrorBody
from recommender.mixes.exports import FileFormat, exported
from recommender.mixes.links import KeptList, linked_mix, shared_list
from recommender.mixes.mixing import mix, title_of
from recommender.mixes.paths import PathRequest, track_path
from recommender.mixes.requests import mix_request

router = Router(tags=["mixes"])


@router.post("/mixes", response={200: MixOut, frozenset({400, 404, 413, 422, 503}): ErrorBody})
def make_mix(request: HttpRequest, body: MixBody) -> HttpResponse:
    """One list from several seeds, away from what is avoided; each result names the seed it came from."""
    return json_response(mix_body(mix(mix_request(body.seeds, body.avoid, body.request()))))


@router.get(
    "/mixes/{token}.{file_format}",
    url_name="mix_file",
    response={200: None, frozenset({404, 409, 422, 503}): ErrorBody},
)
def mix_file(request: HttpRequest, token: str, file_format: FileFormat) -> HttpResponse:
    """The list of a link as a file to save, whichever run is the active one."""
    found = shared_list(token)
    tracks = found.tracks if isinstance(found, KeptList) else [each.track for each in found.results]
    file = exported(tracks, title_of(found.seeds), file_format)
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    return response


@router.get("/mixes/{token}", response={200: MixOut, frozenset({404, 409, 422, 503}): ErrorBody})
def linked(request: HttpRequest, token: str) -> HttpResponse:
    """The list that a link was made for, while the run it was made from is the active one."""
    return json_response(mix_body(linked_mix(token)))


@router.get("/paths", response={200: PathOut, frozenset({404, 422, 503}): ErrorBody})
def path(request: HttpRequest, query: Query[PathQuery]) -> HttpResponse:
    """Tracks that lead from one to another, each with its distances and its reasons."""
    asked = PathRequest(query.start.strip(), query.end.strip(), query.steps, query.blend, query.per_artist)
    return json_response(path_body(track_path(asked)))
