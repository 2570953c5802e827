"""Audio features as people read them: their names, what they say, and values in their own units."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.formats import get_format, number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

LABELS: dict[str, Promise] = {
    "danceability": gettext_lazy("Danceability"),
    "energy": gettext_lazy("Energy"),
    "valence": gettext_lazy("Happiness"),
    "acousticness": gettext_lazy("Acousticness"),
    "instrumentalness": gettext_lazy("Instrumentalness"),
    "speechiness": gettext_lazy("Spoken words"),
    "liveness": gettext_lazy("Liveness"),
    "tempo": gettext_lazy("Tempo"),
    "loudness": gettext_lazy("Loudness"),
}

OTHER_LABELS: dict[str, Promise] = {
    "key": gettext_lazy("Key"),
    "mode": gettext_lazy("Mode"),
    "time_signature": gettext_lazy("Beats to the bar"),
}

HINTS: dict[str, Promise] = {
    "danceability": gettext_lazy("How steady and danceable the beat is"),
    "energy": gettext_lazy("How loud, fast and busy it feels"),
    "valence": gettext_lazy("How happy it sounds; low is sad or angry (Spotify says valence)"),
    "acousticness": gettext_lazy("How sure it is that no electronics play"),
    "instrumentalness": gettext_lazy("How sure it is that nobody sings"),
    "speechiness": gettext_lazy("How much is spoken rather than sung"),
    "liveness": gettext_lazy("How sure it is that an audience was there"),
    "tempo": gettext_lazy("Beats per minute"),
    "loudness": gettext_lazy("Mean loudness below full scale"),
}

SHOWN_RANGES = {"tempo": (40.0, 220.0), "loudness": (-40.0, 0.0)}
KEYS: tuple[Promise, ...] = (
    pgettext_lazy("musical key", "C"),
    pgettext_lazy("musical key", "C♯/D♭"),
    pgettext_lazy("musical key", "D"),
    pgettext_lazy("musical key", "D♯/E♭"),
    pgettext_lazy("musical key", "E"),
    pgettext_lazy("musical key", "F"),
    pgettext_lazy("musical key", "F♯/G♭"),
    pgettext_lazy("musical key", "G"),
    pgettext_lazy("musical key", "G♯/A♭"),
    pgettext_lazy("musical key", "A"),
    pgettext_lazy("musical key", "A♯/B♭"),
    pgettext_lazy("musical key", "B"),
)


UNITS: dict[str, Promise] = {
    "tempo": gettext_lazy("%(number)s BPM"),
    "loudness": gettext_lazy("%(number)s dB"),
}
# What the features that are no amounts can be.
CATEGORY_VALUES: dict[str, dict[int, Promise | str]] = {
    "key": dict(enumerate(KEYS)),
    "mode": {1: gettext_lazy("major"), 0: gettext_lazy("minor")},
    "time_signature": {beats: str(beats) for beats in range(1, 8)},
}


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


@dataclass(frozen=True, slots=True)
class _Words:
    """What every page says of features, in one language: looked up once, as each translation costs."""

    labels: dict[str, str]
    hints: dict[str, str]
    units: dict[str, str]
    no_beat: str
    point: str


@lru_cache(maxsize=16)
def _words(language: str | None) -> _Words:
    return _Words(
        labels={name: str(label) for name, label in LABELS.items()},
        hints={name: str(hint) for name, hint in HINTS.items()},
        units={name: str(UNITS.get(name, _("%(number)s %%"))) for name in LABELS},
        no_beat=_("no beat found"),
        point=str(get_format("DECIMAL_SEPARATOR")),
    )


def feature_label(name: str) -> str:
    """What any of the 12 features is called."""
    return str({**LABELS, **OTHER_LABELS}[name])


def feature_bars(values: Mapping[str, float], usual: Mapping[str, float] | None = None) -> list[FeatureBar]:
    """The continuous features, in reading order, each with its usual value where that is known."""
    usual, words = usual or {}, _words(get_language())
    return [_bar(name, values[name], usual.get(name), words) for name in LABELS if name in values]


def _bar(name: str, value: float, usual: float | None, words: _Words) -> FeatureBar:
    return FeatureBar(
        label=words.labels[name],
        hint=words.hints[name],
        value=_in_words(name, value, words),
        percent=_position(name, value),
        usual_percent="" if usual is None else _position(name, usual),
    )


def _in_words(name: str, value: float, words: _Words) -> str:
    if name == "tempo" and not value:
        return words.no_beat
    if name == "loudness":
        number = f"{value:.1f}".replace("-", "−").replace(".", words.point)
    else:
        number = str(round(value if name == "tempo" else 100 * value))
    return words.units[name] % {"number": number}


def exact_value_in_words(name: str, value: float) -> str:
    """A value of any of the 12 features as it was asked for, no digit rounded away: `118.5 BPM`, `12.5 %`."""
    if name in CATEGORY_VALUES:
        return str(CATEGORY_VALUES[name].get(int(value), int(value)))
    number = number_format(Decimal(f"{value if name in UNITS else 100 * value:.10g}")).replace("-", "−")
    return str(UNITS.get(name, _("%(number)s %%"))) % {"number": number}


def _position(name: str, value: float) -> str:
    low, high = SHOWN_RANGES.get(name, (0.0, 1.0))
    return str(round(min(100.0, max(0.0, 100 * (value - low) / (high - low)))))


def key_in_words(key: int | None, mode: int | None) -> str:
    """`C♯/D♭ minor`, or "" when the key is unknown."""
    if key is None or not 0 <= key < len(KEYS):
        return ""
    return _key_words(get_language())[mode if mode in (0, 1) else None] % {"key": KEYS[key]}


@lru_cache(maxsize=16)
def _key_words(language: str | None) -> dict[int | None, str]:
    """How a key is named with its scale, by the mode."""
    return {0: _("%(key)s minor"), 1: _("%(key)s major"), None: "%(key)s"}


def duration_in_words(duration_ms: int | None) -> str:
    """`3:51`, or `1:02:03` from an hour on; "" when unknown."""
    if not duration_ms:
        return ""
    minutes, seconds = divmod(round(duration_ms / 1000), 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
