"""Tracks as plain rows, without a seed that they are near to: on the pages of artists and genres."""

from collections.abc import Sequence
from typing import NamedTuple

from django.urls import reverse

from recommender.answers.cards import TrackCard
from recommender.pages.panels import colour_of


class TrackRow(NamedTuple):
    """A track; `artists` are pairs of an address and a name, the last three are "" without a cluster.

    A tuple of texts, because a template takes fields apart many times faster than it looks them up.
    """

    spotify_id: str
    url: str
    title: str
    explicit: bool
    artists: Sequence[tuple[str, str]]
    cluster: str
    cluster_url: str
    colour: str


def track_rows(cards: Sequence[TrackCard], *, of_one_artist: bool = False) -> list[TrackRow]:
    """The rows of tracks in their order; of one artist's, only those with others name their artists."""
    clusters = {card.cluster.number: card.cluster.name for card in cards if card.cluster}
    facts = {
        number: (name, reverse("cluster", args=[number]), str(colour_of(number)))
        for number, name in clusters.items()
    }
    return [
        TrackRow(
            card.spotify_id,
            card.url,
            card.title,
            bool(card.explicit),
            () if of_one_artist and len(card.artists) == 1 else card.artist_links,
            *(facts[card.cluster.number] if card.cluster else ("", "", "")),
        )
        for card in cards
    ]
