"""The card of the track that a page is about: its facts, its genres, its other releases and its features."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from recommender.answers.cards import TrackCard
from recommender.answers.releases import Release
from recommender.answers.summaries import ClusterSummary
from recommender.pages.panels import colour_of
from tracks.feature_words import duration_in_words, feature_bars, feature_rows, key_in_words
from tracks.open_templates import filled_rows


@dataclass(frozen=True, slots=True)
class _Words:
    """What every card says, in one language: looked up once, as each translation costs."""

    album: str
    year: str
    length: str
    popularity: str
    of_hundred: str
    key: str
    beat: str
    genres: str
    unknown: str
    to_the_bar: str


@lru_cache(maxsize=16)
def _words(language: str | None) -> _Words:
    return _Words(
        album=_("Album"),
        year=_("Year"),
        length=_("Length"),
        popularity=_("Popularity"),
        of_hundred=_("%(number)d of 100"),
        key=_("Key"),
        beat=_("Beat"),
        genres=_("Genres"),
        unknown=_("unknown"),
        to_the_bar=_("%(beats)d to the bar"),
    )


def rendered_seed(
    card: TrackCard,
    cluster: ClusterSummary | None,
    releases: Sequence[Release],
    add_url: str,
    avoid_url: str,
) -> SafeString:
    """The card as HTML; `releases` are those of its recording, the track itself first. The addresses are
    those of a mix with the track in it or avoided, "" to offer none."""
    others = releases[1:]
    texts = {
        "spotify_id": card.spotify_id,
        "title": card.title,
        "artists": ", ".join(card.artists),
        "explicit": "E" if card.explicit else "",
        "colour": str(colour_of(cluster.number)) if cluster else "",
        "facts": filled_rows("recommender/parts/fact.html", facts_of(card, releases[0].release_date)),
        "genres": filled_rows("recommender/parts/tag.html", [{"text": genre} for genre in card.genres]),
        "releases": _rendered_releases(others),
        "releases_count": _count_in_words(len(others)) if others else "",
        "add_url": add_url,
        "avoid_url": avoid_url,
        "features": feature_rows(feature_bars(card.audio_features, cluster.centroid if cluster else None)),
    }
    return filled_rows(
        "recommender/parts/seed.html",
        [texts],
        is_explicit="explicit",
        has_cluster="colour",
        has_genres="genres",
        has_releases="releases",
        can_be_added="add_url",
    )


def facts_of(card: TrackCard, release_date: str) -> list[dict[str, str]]:
    """Album, year, length and so on, those that are known: each a `label` and a `value`."""
    features, words = card.audio_features, _words(get_language())
    beat = features["time_signature"]
    facts = (
        (words.album, card.album),
        (words.year, release_date[:4]),
        (words.length, duration_in_words(card.duration_ms)),
        (words.popularity, "" if card.popularity is None else words.of_hundred % {"number": card.popularity}),
        (words.key, key_in_words(features["key"], features["mode"])),
        (words.beat, words.to_the_bar % {"beats": beat} if beat else ""),
        (words.genres, "" if card.genres else words.unknown),
    )
    return [{"label": label, "value": value} for label, value in facts if value]


def _rendered_releases(releases: Sequence[Release]) -> SafeString:
    rows = [
        {"url": reverse("track", args=[each.spotify_id]), "title": each.title, "album": each.album}
        for each in releases
    ]
    return filled_rows("recommender/parts/release.html", rows)


def _count_in_words(count: int) -> str:
    text = ngettext(
        "%(count)d other release of this recording", "%(count)d other releases of this recording", count
    )
    return text % {"count": count}
