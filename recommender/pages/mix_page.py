"""What the mix page shows, put into words and links before the template runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommender.answers.cards import TrackCard, cards_of_ids
from recommender.mixes.exports import FileFormat
from recommender.mixes.mixing import Mix
from recommender.mixes.paths import TrackPath
from recommender.mixes.requests import MAX_AVOIDED, MAX_SEEDS
from recommender.pages.lists import Row, closeness, row_of
from recommender.parameters.mix_address import SEED, MixAddress, url_with_pick
from tracks.catalogue import WellKnown
from tracks.search import Hit

MAX_SHOWN = 2 * MAX_SEEDS  # what is too much is shown too, to be taken out


@dataclass(frozen=True, slots=True)
class Pick:
    """A track of the mix, or one that can be taken into it."""

    spotify_id: str
    title: str
    artists: str
    url: str
    is_in_mix: bool = False
    artist_links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Download:
    label: str
    url: str


def picks_of(cards: Sequence[TrackCard]) -> list[Pick]:
    """Tracks of the mix. Their links do not carry it: of a hundred, each would name all the others."""
    return [
        Pick(each.spotify_id, each.title, ", ".join(each.artists), each.url, True, each.artist_links)
        for each in cards
    ]


def hits_of(hits: Sequence[Hit], address: MixAddress) -> list[Pick]:
    """Found tracks, to be taken into the mix."""
    chosen = {*address.seeds, *address.avoid}
    return [
        Pick(
            spotify_id=hit.spotify_id,
            title=hit.title,
            artists=", ".join(hit.artist_names),
            url=address.at(reverse("track", args=[hit.spotify_id])),
            is_in_mix=hit.spotify_id in chosen,
            artist_links=hit.artist_links,
        )
        for hit in hits
    ]


def rows_of(mix: Mix, address: MixAddress) -> list[Row]:
    """The results of a mix in their order. The form of the mix carries it along to the distances."""
    near = closeness((each.distance for each in mix.results), mix.request.options)
    chosen = {*address.seeds, *address.avoid}
    return [
        row_of(
            each.track,
            address.at(each.track.url),
            each.reasons,
            how_near,
            reverse("mix-distance", args=[each.track.spotify_id]),
            is_in_mix=each.track.spotify_id in chosen,
        )
        for each, how_near in zip(mix.results, near, strict=True)
    ]


def steps_of(path: TrackPath, address: MixAddress) -> list[Row]:
    """The steps of a path in their order, each as near as it is to the one before."""
    near = closeness((each.from_previous for each in path.steps), path.request.options)
    chosen = {*address.seeds, *address.avoid}
    return [
        row_of(
            each.track,
            address.at(each.track.url),
            each.reasons,
            how_near,
            distance_url="",
            is_in_mix=each.track.spotify_id in chosen,
        )
        for each, how_near in zip(path.steps, near, strict=True)
    ]


def downloads_of(token: str) -> list[Download]:
    """The files that the list can be saved as."""
    return [
        Download(file_format.upper(), reverse("api-1:mix_file", args=[token, file_format.value]))
        for file_format in FileFormat
    ]


def suggestions(well_known: Sequence[WellKnown], address: MixAddress) -> list[Pick]:
    """Tracks that many know, each with the page of the mix that begins with it."""
    return [
        Pick(each.spotify_id, each.title, each.artist, url_with_pick(address.fields, SEED, each.spotify_id))
        for each in well_known
    ]


def where_in_words(mix: Mix) -> str:
    """How many tracks there are and from what, as a sentence."""
    n_results, n_seeds, n_avoided = len(mix.results), len(mix.seeds), len(mix.avoid)
    tracks = ngettext("%(count)d track", "%(count)d tracks, what fits best first", n_results) % {
        "count": n_results
    }
    seeds = ngettext("from %(count)d seed", "from %(count)d seeds", n_seeds) % {"count": n_seeds}
    if not mix.avoid:
        return _("%(tracks)s, %(seeds)s.") % {"tracks": tracks, "seeds": seeds}
    avoided = ngettext(
        "away from %(count)d avoided track", "away from %(count)d avoided tracks", n_avoided
    ) % {"count": n_avoided}
    return _("%(tracks)s, %(seeds)s, %(avoided)s.") % {"tracks": tracks, "seeds": seeds, "avoided": avoided}


def cards_of_picks(spotify_ids: Sequence[str]) -> list[TrackCard]:
    """Those of the catalogue, in the order of the address."""
    found = cards_of_ids(spotify_ids[:MAX_SHOWN], None)
    return [found[each] for each in spotify_ids if each in found]


def mix_form(address: MixAddress) -> dict[str, Any]:
    """What the buttons that change a mix send along, and how much it can hold."""
    return {"carried": address.fields, "most_seeds": MAX_SEEDS, "most_avoided": MAX_AVOIDED}
