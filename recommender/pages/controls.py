"""The controls of a list: what can be asked for in its address, and the choices it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

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
    UsualValues,
    filter_rows,
    usual_values,
)
from recommender.pages.lists import count_filters
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
    of an address, where the control chooses only one. `idle_with` is the blend under which it would
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
    """`segments` show all their options side by side, `selects` are lists; the rest are filters. `shuffle` is
    None where nothing can be shuffled.

    `problem` is what is wrong with anything but the rows, which say it themselves.
    """

    segments: list[Choice]
    selects: list[Choice]
    filters: list[Choice]
    shuffle: Field | None
    rows: list[FieldRow]
    n_filters: int
    problem: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class ControlChoices:
    """What the choices depend on besides the request: the genres of the run, where most tracks lie, whether a
    list is made from several seeds, and whether the run learnt from playlists."""

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
    request: RecommendationRequest,
    choices: ControlChoices = ControlChoices(),
    mistakes: Mistakes = NO_MISTAKES,
) -> Controls:
    """The choices, those of the request chosen."""
    rows = filter_rows(request.filters, choices.usual, mistakes)
    n_filters = count_filters(request.filters)
    variety_seed = Field(
        "variety_seed", parameter_label("variety_seed"), str(request.variety_seed), "0", str(MAX_VARIETY_SEED)
    )
    return Controls(
        segments=_segments(request, choices),
        selects=_selects(request),
        filters=_filter_choices(request, choices.genres),
        shuffle=variety_seed,
        rows=rows,
        n_filters=n_filters,
        problem=mistakes.slots.get("problem", ""),
        is_open=bool(n_filters or any(row.problem for row in rows)),
    )


def filters_for(filters: TrackFilters, around: ControlChoices, mistakes: Mistakes = NO_MISTAKES) -> Controls:
    """The filters alone, for a list that knows neither seeds nor targets."""
    rows = [
        replace(row, fields=[field for field in row.fields if not field.name.startswith("target_")])
        for row in filter_rows(filters, around.usual, mistakes)
    ]
    choices = _filter_choices(RecommendationRequest(filters=filters), around.genres)
    return Controls(
        segments=[],
        selects=[],
        filters=[choice for choice in choices if choice.name != "variety"],
        shuffle=None,
        rows=rows,
        n_filters=count_filters(filters),
        problem=mistakes.slots.get("problem", ""),
        is_open=True,
    )


def _segments(request: RecommendationRequest, choices: ControlChoices) -> list[Choice]:
    """Scope and blend."""
    places = SCOPES | SCOPES_OF_SEVERAL if choices.are_several else SCOPES
    scopes = [Option(scope.value, str(places[scope]), scope is request.scope) for scope in Scope]
    blends = [
        Option(
            blend.value,
            str(BLENDS[blend]),
            blend is request.blend,
            is_idle=blend is Blend.LISTENERS and not choices.has_listeners and blend is not request.blend,
        )
        for blend in Blend
    ]
    note = "" if choices.has_listeners else _("No playlists were imported to compare by.")
    return [_choice("scope", scopes), Choice("blend", parameter_label("blend"), blends, note=note)]


def _selects(request: RecommendationRequest) -> list[Choice]:
    """Familiarity, and how long a list is of how many artists."""
    by_number = {number: word for word, number in FAMILIARITY.items()}
    words = {by_number[number]: str(FAMILIARITIES[by_number[number]]) for number in by_number}
    familiarity = by_number.get(request.familiarity, f"{request.familiarity:g}")
    limits = {n: str(n) for n in sorted({*LIMITS_SHOWN, request.limit})}
    caps = {
        n: ngettext("%(count)d track", "at most %(count)d tracks", n) % {"count": n} if n else _("any number")
        for n in dict.fromkeys([*CAPS_SHOWN, request.per_artist])
    }
    return [
        Choice(
            "familiarity",
            parameter_label("familiarity"),
            _options(words | {familiarity: words.get(familiarity, familiarity)}, familiarity),
            idle_with=Blend.SOUND.value,
            is_idle=request.blend is Blend.SOUND,
            note=_("no part of “Sound alone”"),
        ),
        _choice("limit", _options(limits, request.limit)),
        _choice("per_artist", _options(caps, request.per_artist)),
    ]


def _choice(name: str, options: list[Option]) -> Choice:
    return Choice(name, parameter_label(name), options)


def _options(labels: Mapping[Any, str], chosen: str | int) -> list[Option]:
    return [Option(value, label, value == chosen) for value, label in labels.items()]


def _filter_choices(request: RecommendationRequest, genres: tuple[str, ...]) -> list[Choice]:
    """The filters that are chosen from a list, and the order."""
    filters = request.filters
    explicit = {"": _("all tracks"), "false": _("none"), "true": _("only these")}
    chosen = "" if filters.explicit is None else str(filters.explicit).lower()
    orders = {f"{n:g}": str(text) for n, text in ORDERS.items()}
    variety = f"{request.variety:g}"
    return [
        _genre_choice("genre", genres, filters.genres, _("any")),
        _genre_choice("exclude_genre", genres, filters.exclude_genres, _("none")),
        _choice("explicit", _options(explicit, chosen)),
        _choice("variety", _options(orders | {variety: orders.get(variety, variety)}, variety)),
    ]


def _genre_choice(name: str, genres: tuple[str, ...], given: tuple[str, ...], nothing: str) -> Choice:
    """The first of the given genres is chosen; the others can be ticked off."""
    names = {"": nothing} | {genre: genre for genre in sorted({*genres, *given})}
    return Choice(name, parameter_label(name), _options(names, given[0] if given else ""), given[1:])
