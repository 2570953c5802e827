"""What the API of mixes and paths takes and answers."""

from typing import Annotated

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

from recommender.answers.requests import MAX_RESULTS, Blend, Scope
from recommender.api.schemas import MAX_LETTERS, TrackOut
from recommender.mixes.paths import MAX_STEPS, USUAL_STEPS
from recommender.mixes.requests import MAX_AVOIDED, MAX_SEEDS
from recommender.parameters.schema import ListParameters

SpotifyId = Annotated[str, Field(max_length=MAX_LETTERS)]


class MixBody(ListParameters):
    model_config = ConfigDict(extra="forbid")

    seeds: list[SpotifyId] = Field(description=f"Spotify ids to start from, at most {MAX_SEEDS}.")
    avoid: list[SpotifyId] = Field(
        default=[], description=f"Spotify ids to steer away from, at most {MAX_AVOIDED}."
    )


class PathQuery(BaseModel):
    start: SpotifyId = Field(description="Spotify id of the track to start from.")
    end: SpotifyId = Field(description="Spotify id of the track to arrive at.")
    steps: int = Field(default=USUAL_STEPS, ge=1, le=MAX_STEPS, description="How many tracks to put between.")
    blend: Blend = Field(default=Blend.BALANCED, description="How sound, genre and listeners are weighed.")
    per_artist: int = Field(
        default=1, ge=0, le=MAX_RESULTS, description="Most tracks of one first artist; 0: no cap."
    )


class SeedRef(Schema):
    spotify_id: str
    title: str


class MixResultOut(Schema):
    track: TrackOut
    seed: SeedRef = Field(description="The seed in whose own list it stands highest.")
    distance: float = Field(description="To that seed: the sum of the parts.")
    score: float = Field(description="1 at distance 0, falling with the distance.")
    reasons: list[str]
    parts: dict[str, float] = Field(description="What the distance is the sum of.")


class MixLinkOut(Schema):
    token: str = Field(
        description="For GET mixes/{token}: the same list while the run is active; files and page for good."
    )
    page: str
    files: dict[str, str] = Field(description="The address of the list as a file, by its ending.")


class MixOut(Schema):
    run: int
    seeds: list[TrackOut]
    avoid: list[TrackOut]
    unknown: list[str] = Field(description="Ids that this catalogue does not have; they were left out.")
    scope: Scope
    nearby_ratio: float | None
    blend: Blend
    results: list[MixResultOut]
    dropped_by: dict[str, int] = Field(description="Tracks that each filter or rule left out.")
    shortfall: str | None = Field(description="Why there are fewer results than asked for.")
    note: str | None = Field(description="What was answered otherwise than asked for.")
    link: MixLinkOut


class PathStepOut(Schema):
    track: TrackOut
    from_previous: float = Field(description="Distance to the track before, by the blend.")
    from_start: float
    from_end: float
    reasons: list[str] = Field(description="What it has in common with the track before.")


class PathOut(Schema):
    run: int
    start: TrackOut
    end: TrackOut
    blend: Blend
    steps: list[PathStepOut]
    shortfall: str | None = Field(description="Why there are fewer steps than asked for.")
