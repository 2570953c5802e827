"""The audio features of a track, as Spotify defines them: names, units and ranges. No Django here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AudioFeature:
    """One column of the feature matrix.

    `low` and `high` bound what an import accepts, both included; `continuous` features are the
    ones distances are measured in, and every track must have them.
    """

    name: str
    low: float
    high: float
    unit: str = ""
    continuous: bool = True


AUDIO_FEATURES: tuple[AudioFeature, ...] = (
    AudioFeature("danceability", 0, 1),
    AudioFeature("energy", 0, 1),
    AudioFeature("key", -1, 11, continuous=False),
    AudioFeature("loudness", -60, 10, "dB"),
    AudioFeature("mode", 0, 1, continuous=False),
    AudioFeature("speechiness", 0, 1),
    AudioFeature("acousticness", 0, 1),
    AudioFeature("instrumentalness", 0, 1),
    AudioFeature("liveness", 0, 1),
    AudioFeature("valence", 0, 1),
    AudioFeature("tempo", 0, 300, "BPM"),
    AudioFeature("time_signature", 0, 7, continuous=False),
)

FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in AUDIO_FEATURES)
CONTINUOUS_FEATURES: tuple[str, ...] = tuple(f.name for f in AUDIO_FEATURES if f.continuous)
