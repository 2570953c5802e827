"""The controls of the track page: what can be asked in its address, and the choices it shows."""

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from recommender.answers.filters import TrackFilters
from recommender.answers.requests import (
    FAMILIARITY,
    HIGHEST_VARIETY_SEED,
    Blend,
    RecommendationRequest,
    Scope,
)
from recommender.pages.filter_fields import (
    NO_MISTAKES,
    Field,
    FieldRow,
    Mistakes,
    Option,
    filter_rows,
)
from recommender.pages.usual_values import UsualValues, usual_values
from recommender.parameters.labels import (
    BLENDS,
    FAMILIARITIES,
    ORDERS,
    SCOPES,
    SCOPES_OF_SEVERAL,
    parameter_label,
)
from recommender.snapshots.snapshot import Snapshot

LIMITS_SHOWN = (10, 20, 50, 100)
CAPS_SHOWN = (1, 2, 3, 0)


@dataclass(frozen=True, slots=True)
class Choice:
    """One control: its name in the address, what it is called, and its options; `also` are more values
    that an address asked for, of which the control chooses one."""

    name: str
    label: str
    options: list[Option]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Controls:
    """`segments` show all their options side by side, `selects` are lists; the rest are filters.

    `problem` is what is wrong with anything but the rows, which say it themselves.
    """

    segments: list[Choice]
    selects: list[Choice]
    filters: list[Choice]
    shuffle: Field
    rows: list[FieldRow]
    n_filters: int
    problem: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class ControlChoices:
    """What the choices depend on besides the request: the genres of the run, where most tracks lie, and
    whether a list is made from several seeds."""

    genres: tuple[str, ...] = ()
    usual: UsualValues = ()
    are_several: bool = False


def control_choices(snapshot: Snapshot, n_seeds: int = 1) -> ControlChoices:
    """Those of a run."""
    return ControlChoices(snapshot.meta.genres, usual_values(snapshot), n_seeds > 1)


def rendered_controls(
    asked: RecommendationRequest, around: ControlChoices, mistakes: Mistakes = NO_MISTAKES
) -> SafeString:
    """The controls as HTML, to stand in a form."""
    return _rendered(asked, around, mistakes, get_language())


@lru_cache(maxsize=256)
def _rendered(
    asked: RecommendationRequest, around: ControlChoices, mistakes: Mistakes, language: str | None
) -> SafeString:
    controls = controls_for(asked, around, mistakes)
    return render_to_string("recommender/parts/controls.html", {"controls": controls})


def controls_for(
    asked: RecommendationRequest, around: ControlChoices = ControlChoices(), mistakes: Mistakes = NO_MISTAKES
) -> Controls:
    """The choices with what is asked for chosen."""
    rows = filter_rows(asked.filters, around.usual, mistakes)
    n_filters = _n_filters(asked.filters)
    return Controls(
        segments=_segments(asked, around.are_several),
        selects=_selects(asked),
        filters=_filter_choices(asked, around.genres),
        shuffle=_shuffle(asked),
        rows=rows,
        n_filters=n_filters,
        problem=mistakes.of("problem"),
        is_open=bool(n_filters or any(row.problem for row in rows)),
    )


def _segments(asked: RecommendationRequest, are_several: bool) -> list[Choice]:
    places = SCOPES | SCOPES_OF_SEVERAL if are_several else SCOPES
    scopes = [Option(scope.value, str(places[scope]), scope is asked.scope) for scope in Scope]
    blends = [Option(blend.value, str(BLENDS[blend]), blend is asked.blend) for blend in Blend]
    return [_choice("scope", scopes), _choice("blend", blends)]


def _selects(asked: RecommendationRequest) -> list[Choice]:
    limits = [Option(n, str(n), n == asked.limit) for n in sorted({*LIMITS_SHOWN, asked.limit})]
    caps = [Option(n, _cap(n), n == asked.per_artist) for n in dict.fromkeys([*CAPS_SHOWN, asked.per_artist])]
    return [
        _choice("familiarity", _familiarities(asked.familiarity)),
        _choice("limit", limits),
        _choice("per_artist", caps),
    ]


def _choice(name: str, options: list[Option]) -> Choice:
    return Choice(name, parameter_label(name), options)


def _familiarities(chosen: float) -> list[Option]:
    options = [
        Option(word, str(FAMILIARITIES[word]), number == chosen) for word, number in FAMILIARITY.items()
    ]
    if chosen not in FAMILIARITY.values():
        options.append(Option(f"{chosen:g}", f"{chosen:g}", True))
    return options


def _filter_choices(asked: RecommendationRequest, genres: tuple[str, ...]) -> list[Choice]:
    filters = asked.filters
    explicit = {"": _("all tracks"), "false": _("none"), "true": _("only these")}
    chosen = "" if filters.explicit is None else str(filters.explicit).lower()
    return [
        _genre_choice("genre", genres, filters.genres, _("any")),
        _genre_choice("exclude_genre", genres, filters.exclude_genres, _("none")),
        _choice("explicit", [Option(value, text, value == chosen) for value, text in explicit.items()]),
        _choice("variety", _orders(asked.variety)),
    ]


def _orders(chosen: float) -> list[Option]:
    options = [Option(f"{n:g}", str(text), n == chosen) for n, text in ORDERS.items()]
    return options if chosen in ORDERS else [*options, Option(f"{chosen:g}", f"{chosen:g}", True)]


def _genre_choice(name: str, genres: tuple[str, ...], asked: tuple[str, ...], nothing: str) -> Choice:
    """Of several that were asked for, the first is chosen; the others can be ticked off."""
    chosen = asked[0] if asked else ""
    options = [Option(genre, genre, genre == chosen) for genre in sorted({*genres, *asked})]
    options.insert(0, Option("", nothing, not chosen))
    return Choice(name, parameter_label(name), options, asked[1:])


def _shuffle(asked: RecommendationRequest) -> Field:
    label, value = parameter_label("variety_seed"), str(asked.variety_seed)
    return Field("variety_seed", label, value, "0", str(HIGHEST_VARIETY_SEED), "1")


def _n_filters(filters: TrackFilters) -> int:
    single = (filters.explicit, filters.min_popularity, filters.max_popularity)
    several = (filters.genres, filters.exclude_genres, filters.minimum, filters.maximum, filters.target)
    return sum(value is not None for value in single) + sum(map(len, several))


def _cap(number: int) -> str:
    if not number:
        return _("any number")
    return ngettext("%(count)d track", "at most %(count)d tracks", number) % {"count": number}
