"""Answers as plain dictionaries, built once and written by orjson: no second validation of our own data."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja.parser import Parser
from ninja.types import DictStrAny

from recommender.answers.cards import TrackCard
from recommender.answers.recommendations import Recommendations
from recommender.answers.requests import Scope
from recommender.answers.summaries import ClusterSummary
from recommender.evaluation.verdict import kept_back_text
from recommender.mixes.exports import FileFormat
from recommender.mixes.links import link_of, token_of
from recommender.mixes.mixing import Mix
from recommender.mixes.paths import TrackPath
from recommender.models import ClusteringRun
from recommender.runs.choice_words import choice_in_words
from recommender.snapshots.snapshot import ClusterRef


class StrictParser(Parser):
    """Reads bodies by the letter of RFC 8259: no NaN, no broken Unicode."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        body: DictStrAny = orjson.loads(request.body)
        return body


def json_response(body: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")


def track_body(card: TrackCard) -> dict[str, Any]:
    cluster = card.cluster
    return {
        "spotify_id": card.spotify_id,
        "title": card.title,
        "artists": card.artists,
        "album": card.album,
        "genres": card.genres,
        "popularity": card.popularity,
        "duration_ms": card.duration_ms,
        "explicit": card.explicit,
        "audio_features": card.audio_features,
        "cluster": cluster and _track_cluster(cluster),
        "url": card.url,
    }


def _track_cluster(cluster: ClusterRef) -> dict[str, Any]:
    part = cluster.subcluster
    return {
        "number": cluster.number,
        "name": cluster.name,
        "subcluster": part and {"number": part.number, "name": part.name},
    }


def cluster_body(summary: ClusterSummary) -> dict[str, Any]:
    return {
        "number": summary.number,
        "name": summary.name,
        "size": summary.size,
        "traits": summary.traits,
        "genres": [{"genre": row.genre, "share": row.share, "lift": row.lift} for row in summary.genres],
        "centroid": summary.centroid,
        "subclusters": [
            {"number": each.number, "name": each.name, "size": each.size} for each in summary.subclusters
        ],
    }


def recommendations_body(answer: Recommendations) -> dict[str, Any]:
    request = answer.request
    return {
        "run": answer.run_id,
        "seed": track_body(answer.seed),
        "cluster": cluster_body(answer.cluster),
        "scope": request.scope,
        "nearby_ratio": answer.nearby_ratio if request.scope is Scope.NEARBY else None,
        "blend": request.blend,
        "results": [
            {
                "track": track_body(result.track),
                "distance": result.distance,
                "score": result.score,
                "reasons": result.reasons,
                "parts": result.parts,
            }
            for result in answer.results
        ],
        "dropped_by": answer.dropped_by,
        "shortfall": answer.shortfall.text if answer.shortfall else None,
        "note": answer.note or None,
    }


def mix_body(mix: Mix) -> dict[str, Any]:
    options, token = mix.request.options, token_of(link_of(mix))
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
        "link": {
            "token": token,
            "page": reverse("mix-link", args=[token]),
            "files": {each.value: reverse("api-1:mix_file", args=[token, each.value]) for each in FileFormat},
        },
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


def run_body(run: ClusteringRun, *, with_error: bool) -> dict[str, Any]:
    """A run with its progress. Why it failed may name inner parts: not for everybody."""
    return {
        "id": run.pk,
        "status": run.status,
        "active": run.is_active,
        "phase": run.phase,
        "percent": run.percent,
        "parameters": run.parameters,
        "fitted": run.fitted | {"reason": choice_in_words(run)} if run.fitted else {},
        "scores": run.scores,
        "n_tracks": run.n_tracks,
        "kept_back": kept_back_text(run) or None,
        "error": run.error or None if with_error else None,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
    }
