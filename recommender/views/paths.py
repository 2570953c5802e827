"""The page of ways between two tracks of a mix."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from pydantic import Field

from recommender import conditional
from recommender.answers.cards import TrackCard
from recommender.answers.recommendations import NoActiveRun, UnknownTrack
from recommender.mixes.paths import MAX_STEPS, USUAL_STEPS, PathRequest, track_path
from recommender.mixes.requests import CannotMix
from recommender.pages.mix_page import cards_of_picks, mix_form, picks_of, steps_of
from recommender.parameters.mix_address import NOT_OF_THE_MIX, MixAddress
from recommender.parameters.schema import ListParameters, read_parameters
from recommender.views.errors import render_request_errors


class PathParameters(ListParameters):
    """What the address of a path asks for."""

    start: str = ""
    end: str = ""
    steps: int = Field(default=USUAL_STEPS, ge=1, le=MAX_STEPS)


@require_safe
@conditional.page
@render_request_errors
def mix_path(request: HttpRequest) -> HttpResponse:
    """A way from one track of the mix to another."""
    address = MixAddress(request.GET, NOT_OF_THE_MIX)
    parameters = read_parameters(PathParameters, request.GET)
    shown: dict[str, Any] = {"page": "mix", "title": _("A way from one to another"), "back": str(address)}
    shown |= mix_form(address)
    form = path_form(cards_of_picks(address.seeds), address, parameters)
    if not (parameters.start and parameters.end):
        return render(request, "recommender/path.html", shown | form)
    try:
        path = track_path(
            PathRequest(
                parameters.start, parameters.end, parameters.steps, parameters.blend, parameters.per_artist
            )
        )
    except (CannotMix, UnknownTrack) as error:
        status = 404 if isinstance(error, UnknownTrack) else 422
        return render(request, "recommender/path.html", shown | form | {"problem": error}, status=status)
    except NoActiveRun:
        return render(request, "recommender/path.html", shown | form | {"without_run": True})
    ends = {"start": path.start.title, "end": path.end.title}
    shown |= {"title": _("From %(start)s to %(end)s") % ends, "path": path, "rows": steps_of(path, address)}
    return render(request, "recommender/path.html", shown | form)


def path_form(seeds: list[TrackCard], address: MixAddress, parameters: PathParameters) -> dict[str, Any]:
    """The ends to choose from; a path needs two."""
    ends = picks_of(seeds) if len(seeds) > 1 else []
    last = ends[-1].spotify_id if ends else ""
    return {
        "ends": ends,
        "start": parameters.start,
        "end": parameters.end or last,
        "n_steps": parameters.steps,
        "most_steps": MAX_STEPS,
        "picked": address.picks,
    }
