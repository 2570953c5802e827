"""Audio features as people read them: their names, what they say, and values in their own units."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter

from django.utils.formats import get_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracks.audio_features import AUDIO_FEATURES, BY_NAME, KEYS, AudioFeature

READING_ORDER: tuple[AudioFeature, ...] = tuple(sorted(AUDIO_FEATURES, key=attrgetter("place")))


@dataclass(frozen=True, slots=True)
class FeatureBar:
    """One audio feature of a track: `percent` and `usual_percent` are positions on its bar, 0 to 100;
    as text, because a template would write numbers with the reader's separators, slowly.

    `usual_percent` is that of the value it is compared with (the cluster's mean), "" when there is none.
    """

    label: str
    hint: str
    value: str
    percent: str
    usual_percent: str


@lru_cache(maxsize=16)
def _labels(language: str | None) -> dict[str, tuple[str, str, str]]:
    """Label, hint and unit of the continuous features in one language: each translation costs."""
    shown = (feature for feature in READING_ORDER if feature.continuous)
    return {each.name: (str(each.label), str(each.hint), str(each.in_words)) for each in shown}


def feature_label(name: str) -> str:
    """What any of the 12 features is called."""
    return str(BY_NAME[name].label)


def feature_bars(values: Mapping[str, float], usual: Mapping[str, float] | None = None) -> list[FeatureBar]:
    """The continuous features, in reading order, each with its usual value where that is known."""
    usual = usual or {}
    return [
        FeatureBar(
            label=label,
            hint=hint,
            value=_in_words(BY_NAME[name], values[name], in_words),
            percent=_position(BY_NAME[name], values[name]),
            usual_percent=_position(BY_NAME[name], usual[name]) if name in usual else "",
        )
        for name, (label, hint, in_words) in _labels(get_language()).items()
        if name in values
    ]


def _in_words(feature: AudioFeature, value: float, in_words: str) -> str:
    if feature.name == "tempo" and not value:
        return _("no beat found")
    number = f"{100 * value if feature.is_share else value:.{feature.decimals}f}".replace("-", "−")
    return in_words % {"number": number.replace(".", str(get_format("DECIMAL_SEPARATOR")))}


def value_in_words(name: str, value: float | None) -> str:
    """A value of any of the 12 features, rounded as bars show it: `118 BPM`, `minor`; "" when unknown."""
    if value is None:
        return ""
    feature = BY_NAME[name]
    if not feature.continuous:
        return exact_value_in_words(name, value)
    return _in_words(feature, value, str(feature.in_words))


def exact_value_in_words(name: str, value: float) -> str:
    """A value of any of the 12 features as it was asked for, no digit rounded away: `118.5 BPM`, `12.5 %`."""
    feature = BY_NAME[name]
    if not feature.continuous:
        return str(feature.values.get(int(value), int(value)))
    number = number_format(Decimal(f"{100 * value if feature.is_share else value:.10g}")).replace("-", "−")
    return str(feature.in_words) % {"number": number}


def _position(feature: AudioFeature, value: float) -> str:
    low, high = feature.bar
    return str(round(min(100.0, max(0.0, 100 * (value - low) / (high - low)))))


def key_in_words(key: int | None, mode: int | None) -> str:
    """`C♯/D♭ minor`, or "" when the key is unknown."""
    if key is None or not 0 <= key < len(KEYS):
        return ""
    scale = {0: _("%(key)s minor"), 1: _("%(key)s major")}.get(mode if mode is not None else -1, "%(key)s")
    return scale % {"key": KEYS[key]}


def duration_in_words(duration_ms: int | None) -> str:
    """`3:51`, or `1:02:03` from an hour on; "" when unknown."""
    if not duration_ms:
        return ""
    minutes, seconds = divmod(round(duration_ms / 1000), 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
