"""What the API takes and answers, for checking what comes in and for the documentation of both."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, StrictInt, create_model

from recommender.answers.recommendations import MAX_RESULTS, Blend, Scope
from recommender.choices import FeatureSpace
from recommender.parameters.schema import ListParameters
from recommender.runs.refitting import MAX_CLUSTERS, MAX_SEED, MIN_CLUSTERS
from tracks.audio_features import AUDIO_FEATURES

MAX_LETTERS = 500

Limit = Annotated[int, Field(ge=1, le=MAX_RESULTS)]


class SearchQuery(BaseModel):
    q: str = Field(max_length=MAX_LETTERS, description="Title, artist, album, or a Spotify link or id.")
    limit: Limit = 10


class RecommendationQuery(ListParameters):
    """The parameters of a list of recommendations."""


class RunsQuery(BaseModel):
    limit: Limit = 20


class RefitBody(Schema):
    model_config = ConfigDict(extra="forbid")

    n_clusters: StrictInt | None = Field(
        default=None,
        ge=MIN_CLUSTERS,
        le=MAX_CLUSTERS,
        description="Leave out to have it chosen automatically.",
    )
    random_state: StrictInt = Field(default=0, ge=0, le=MAX_SEED)
    feature_space: FeatureSpace = Field(
        default=FeatureSpace.CONTEXT,
        description="What clusters are made of: the audio features, drawn to what genres and artist make one "
        "expect (context), as they are (audio), or drawn to what listeners make one expect too (listeners).",
    )


class ErrorDetail(Schema):
    code: str
    message: str


class ErrorBody(Schema):
    error: ErrorDetail


class TrackSubcluster(Schema):
    number: int
    name: str


class TrackCluster(Schema):
    number: int
    name: str
    subcluster: TrackSubcluster | None = Field(description="Null where the cluster is not split.")


AudioFeatures = create_model(
    "AudioFeatures",
    __base__=Schema,
    **{feature.name: (float if feature.continuous else int | None, ...) for feature in AUDIO_FEATURES},  # type: ignore[call-overload]
)


class TrackOut(Schema):
    spotify_id: str
    title: str
    artists: list[str]
    album: str
    genres: list[str]
    popularity: int | None = Field(description="0 to 100; null where unknown.")
    duration_ms: int | None = Field(description="Null where unknown.")
    explicit: bool | None
    audio_features: AudioFeatures  # type: ignore[valid-type]
    cluster: TrackCluster | None
    url: str


class FoundTrack(TrackOut):
    releases: int = Field(description="How many tracks of the catalogue are this song.")


class SearchGroup(Schema):
    kind: Literal["artist", "title"]
    name: str
    spotify_ids: list[str] = Field(description="The tracks by that artist or of that title, best first.")


class SearchOut(Schema):
    results: list[FoundTrack]
    corrected: bool = Field(description="True when a typo had to be forgiven, or a word left out.")
    incomplete: bool = Field(description="True when no track has all the words.")
    cut: bool = Field(description="True when only the beginning of a long text was looked for.")
    groups: list[SearchGroup] = Field(
        description="When no track has all words: by which name each was found."
    )


class ClusterGenre(Schema):
    genre: str
    share: float = Field(description="Share of the cluster's tracks that have the genre.")
    lift: float = Field(description="That share over the genre's share of the catalogue.")


class SubclusterOut(Schema):
    number: int
    name: str
    size: int


class ClusterOut(Schema):
    number: int
    name: str
    size: int
    traits: list[str]
    genres: list[ClusterGenre]
    centroid: dict[str, float] = Field(description="Mean of each audio feature, in its own unit.")
    subclusters: list[SubclusterOut] = Field(description="None where the cluster is not split.")


class ClustersOut(Schema):
    run: int | None
    results: list[ClusterOut]


class RecommendationOut(Schema):
    track: TrackOut
    distance: float = Field(
        description="Blend sound: Euclidean, in the run's scaled feature space. Else the sum of parts."
    )
    score: float = Field(description="1 at distance 0, falling with the distance.")
    reasons: list[str]
    parts: dict[str, float] = Field(description="What the distance is the sum of, by part.")


class RecommendationsOut(Schema):
    run: int
    seed: TrackOut
    cluster: ClusterOut
    scope: Scope
    nearby_ratio: float | None = Field(
        description="Scope nearby: how many times as far as the nearest centroid another one may be."
    )
    blend: Blend
    results: list[RecommendationOut]
    dropped_by: dict[str, int] = Field(
        description="Tracks of the scope that each filter leaves out by itself; nearer ones that a rule did."
    )
    shortfall: str | None = Field(description="Why there are fewer results than asked for.")
    note: str | None = Field(description="What was answered otherwise than asked.")


class RunOut(Schema):
    id: int
    status: str
    active: bool
    phase: str
    percent: int
    parameters: dict[str, Any]
    fitted: dict[str, Any]
    scores: dict[str, Any] = Field(
        description="Its figures; `harness`: on held-out playlists, `challenge`: against the active run."
    )
    n_tracks: int
    kept_back: str | None = Field(
        description="Why it was not made active by itself: worse on held-out playlists."
    )
    error: str | None = Field(description="Why it failed; for members of staff.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class RunsOut(Schema):
    results: list[RunOut]
