"""The track that a page is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recommender.answers.cards import TrackCard
from recommender.answers.releases import Release, releases_of
from recommender.answers.standing import Standing
from recommender.answers.summaries import ClusterSummary
from tracks.feature_words import FeatureBar, duration_in_words, feature_bars, key_in_words


@dataclass(frozen=True, slots=True)
class SeedCard:
    """The track that a page is about. `facts` are pairs of a label and a value; `releases` the other releases
    of its recording."""

    spotify_id: str
    title: str
    artists: str
    artist_links: list[tuple[str, str]]
    explicit: bool
    genres: list[str]
    facts: list[tuple[str, str]]
    feature_bars: list[FeatureBar]
    releases: Sequence[Release]


def seed_card(card: TrackCard, cluster: ClusterSummary | None) -> SeedCard:
    """The card of a track: album, year, length and so on, those that are known."""
    itself, *others = releases_of(card)
    features = card.audio_features
    beats = features["time_signature"]
    facts = {
        _("Album"): card.album,
        _("Year"): itself.release_date[:4],
        _("Length"): duration_in_words(card.duration_ms),
        _("Popularity"): "" if card.popularity is None else _("%(n)d of 100") % {"n": card.popularity},
        _("Key"): key_in_words(features["key"], features["mode"]),
        _("Beat"): _("%(beats)d to the bar") % {"beats": beats} if beats else "",
        _("Genres"): "" if card.genres else _("unknown"),
    }
    return SeedCard(
        spotify_id=card.spotify_id,
        title=card.title,
        artists=", ".join(card.artists),
        artist_links=card.artist_links,
        explicit=bool(card.explicit),
        genres=card.genres,
        facts=[(label, value) for label, value in facts.items() if value],
        feature_bars=feature_bars(features, cluster.centroid if cluster else None),
        releases=others,
    )


def standing_in_words(standing: Standing | None) -> str:
    """How typical a track is of its cluster, and the cluster at whose border it is."""
    if standing is None:
        return ""
    text = _("Closer to the middle of its cluster than %(percent)d %% of the tracks.") % {
        "percent": 100 * standing.typical
    }
    if standing.border is not None:
        text += " " + _("It is at the border to: %(cluster)s.") % {"cluster": standing.border.name}
    return text
