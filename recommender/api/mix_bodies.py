"""Mixes and paths as plain dictionaries."""

from typing import Any

from django.urls import reverse

from recommender.answers.requests import Scope
from recommender.api.bodies import track_body
from recommender.mixes.exports import FileFormat
from recommender.mixes.links import link_of, token_of
from recommender.mixes.mixing import Mix
from recommender.mixes.paths import TrackPath


def mix_body(mix: Mix) -> dict[str, Any]:
    options = mix.request.options
    return {
        "run": mix.run_id,
        "seeds": [track_body(card) for card in mix.seeds],
        "avoid": [track_body(card) for card in mix.avoid],
        "unknown": mix.unknown,
        "scope": options.scope,
        "nearby_ratio": mix.nearby_ratio if options.scope is Scope.NEARBY else None,
        "blend": options.blend,
        "results": [
            {
                "track": track_body(result.track),
                "seed": {"spotify_id": result.seed.spotify_id, "title": result.seed.title},
                "distance": result.distance,
                "score": result.score,
                "reasons": result.reasons,
                "parts": result.parts,
            }
            for result in mix.results
        ],
        "dropped_by": mix.dropped_by,
        "shortfall": mix.shortfall.text if mix.shortfall else None,
        "note": mix.note or None,
        "link": _link_body(token_of(link_of(mix))),
    }


def _link_body(token: str) -> dict[str, Any]:
    return {
        "token": token,
        "page": reverse("mix-link", args=[token]),
        "files": {each.value: reverse("api-1:mix_file", args=[token, each.value]) for each in FileFormat},
    }


def path_body(path: TrackPath) -> dict[str, Any]:
    return {
        "run": path.run_id,
        "start": track_body(path.start),
        "end": track_body(path.end),
        "blend": path.request.blend,
        "steps": [
            {
                "track": track_body(step.track),
                "from_previous": step.from_previous,
                "from_start": step.from_start,
                "from_end": step.from_end,
                "reasons": step.reasons,
            }
            for step in path.steps
        ],
        "shortfall": path.shortfall or None,
    }
