"""The controls of the track page: what can be asked in its address, and the choices it shows."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommender.answers.filters import TrackFilters
from recommender.answers.requests import (
    FAMILIARITY,
    MAX_VARIETY_SEED,
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
    that an address asked for, of which the control chooses one. `idle_with` is the blend under which it would
    do nothing, `is_idle` whether it does now; `note` says why something cannot be chosen."""

    name: str
    label: str
    options: list[Option]
    also: tuple[str, ...] = ()
    idle_with: str = ""
    is_idle: bool = False
    note: str = ""


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
    whether a list is made from several seeds, and
    whether the run learnt from playlists."""

    genres: tuple[str, ...] = ()
    usual: UsualValues = ()
    are_several: bool = False
    has_listeners: bool = True


def control_choices(snapshot: Snapshot, n_seeds: int = 1) -> ControlChoices:
    """Those of a run."""
    return ControlChoices(
        snapshot.meta.genres, usual_values(snapshot), n_seeds > 1, bool(snapshot.meta.learnt_from)
    )


def controls_for(
    asked: RecommendationRequest, around: ControlChoices = ControlChoices(), mistakes: Mistakes = NO_MISTAKES
) -> Controls:
    """The choices with what is asked for chosen."""
    rows = filter_rows(asked.filters, around.usual, mistakes)
    n_filters = count_filters(asked.filters)
    return Controls(
        segments=_segments(asked, around),
        selects=_selects(asked),
        filters=_filter_choices(asked, around.genres),
        shuffle=_shuffle(asked),
        rows=rows,
        n_filters=n_filters,
        problem=mistakes.of("problem"),
        is_open=bool(n_filters or any(row.problem for row in rows)),
    )


def _segments(asked: RecommendationRequest, around: ControlChoices) -> list[Choice]:
    places = SCOPES | SCOPES_OF_SEVERAL if around.are_several else SCOPES
    scopes = [Option(scope.value, str(places[scope]), scope is asked.scope) for scope in Scope]
    blends = [
        Option(
            blend.value,
            str(BLENDS[blend]),
            blend is asked.blend,
            is_idle=blend is Blend.LISTENERS and not around.has_listeners and blend is not asked.blend,
        )
        for blend in Blend
    ]
    note = "" if around.has_listeners else _("No playlists were imported to compare by.")
    return [_choice("scope", scopes), Choice("blend", parameter_label("blend"), blends, note=note)]


def _selects(asked: RecommendationRequest) -> list[Choice]:
    limits = [Option(n, str(n), n == asked.limit) for n in sorted({*LIMITS_SHOWN, asked.limit})]
    caps = [Option(n, _cap(n), n == asked.per_artist) for n in dict.fromkeys([*CAPS_SHOWN, asked.per_artist])]
    return [
        Choice(
            "familiarity",
            parameter_label("familiarity"),
            _familiarities(asked.familiarity),
            idle_with=Blend.SOUND.value,
            is_idle=asked.blend is Blend.SOUND,
            note=_("no part of “Sound alone”"),
        ),
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
    return Field("variety_seed", label, value, "0", str(MAX_VARIETY_SEED), "1")


def count_filters(filters: TrackFilters) -> int:
    """How many filters and targets are asked for."""
    single = (filters.explicit, filters.min_popularity, filters.max_popularity)
    several = (filters.genres, filters.exclude_genres, filters.minimum, filters.maximum, filters.target)
    return sum(value is not None for value in single) + sum(map(len, several))


def _cap(number: int) -> str:
    if not number:
        return _("any number")
    return ngettext("%(count)d track", "at most %(count)d tracks", number) % {"count": number}
