"""The controls of the track page: what can be asked in its address, and the choices it shows."""

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from recommender.answers.filters import TrackFilters
from recommender.answers.requests import (
    FAMILIARITY,
    HIGHEST_VARIETY_SEED,
    Blend,
    RecommendationRequest,
    Scope,
)
from tracks.audio_features import AUDIO_FEATURES, AudioFeature
from tracks.feature_words import feature_label

LIMITS_SHOWN = (10, 20, 50, 100)
CAPS_SHOWN = (1, 2, 3, 0)

SCOPE_LABELS: dict[str, Promise] = {
    "cluster": gettext_lazy("Its cluster"),
    "nearby": gettext_lazy("Nearby too"),
    "everywhere": gettext_lazy("Everywhere"),
}
SCOPE_LABELS_OF_SEVERAL: dict[str, Promise] = {"cluster": gettext_lazy("Their clusters")}
BLEND_LABELS: dict[str, Promise] = {
    "balanced": gettext_lazy("Balanced"),
    "sound": gettext_lazy("Sound alone"),
    "listeners": gettext_lazy("Listeners"),
}


FAMILIARITY_LABELS: dict[str, Promise] = {
    "well-known": gettext_lazy("the well known"),
    "usual": gettext_lazy("as usual"),
    "any": gettext_lazy("nothing"),
    "hidden-gems": gettext_lazy("hidden gems"),
}
VARIETY_LABELS: dict[float, Promise] = {
    0.0: gettext_lazy("nearest first"),
    0.3: gettext_lazy("a little"),
    1.0: gettext_lazy("much"),
}
BOUND_LABELS: dict[str, Promise] = {
    "min": gettext_lazy("at least"),
    "max": gettext_lazy("at most"),
    "target": gettext_lazy("near to"),
}


@dataclass(frozen=True, slots=True)
class Option:
    value: str | int
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One control: its name in the address, what it is called, and its options."""

    name: str
    label: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class NumberField:
    """A number that may be left blank; all as text."""

    name: str
    label: str
    value: str
    low: str
    high: str
    step: str


@dataclass(frozen=True, slots=True)
class FeatureBounds:
    """The lowest, highest and target value of an audio feature."""

    label: str
    unit: str
    fields: list[NumberField]


@dataclass(frozen=True, slots=True)
class Controls:
    """`segments` show all their options side by side, `selects` are lists; the rest are filters."""

    segments: list[Choice]
    selects: list[Choice]
    filters: list[Choice]
    numbers: list[NumberField]
    bounds: list[FeatureBounds]
    n_filters: int


def rendered_controls(
    asked: RecommendationRequest, genres: tuple[str, ...] = (), n_seeds: int = 1
) -> SafeString:
    """The controls as HTML, to stand in a form; `genres` are those to choose from."""
    return _rendered(asked, genres, n_seeds > 1, get_language())


@lru_cache(maxsize=256)
def _rendered(
    asked: RecommendationRequest, genres: tuple[str, ...], are_several: bool, language: str | None
) -> SafeString:
    controls = controls_for(asked, genres, are_several)
    return render_to_string("recommender/parts/controls.html", {"controls": controls})


def controls_for(
    asked: RecommendationRequest, genres: tuple[str, ...] = (), are_several: bool = False
) -> Controls:
    """The choices with what is asked for chosen; `are_several`: the list is made from several seeds."""
    blends = [Option(blend.value, str(BLEND_LABELS[blend]), blend is asked.blend) for blend in Blend]
    places = SCOPE_LABELS | SCOPE_LABELS_OF_SEVERAL if are_several else SCOPE_LABELS
    scopes = [Option(scope.value, str(places[scope]), scope is asked.scope) for scope in Scope]
    limits = [Option(n, str(n), n == asked.limit) for n in sorted({*LIMITS_SHOWN, asked.limit})]
    caps = [Option(n, _cap(n), n == asked.per_artist) for n in dict.fromkeys([*CAPS_SHOWN, asked.per_artist])]
    return Controls(
        segments=[Choice("scope", _("Look in"), scopes), Choice("blend", _("Weigh"), blends)],
        selects=[
            Choice("familiarity", _("Prefer"), _familiarities(asked.familiarity)),
            Choice("limit", _("How many"), limits),
            Choice("per_artist", _("From one artist"), caps),
        ],
        filters=_filter_choices(asked, genres),
        numbers=_numbers(asked),
        bounds=[_bounds(feature, asked.filters) for feature in AUDIO_FEATURES],
        n_filters=_n_filters(asked.filters),
    )


def _familiarities(chosen: float) -> list[Option]:
    options = [
        Option(word, str(FAMILIARITY_LABELS[word]), number == chosen) for word, number in FAMILIARITY.items()
    ]
    if chosen not in FAMILIARITY.values():
        options.append(Option(f"{chosen:g}", f"{chosen:g}", True))
    return options


def _filter_choices(asked: RecommendationRequest, genres: tuple[str, ...]) -> list[Choice]:
    filters = asked.filters
    explicit = {"": _("all tracks"), "false": _("none"), "true": _("only these")}
    chosen = "" if filters.explicit is None else str(filters.explicit).lower()
    variety = [Option(f"{n:g}", str(text), n == asked.variety) for n, text in VARIETY_LABELS.items()]
    if asked.variety not in VARIETY_LABELS:
        variety.append(Option(f"{asked.variety:g}", f"{asked.variety:g}", True))
    return [
        Choice("genre", _("Genre"), _genres(genres, filters.genres, _("any"))),
        Choice("exclude_genre", _("Not the genre"), _genres(genres, filters.exclude_genres, _("none"))),
        Choice(
            "explicit",
            _("Explicit words"),
            [Option(value, text, value == chosen) for value, text in explicit.items()],
        ),
        Choice("variety", _("Variety"), variety),
    ]


def _genres(genres: tuple[str, ...], asked: tuple[str, ...], nothing: str) -> list[Option]:
    """Of several that were asked for, the first is chosen: the page offers one."""
    chosen = asked[0] if asked else ""
    named = dict.fromkeys(sorted({*genres, *asked}))
    return [Option("", nothing, not chosen), *(Option(name, name, name == chosen) for name in named)]


def _numbers(asked: RecommendationRequest) -> list[NumberField]:
    filters = asked.filters
    return [
        NumberField(
            "min_popularity", _("Popularity at least"), _text(filters.min_popularity), "0", "100", "1"
        ),
        NumberField(
            "max_popularity", _("Popularity at most"), _text(filters.max_popularity), "0", "100", "1"
        ),
        NumberField(
            "variety_seed",
            _("Seed of variety"),
            _text(asked.variety_seed),
            "0",
            str(HIGHEST_VARIETY_SEED),
            "1",
        ),
    ]


def _bounds(feature: AudioFeature, filters: TrackFilters) -> FeatureBounds:
    asked = {"min": filters.minimum, "max": filters.maximum, "target": filters.target}
    fields = [
        NumberField(
            f"{word}_{feature.name}",
            str(BOUND_LABELS[word]),
            _text(dict(bounds).get(feature.name)),
            f"{feature.low:g}",
            f"{feature.high:g}",
            "any" if feature.continuous else "1",
        )
        for word, bounds in asked.items()
    ]
    return FeatureBounds(feature_label(feature.name), feature.unit, fields)


def _n_filters(filters: TrackFilters) -> int:
    single = (filters.explicit, filters.min_popularity, filters.max_popularity)
    several = (filters.genres, filters.exclude_genres, filters.minimum, filters.maximum, filters.target)
    return sum(value is not None for value in single) + sum(map(len, several))


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


def _cap(number: int) -> str:
    if not number:
        return _("any number")
    return ngettext("%(count)d track", "at most %(count)d tracks", number) % {"count": number}
