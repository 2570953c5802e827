"""What the track page shows, put into words before the template runs: a page of 100 rows stays quick."""

from collections.abc import Mapping, Sequence
from typing import TypedDict, cast

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import get_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommender.answers.cards import TrackCard
from recommender.answers.recommendations import Recommendation, Recommendations, Scope
from recommender.pages.closeness import closeness, closeness_words
from recommender.pages.panels import colour_of
from recommender.pages.parts import parts_bars, scale_of
from recommender.pages.ways_out import WayOut
from tracks.open_templates import filled_rows
from tracks.templatetags.facts import catalogue_line


class Row(TypedDict):
    """One neighbour as the page lists it, all text; the cluster's are "" when it is the seed's own."""

    rank: str
    spotify_id: str
    url: str
    title: str
    artists: str
    explicit: str
    distance: str
    closeness: str
    reasons: str
    parts: SafeString
    colour: str
    cluster_name: str
    cluster_url: str


def rows_of(found: Recommendations) -> list[Row]:
    """The neighbours in the order of the answer."""
    home, point = found.cluster.number, str(get_format("DECIMAL_SEPARATOR"))
    words = closeness_words(found.request)
    scale = scale_of(each.distance for each in found.results)
    bars = parts_bars([each.parts for each in found.results], scale)
    rows = []
    for rank, (each, bar) in enumerate(zip(found.results, bars, strict=True), start=1):
        distance = f"{each.distance:.2f}".replace(".", point)
        rows.append(_row(rank, each, distance, closeness(each.distance, words), bar, home))
    return rows


def _row(rank: int, result: Recommendation, distance: str, near: str, parts: SafeString, home: int) -> Row:
    track = result.track
    other = track.cluster if track.cluster and track.cluster.number != home else None
    return Row(
        rank=str(rank),
        spotify_id=track.spotify_id,
        url=track.url,
        title=track.title,
        artists=", ".join(track.artists),
        explicit="E" if track.explicit else "",
        distance=distance,
        closeness=near,
        reasons=" · ".join(result.reasons),
        parts=parts,
        colour=str(colour_of(other.number)) if other else "",
        cluster_name=other.name if other else "",
        cluster_url=reverse("cluster", args=[other.number]) if other else "",
    )


def rendered_rows(rows: Sequence[Row]) -> SafeString:
    """The rows as HTML."""
    return filled_rows(
        "recommender/parts/neighbour.html",
        cast("Sequence[dict[str, str]]", rows),
        is_explicit="explicit",
        is_elsewhere="cluster_name",
    )


def rendered_neighbours(rows: Sequence[Row], legend: SafeString, ways: Sequence[WayOut]) -> SafeString:
    """The list as HTML: the ways out of one that is short, the legend of its bars, and its rows."""
    leading = render_to_string("recommender/parts/ways_out.html", {"ways_out": ways}) if ways else ""
    texts = {"ways_out": leading, "legend": legend, "rows": rendered_rows(rows)}
    return filled_rows("recommender/parts/neighbours.html", [texts], has_rows="rows")


def rendered_page(seed: TrackCard, parts: Mapping[str, str]) -> SafeString:
    """The whole page of a track as HTML, filled in: what does not change is rendered once a language.

    parts: the texts of recommender/track.html that are not those of the seed itself or of every page.
    """
    names = {"title": seed.title, "artists": ", ".join(seed.artists)}
    about = _("What to hear after %(title)s by %(artists)s, and why.") % names
    texts = {**names, "about": about, "catalogue": catalogue_line(), **parts}
    return filled_rows("recommender/track.html", [texts], is_newer_than_run="newer")


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
