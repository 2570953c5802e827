"""The track that a page is about: its facts, its genres, its other releases and its features."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recommender.answers.cards import TrackCard
from recommender.answers.releases import Release
from recommender.answers.summaries import ClusterSummary
from tracks.feature_words import FeatureBar, duration_in_words, feature_bars, key_in_words


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact, in words."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class SeedCard:
    """A track as its page shows it; `releases` are the others of its recording."""

    spotify_id: str
    title: str
    artists: str
    explicit: bool
    genres: list[str]
    facts: list[Fact]
    feature_bars: list[FeatureBar]
    releases: Sequence[Release]


def seed_card(card: TrackCard, cluster: ClusterSummary | None, releases: Sequence[Release]) -> SeedCard:
    """The card of a track; `releases` are those of its recording, the track itself first."""
    return SeedCard(
        spotify_id=card.spotify_id,
        title=card.title,
        artists=", ".join(card.artists),
        explicit=bool(card.explicit),
        genres=card.genres,
        facts=facts_of(card, releases[0].release_date),
        feature_bars=feature_bars(card.audio_features, cluster.centroid if cluster else None),
        releases=releases[1:],
    )


def facts_of(card: TrackCard, release_date: str) -> list[Fact]:
    """Album, year, length and so on, those that are known."""
    features = card.audio_features
    popularity = "" if card.popularity is None else _("%(number)d of 100") % {"number": card.popularity}
    beats = features["time_signature"]
    facts = (
        (_("Album"), card.album),
        (_("Year"), release_date[:4]),
        (_("Length"), duration_in_words(card.duration_ms)),
        (_("Popularity"), popularity),
        (_("Key"), key_in_words(features["key"], features["mode"])),
        (_("Beat"), _("%(beats)d to the bar") % {"beats": beats} if beats else ""),
        (_("Genres"), "" if card.genres else _("unknown")),
    )
    return [Fact(label, value) for label, value in facts if value]
