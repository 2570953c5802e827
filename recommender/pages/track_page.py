"""What the track page shows, put into words before the template runs."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommender.answers.recommendations import Recommendations, Scope
from recommender.answers.requests import Blend, RecommendationRequest
from recommender.pages.closeness import Closeness, closeness, closeness_words
from recommender.pages.panels import colour_of
from recommender.parameters.labels import BLENDS
from recommender.snapshots.snapshot import ClusterRef


@dataclass(frozen=True, slots=True)
class Row:
    """A track of a list. `elsewhere` is its cluster where that is not the seed's own; `distance_url` is the
    page that tells what its distance is made of, where there is one; `is_taken` says that it is part of the
    mix, and is None on pages of no mix."""

    spotify_id: str
    url: str
    title: str
    artists: str
    explicit: bool
    reasons: str
    closeness: Closeness
    distance_url: str = ""
    elsewhere: ClusterRef | None = None
    colour: int = 0
    is_taken: bool | None = None


def rows_of(found: Recommendations, query: str) -> list[Row]:
    """The neighbours in the order of the answer; `query` asks for this very list."""
    words = closeness_words(found.request)
    base = f"{found.seed.url}to/"
    query = f"?{query}" if query else ""
    rows = []
    for each in found.results:
        track = each.track
        other = track.cluster if track.cluster and track.cluster.number != found.cluster.number else None
        rows.append(
            Row(
                spotify_id=track.spotify_id,
                url=track.url,
                title=track.title,
                artists=", ".join(track.artists),
                explicit=bool(track.explicit),
                reasons=" · ".join(each.reasons),
                closeness=closeness(each.distance, words),
                distance_url=f"{base}{track.spotify_id}/{query}",
                elsewhere=other,
                colour=colour_of(other.number) if other else 0,
            )
        )
    return rows


def request_in_words(request: RecommendationRequest, n_filters: int, n_seeds: int = 1) -> str:
    """What a list is asked for, in one line: "20 from its cluster, 1 per artist"."""
    place = {
        Scope.CLUSTER: ngettext("from its cluster", "from their clusters", n_seeds),
        Scope.NEARBY: _("from nearby clusters"),
        Scope.EVERYWHERE: _("from everywhere"),
    }[request.scope]
    parts = [_("Up to %(limit)d %(place)s") % {"limit": request.limit, "place": place}]
    if request.blend is not Blend.BALANCED:
        parts.append(_("compared by: %(blend)s") % {"blend": str(BLENDS[request.blend]).lower()})
    if request.per_artist:
        text = ngettext("%(count)d per artist", "up to %(count)d per artist", request.per_artist)
        parts.append(text % {"count": request.per_artist})
    if n_filters:
        parts.append(ngettext("%(count)d filter", "%(count)d filters", n_filters) % {"count": n_filters})
    return ", ".join(parts)


def status_in_words(found: Recommendations) -> str:
    """What stands above the list: where it comes from, what was left out, and why it is short."""
    shortfall = found.shortfall.in_short if found.shortfall else ""
    sentences = (scope_in_words(found), left_out_in_words(found.dropped_by), shortfall)
    return " ".join(filter(None, sentences))


def scope_in_words(found: Recommendations) -> str:
    """Where the neighbours come from, as a sentence; "" for none."""
    count = len(found.results)
    if not count:
        return ""
    if found.request.scope is Scope.CLUSTER or len(found.searched) == 1:
        text = ngettext(
            "%(count)d track of its cluster.", "%(count)d tracks of its cluster, nearest first.", count
        )
        return text % {"count": count}
    text = ngettext(
        "%(count)d track out of %(clusters)d clusters.",
        "%(count)d tracks out of %(clusters)d clusters, nearest first.",
        count,
    )
    return text % {"count": count, "clusters": len(found.searched)}


def left_out_in_words(dropped_by: Mapping[str, int]) -> str:
    """How many nearer tracks were left out and why; "" when none was."""
    parts = []
    if capped := dropped_by.get("per_artist"):
        parts.append(
            ngettext("%(count)d by an artist already listed", "%(count)d by artists already listed", capped)
            % {"count": capped}
        )
    if releases := dropped_by.get("recording"):
        parts.append(
            ngettext("%(count)d re-release", "%(count)d re-releases", releases) % {"count": releases}
        )
    return _("Left out on the way: %(parts)s.") % {"parts": ", ".join(parts)} if parts else ""
