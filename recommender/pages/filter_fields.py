"""The fields of the filters and targets: in the units people read, with what is wrong beside them."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from recommender.answers.filters import CATEGORIES, TrackFilters
from recommender.pages.usual_values import UsualValues
from recommender.parameters.labels import BOUNDS
from recommender.parameters.problems import Problem
from recommender.parameters.units import ONLY, SHARES, TO, choice, in_parameters, name_in_form, shown
from tracks.audio_features import BY_NAME, AudioFeature
from tracks.feature_words import READING_ORDER, exact_value_in_words, feature_label


@dataclass(frozen=True, slots=True)
class Option:
    value: str | int
    label: str
    chosen: bool
    is_idle: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A number that may be left blank, all as text; or with `options` a choice."""

    name: str
    label: str
    value: str = ""
    low: str = ""
    high: str = ""
    step: str = ""
    options: list[Option] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FieldRow:
    """The fields of one thing: in what unit, where most tracks lie, and what is wrong with what was typed."""

    name: str
    label: str
    unit: str
    usual: str
    fields: list[Field]
    problem: str = ""


FIELDS = frozenset({"popularity", *(feature.name for feature in READING_ORDER)})


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What was typed wrong: the problems, and the texts of their parameters."""

    problems: tuple[Problem, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()

    def of(self, slot: str) -> str:
        """What is wrong beside one field, or with what has none."""
        return slots_of(self.problems).get(slot, "")


NO_MISTAKES = Mistakes()


def mistakes_in(query: QueryDict, problems: Iterable[Problem]) -> Mistakes:
    """The problems with the texts of an address that have them, in the units of their fields."""
    given, found = in_parameters(query), tuple(problems)
    names = dict.fromkeys(name for problem in found for name in problem.names)
    return Mistakes(found, tuple((name, _as_typed(name, str(given.get(name, "")))) for name in names))


def _as_typed(name: str, text: str) -> str:
    number = _number(text)
    return text if number is None else shown(name, number)


def slots_of(problems: Iterable[Problem]) -> dict[str, str]:
    """What is wrong, by the id of the element beside the field; `problem` for what has no field."""
    slots: dict[str, str] = {}
    for each in problems:
        slot = f"problem-{each.field}" if each.field in FIELDS else "problem"
        slots[slot] = f"{slots[slot]} {each.text}" if slot in slots else each.text
    return slots


def filter_rows(
    filters: TrackFilters, usual: UsualValues, mistakes: Mistakes = NO_MISTAKES
) -> list[FieldRow]:
    """Popularity, then every audio feature: first those that are amounts."""
    asked = _asked(filters) | dict(mistakes.texts)
    usually = {name: _usually(name, low, high) for name, low, high in usual}
    return [
        _popularity_row(asked, mistakes),
        *(_feature_row(feature, asked, usually.get(feature.name, ""), mistakes) for feature in READING_ORDER),
    ]


def _asked(filters: TrackFilters) -> dict[str, str]:
    """The text of every field that was filled in, by its parameter."""
    bounds = {"min": filters.minimum, "max": filters.maximum, "target": filters.target}
    values = {f"{bound}_{name}": value for bound, pairs in bounds.items() for name, value in pairs}
    values |= _known({"min_popularity": filters.min_popularity, "max_popularity": filters.max_popularity})
    return {name: shown(name, value) for name, value in values.items()}


def _known(values: Mapping[str, float | None]) -> dict[str, float]:
    return {name: value for name, value in values.items() if value is not None}


def _usually(name: str, low: float, high: float) -> str:
    factor = 100 if name in SHARES else 1
    numbers = {"low": _rounded(factor * low), "high": _rounded(factor * high)}
    return _("usually %(low)s to %(high)s") % numbers


def _rounded(value: float) -> str:
    return number_format(round(value)).replace("-", "−")


def _popularity_row(asked: Mapping[str, str], mistakes: Mistakes) -> FieldRow:
    fields = [
        Field(name, str(BOUNDS[name[:3]]), asked.get(name, ""), "0", "100", "1")
        for name in ("min_popularity", "max_popularity")
    ]
    problem = mistakes.of("problem-popularity")
    return FieldRow("popularity", _("Popularity"), _("of 100"), "", fields, problem)


def _feature_row(feature: AudioFeature, asked: Mapping[str, str], usual: str, mistakes: Mistakes) -> FieldRow:
    is_category = feature.name in CATEGORIES
    fields = _choices(feature, asked) if is_category else list(_numbers(feature, asked))
    unit = "%" if feature.name in SHARES else feature.unit
    problem = mistakes.of(f"problem-{feature.name}")
    return FieldRow(feature.name, feature_label(feature.name), unit, usual, fields, problem)


def _numbers(feature: AudioFeature, asked: Mapping[str, str]) -> Iterator[Field]:
    for bound, label in BOUNDS.items():
        name = f"{bound}_{feature.name}"
        low, high = shown(name, feature.low), shown(name, feature.high)
        yield Field(name_in_form(name), str(label), asked.get(name, ""), low, high, "any")


def _choices(feature: AudioFeature, asked: Mapping[str, str]) -> list[Field]:
    """Only one of them, or rather one of them."""
    low, high = (_number(asked.get(f"{bound}_{feature.name}")) for bound in ("min", "max"))
    target = asked.get(f"target_{feature.name}", "")
    only = _options(feature.name, choice(low, high))
    return [
        Field(f"{ONLY}{feature.name}", _("only"), options=only),
        Field(f"target_{feature.name}", _("rather"), options=_options(feature.name, target)),
    ]


def _number(text: str | None) -> float | None:
    """The finite number that a text is, else None."""
    try:
        number = float(text or "nan")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _options(name: str, chosen: str) -> list[Option]:
    """What there is to choose, and what an address asked for besides."""
    words = {"": _("any"), **{str(value): str(text) for value, text in BY_NAME[name].values.items()}}
    if chosen not in words:
        words[chosen] = _range_in_words(name, chosen)
    return [Option(value, text, value == chosen) for value, text in words.items()]


def _range_in_words(name: str, chosen: str) -> str:
    """`D to G`, `at least D`, or the text itself where it is one value that cannot be chosen."""
    low, dots, high = chosen.partition(TO)
    if not dots:
        return chosen
    bounds = [
        (label, exact_value_in_words(name, float(text)))
        for label, text in (("min", low), ("max", high))
        if text
    ]
    if len(bounds) == 1:
        return f"{BOUNDS[bounds[0][0]]} {bounds[0][1]}"
    return _("%(low)s to %(high)s") % {"low": bounds[0][1], "high": bounds[1][1]}
