"""What pages show of a run's clusters.

A published run never changes, so the templates cache what they render of it, by run and language.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

from recommender.answers.cards import TrackCard
from recommender.answers.summaries import (
    ClusterShare,
    ClusterSummary,
    GenreShare,
    cluster_examples,
    clusters_by_number,
)
from recommender.choices import N_COLOURS
from recommender.models import Cluster, ClusteringRun
from recommender.pages.picture import Picture, picture
from recommender.snapshots.snapshot import ClusterRef, Snapshot

GENRES_IN_PANEL = 6
GENRES_ON_CARD = 4
EXAMPLES_IN_PANEL = 3
UNSURE_FROM = 0.02
N_STEPS = 3  # the plain hue and those of tokens.css


@dataclass(frozen=True, slots=True)
class GenreBar:
    """A genre's share in per cent and its lift, as text; `percent` is the bar's length, 0 to 100."""

    genre: str
    share: str
    lift: str
    percent: int


@dataclass(frozen=True, slots=True)
class ClusterBar:
    """A cluster's share in per cent and its lift, as text; `percent` is the bar's length, 0 to 100."""

    cluster: ClusterRef
    colour: int
    share: str
    lift: str
    percent: int


@dataclass(frozen=True, slots=True)
class ClusterCard:
    """A cluster among others: the summary, its colour, some genres, and the track most typical of it.

    step: which step of its cluster's hue a sub-cluster has; 0 is the hue itself.
    """

    cluster: ClusterSummary
    colour: int
    step: int
    genres: list[str]
    example: TrackCard | None


@dataclass(frozen=True, slots=True)
class ClusterPanel:
    """A cluster beside one of its tracks: its leading genres, and some typical tracks."""

    cluster: ClusterSummary
    genre_bars: list[GenreBar]
    examples: list[TrackCard]


@dataclass(frozen=True, slots=True)
class ClustersPicture:
    """The picture of a run, and its clusters with their colours as the legend."""

    picture: Picture
    legend: list[tuple[int, Cluster]]


def colour_of(number: int) -> int:
    """Which of the stylesheet's cluster colours a cluster has."""
    return number % N_COLOURS


def step_of(cluster: ClusterSummary) -> int:
    """Which step of its cluster's hue a sub-cluster has; 0, the hue itself, for a cluster."""
    return 0 if cluster.parent_number is None else cluster.number % N_STEPS


def genre_bars(genres: tuple[GenreShare, ...]) -> list[GenreBar]:
    """The genres as bars, the largest share filling its bar."""
    largest = max((genre.share for genre in genres), default=1.0) or 1.0
    return [
        GenreBar(
            genre=each.genre,
            share=_sure_share(each),
            lift=_rounded(each.lift),
            percent=round(100 * each.share / largest),
        )
        for each in genres
    ]


def _sure_share(genre: GenreShare) -> str:
    """The share in per cent, in a small cluster with half its interval: "24 ± 6"."""
    share = percentage(genre.share)
    if genre.low is None or genre.high is None or genre.high - genre.low < 2 * UNSURE_FROM:
        return share
    return f"{share} ± {percentage((genre.high - genre.low) / 2)}"


def cluster_bars(shares: Sequence[ClusterShare]) -> list[ClusterBar]:
    """Clusters as bars, the largest share filling its bar."""
    largest = max((each.share for each in shares), default=1.0)
    return [
        ClusterBar(
            cluster=each.cluster,
            colour=colour_of(each.cluster.number),
            share=percentage(each.share),
            lift=_rounded(each.lift),
            percent=round(100 * each.share / largest),
        )
        for each in shares
    ]


def percentage(share: float) -> str:
    """A share of 0 to 1 in per cent, two digits' worth."""
    return _rounded(100 * share)


def _rounded(value: float) -> str:
    """Two digits' worth. Rounded first: `number_format` cuts digits off."""
    digits = 1 if value < 10 else 0
    return number_format(round(value, digits), digits)


def cluster_panel(snapshot: Snapshot, cluster: ClusterSummary) -> ClusterPanel:
    """The summary that stands beside a track of the cluster."""
    return ClusterPanel(
        cluster=cluster,
        genre_bars=genre_bars(cluster.genres[:GENRES_IN_PANEL]),
        examples=_examples(snapshot, cluster, EXAMPLES_IN_PANEL),
    )


def cluster_cards(snapshot: Snapshot) -> list[ClusterCard]:
    """All clusters of the run as cards."""
    return [cluster_card(snapshot, cluster) for cluster in clusters_by_number(snapshot).values()]


def cluster_card(snapshot: Snapshot, cluster: ClusterSummary) -> ClusterCard:
    """A cluster or a sub-cluster as a card."""
    return ClusterCard(
        cluster=cluster,
        colour=colour_of(cluster.parent_number or cluster.number),
        step=step_of(cluster),
        genres=[each.genre for each in cluster.genres[:GENRES_ON_CARD]],
        example=next(iter(_examples(snapshot, cluster, 1)), None),
    )


def clusters_picture(run: ClusteringRun) -> ClustersPicture | None:
    """The picture of the run with its legend; None when the run kept no points."""
    clusters = list(Cluster.objects.top_level().filter(run=run).only("number", "name", "name_code", "points"))
    drawn = picture(clusters, run.fitted.get("axes", []))
    return ClustersPicture(drawn, [(colour_of(each.number), each) for each in clusters]) if drawn else None


def _examples(snapshot: Snapshot, cluster: ClusterSummary, count: int) -> list[TrackCard]:
    """The first examples: known ones where there are any."""
    examples = cluster_examples(snapshot, cluster)
    return [*examples.known, *examples.nearest][:count]
