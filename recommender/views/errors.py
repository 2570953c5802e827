"""What a page cannot answer, as a page that says so."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recommender.answers.recommendations import UnknownTrack
from recommender.mixes.links import BrokenLink
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
        except InvalidQuery as error:
            return render(request, "422.html", {"reason": str(error)}, status=422)
        except SnapshotUnavailable:
            return render(request, "503.html", status=503)

    return answered


def render_no_such_name(request: HttpRequest, name: str, heading: str, **context: Any) -> HttpResponse:
    """A name that is none of an artist, or a genre: it can be searched for."""
    context |= {"name": name, "heading": heading}
    return render(request, "recommender/no_such_name.html", context, status=404)
