"""What pages show of any list of tracks: its rows, how near each is and why, what was asked for, and where to
go from a list that is too short."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from recommender.answers.cards import TrackCard
from recommender.answers.filter_words import without_filters
from recommender.answers.filters import TrackFilters
from recommender.answers.recommendations import Recommendations
from recommender.answers.requests import Blend, RecommendationRequest, Scope
from recommender.answers.shortfalls import Shortfall
from recommender.pages.panels import colour_of
from recommender.parameters.labels import BLENDS
from recommender.snapshots.snapshot import ClusterRef

# The distances that each word holds below, in standard deviations of the catalogue; half of all pairs are
# farther apart than 3.7.
BY_SOUND: dict[float, Promise] = {
    0.35: gettext_lazy("almost the same"),
    0.7: gettext_lazy("very close"),
    1.2: pgettext_lazy("near in sound", "close"),
    2.0: gettext_lazy("related"),
    float("inf"): gettext_lazy("farther off"),
}
# Blended, where familiarity plays no part: of the first twenty of a list about a tenth is very close, most
# are close, and one in twenty is farther off.
BLENDED: dict[float, Promise] = {
    1.5: gettext_lazy("very close"),
    2.1: pgettext_lazy("near in sound", "close"),
    2.65: gettext_lazy("related"),
    float("inf"): gettext_lazy("farther off"),
}
# What each step of familiarity adds to the distance of most tracks: few are as well known as the best known
# one, most of the nearest are hardly known at all.
ADDED_FOR_WELL_KNOWN, ADDED_FOR_HIDDEN_GEMS = 0.65, 0.15
# The parts of a distance in the order of its bar; static/css/track.css has a colour for each.
PARTS: dict[str, Promise] = {
    "sound": gettext_lazy("sound"),
    "genre": gettext_lazy("genre"),
    "artist": gettext_lazy("artist"),
    "listeners": gettext_lazy("listeners"),
    "popularity": gettext_lazy("popularity"),
    "familiarity": gettext_lazy("little known"),
    "duration": gettext_lazy("length"),
    "hubness": gettext_lazy("in too many lists"),
    "target": gettext_lazy("off your targets"),
}
SHOWN_FROM = 0.005  # a smaller part would round to 0.00
FILTERS_OFFERED = 4


class Closeness(NamedTuple):
    """How near, in a word and as the filled dots of a mark: 1 is the farthest. Text, because a template
    writes numbers with the reader's separators, slowly."""

    word: str
    dots: str


def closeness(distances: Iterable[float], request: RecommendationRequest) -> list[Closeness]:
    """How near each distance of a list is: rounded to the two decimals that pages show, so that no row is
    called nearer than one before it."""
    cuts, shift = BY_SOUND, 0.0
    if request.blend is not Blend.SOUND:
        added = ADDED_FOR_WELL_KNOWN if request.familiarity > 0 else ADDED_FOR_HIDDEN_GEMS
        cuts, shift = BLENDED, added * abs(request.familiarity)
    bounds = [round(cut + shift, 2) for cut in cuts]
    steps = [Closeness(str(word), str(len(cuts) - place)) for place, word in enumerate(cuts.values())]
    return [steps[bisect_right(bounds, round(distance, 2))] for distance in distances]


@dataclass(slots=True)
class Row:
    """A track of a list. `artists` are pairs of an address and a name. `distance_url` is the page that tells
    what its distance is made of, "" where there is none; `other_cluster` its cluster where that is not the
    seed's own; `is_in_mix` says whether it is part of the mix, and is None on pages of no mix."""

    spotify_id: str
    url: str
    title: str
    artists: list[tuple[str, str]]
    explicit: bool
    reasons: str
    closeness: str
    dots: str
    distance_url: str
    other_cluster: ClusterRef | None = None
    colour: int = 0
    is_in_mix: bool | None = None


def row_of(
    card: TrackCard, url: str, reasons: Sequence[str], near: Closeness, distance_url: str, **more: Any
) -> Row:
    """A track as a row; `more` are the fields of `Row` that not every list has."""
    return Row(
        spotify_id=card.spotify_id,
        url=url,
        title=card.title,
        artists=card.artist_links,
        explicit=bool(card.explicit),
        reasons=" · ".join(reasons),
        closeness=near.word,
        dots=near.dots,
        distance_url=distance_url,
        **more,
    )


def neighbour_rows(found: Recommendations, query: str) -> list[Row]:
    """The neighbours in the order of the answer; `query` asks for this very list.

    Addresses of distances are relative to the track's page: it has two of them in each of its rows.
    """
    query = f"?{query}" if query else ""
    near = closeness((each.distance for each in found.results), found.request)
    rows = []
    for each, how_near in zip(found.results, near, strict=True):
        card = each.track
        row = row_of(card, card.url, each.reasons, how_near, f"to/{card.spotify_id}/{query}")
        if card.cluster and card.cluster.number != found.cluster.number:
            row.other_cluster, row.colour = card.cluster, colour_of(card.cluster.number)
        rows.append(row)
    return rows


def count_filters(filters: TrackFilters) -> int:
    """How many filters and targets a request has."""
    single = (filters.explicit, filters.min_popularity, filters.max_popularity)
    several = (filters.genres, filters.exclude_genres, filters.minimum, filters.maximum, filters.target)
    return sum(value is not None for value in single) + sum(map(len, several))


def request_in_words(request: RecommendationRequest, n_seeds: int = 1) -> str:
    """What a list is asked for, in one line: "20 from its cluster, 1 per artist"."""
    place = {
        Scope.SUBCLUSTER: ngettext("from its sub-cluster", "from their sub-clusters", n_seeds),
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
    if n_filters := count_filters(request.filters):
        parts.append(ngettext("%(count)d filter", "%(count)d filters", n_filters) % {"count": n_filters})
    return ", ".join(parts)


def status_in_words(found: Recommendations) -> str:
    """Where a list comes from, what was left out, and why it is short."""
    count, n_clusters = len(found.results), len(found.searched)
    if not count:
        source = ""
    elif found.request.scope is Scope.SUBCLUSTER:
        source = ngettext(
            "%(count)d track of its sub-cluster.",
            "%(count)d tracks of its sub-cluster, nearest first.",
            count,
        ) % {"count": count}
    elif found.request.scope is Scope.CLUSTER or n_clusters == 1:
        source = ngettext(
            "%(count)d track of its cluster.", "%(count)d tracks of its cluster, nearest first.", count
        ) % {"count": count}
    else:
        source = ngettext(
            "%(count)d track out of %(clusters)d clusters.",
            "%(count)d tracks out of %(clusters)d clusters, nearest first.",
            count,
        ) % {"count": count, "clusters": n_clusters}
    shortfall = found.shortfall.in_short if found.shortfall else ""
    return " ".join(filter(None, (source, left_out_in_words(found.dropped_by), shortfall)))


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


@dataclass(frozen=True, slots=True)
class WayOut:
    """A link to a longer list."""

    text: str
    url: str


def ways_out(
    shortfall: Shortfall | None,
    request: RecommendationRequest,
    url_of: Callable[[RecommendationRequest], str],
) -> list[WayOut]:
    """What to ask for instead: without each filter that alone is in the way, without all of them, with more
    of an artist, and in a wider scope. Nothing for a list that is full."""
    if shortfall is None:
        return []
    found: list[tuple[str, RecommendationRequest]] = []
    in_the_way = [each for each in shortfall.obstacles if each.count][:FILTERS_OFFERED]
    for each in in_the_way:
        text = ngettext(
            "Without “%(filter)s”: %(count)d more", "Without “%(filter)s”: %(count)d more", each.count
        )
        others = without_filters(request.filters, each.filter.names)
        facts = {"filter": each.filter.words, "count": each.count}
        found.append((text % facts, replace(request, filters=others)))
    if len(shortfall.obstacles) > 1:
        names = tuple(name for each in shortfall.obstacles for name in each.filter.names)
        others = without_filters(request.filters, names)
        found.append((_("Without any of these filters"), replace(request, filters=others)))
    if shortfall.capped:
        text = _("Any number from one artist: %(count)d more") % {"count": shortfall.capped}
        found.append((text, replace(request, per_artist=0)))
    if request.scope is Scope.SUBCLUSTER:
        found.append((_("Look in its whole cluster"), replace(request, scope=Scope.CLUSTER)))
    if request.scope in (Scope.SUBCLUSTER, Scope.CLUSTER):
        found.append((_("Look nearby too"), replace(request, scope=Scope.NEARBY)))
    if request.scope is not Scope.EVERYWHERE:
        found.append((_("Look everywhere"), replace(request, scope=Scope.EVERYWHERE)))
    return [WayOut(text, url_of(other)) for text, other in found]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a distance by the name of its colour, in words and figures; `start`, `width` are per cent of
    the bar."""

    name: str
    word: Promise
    value: str
    start: str
    width: str


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance in figures, and what it is made of."""

    value: str
    parts: list[Part]


def distance_of(distance: float, parts: Mapping[str, float]) -> Distance:
    """The parts that show, end to end over the whole bar."""
    shown = {name: parts[name] for name in PARTS if parts.get(name, 0) >= SHOWN_FROM}
    scale, start, segments = 100 / (sum(shown.values()) or 1), 0.0, []
    for name, value in shown.items():
        width = value * scale
        figures = number_format(value, decimal_pos=2)
        segments.append(Part(name, PARTS[name], figures, f"{start:.1f}", f"{width:.1f}"))
        start += width
    return Distance(number_format(distance, decimal_pos=2), segments)
