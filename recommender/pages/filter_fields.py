"""The fields of the filters and targets: in the units people read, with what is wrong beside them."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from recommender.answers.filters import CATEGORIES, TrackFilters
from recommender.parameters.labels import BOUNDS
from recommender.parameters.problems import Problem
from recommender.parameters.units import ONLY, SHARES, TO, choice, in_parameters, name_in_form, shown
from recommender.snapshots.columns import feature_values
from recommender.snapshots.snapshot import Snapshot
from tracks.audio_features import BY_NAME, CONTINUOUS_FEATURES, AudioFeature
from tracks.feature_words import READING_ORDER, exact_value_in_words, feature_label

USUAL_QUANTILES = (0.05, 0.95)
UsualValues = tuple[tuple[str, float, float], ...]


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
    options: list[Option] = field(default_factory=list)


@dataclass(slots=True)
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
    """What was typed wrong: what is wrong by its slot, and the texts of the parameters that are."""

    slots: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


NO_MISTAKES = Mistakes()


def mistakes_in(query: QueryDict, problems: Iterable[Problem]) -> Mistakes:
    """The problems with the texts of an address that have them, in the units of their fields."""
    given, found, texts = in_parameters(query), tuple(problems), {}
    for name in [name for problem in found for name in problem.names]:
        text = str(given.get(name, ""))
        number = _number(text)
        texts[name] = text if number is None else shown(name, number)
    return Mistakes(slots_of(found), texts)


def slots_of(problems: Iterable[Problem]) -> dict[str, str]:
    """What is wrong, by the id of the element beside the field; `problem` for what has no field."""
    slots: dict[str, str] = {}
    for each in problems:
        slot = f"problem-{each.field}" if each.field in FIELDS else "problem"
        slots[slot] = f"{slots[slot]} {each.text}" if slot in slots else each.text
    return slots


@lru_cache(maxsize=2)
def usual_values(snapshot: Snapshot) -> UsualValues:
    """By continuous feature, between which values nine of ten tracks of the run lie, in its own unit."""
    found = []
    for name in CONTINUOUS_FEATURES:
        low, high = np.nanquantile(feature_values(snapshot, name), USUAL_QUANTILES, method="lower").tolist()
        found.append((name, low, high))
    return tuple(found)


def filter_rows(
    filters: TrackFilters, usual: UsualValues, mistakes: Mistakes = NO_MISTAKES
) -> list[FieldRow]:
    """Popularity, then every audio feature: first those that are amounts. A field holds its parameter's value
    in the unit of the page, or what was typed wrong."""
    bounds = {"min": filters.minimum, "max": filters.maximum, "target": filters.target}
    values: dict[str, float | None] = {
        f"{bound}_{name}": value for bound, pairs in bounds.items() for name, value in pairs
    }
    values |= {"min_popularity": filters.min_popularity, "max_popularity": filters.max_popularity}
    texts = {name: shown(name, value) for name, value in values.items() if value is not None}
    texts |= mistakes.texts
    popularity = [
        Field(name, str(BOUNDS[name[:3]]), texts.get(name, ""), "0", "100")
        for name in ("min_popularity", "max_popularity")
    ]
    rows = [FieldRow("popularity", _("Popularity"), _("of 100"), "", popularity)]
    usual_by_name = {name: (low, high) for name, low, high in usual}
    for feature in READING_ORDER:
        fields = _choices(feature, texts) if feature.name in CATEGORIES else _numbers(feature, texts)
        unit, hint = "%" if feature.name in SHARES else feature.unit, ""
        if feature.name in usual_by_name:
            scale = 100 if feature.name in SHARES else 1
            low, high = (
                number_format(round(scale * value)).replace("-", "−") for value in usual_by_name[feature.name]
            )
            hint = _("usually %(low)s to %(high)s") % {"low": low, "high": high}
        rows.append(FieldRow(feature.name, feature_label(feature.name), unit, hint, fields))
    for row in rows:
        row.problem = mistakes.slots.get(f"problem-{row.name}", "")
    return rows


def _numbers(feature: AudioFeature, texts: Mapping[str, str]) -> list[Field]:
    """At least, at most, near to."""
    fields = []
    for bound, label in BOUNDS.items():
        name = f"{bound}_{feature.name}"
        low, high = shown(name, feature.low), shown(name, feature.high)
        fields.append(Field(name_in_form(name), str(label), texts.get(name, ""), low, high))
    return fields


def _choices(feature: AudioFeature, texts: Mapping[str, str]) -> list[Field]:
    """Only one of them, or rather one of them."""
    low, high = (_number(texts.get(f"{bound}_{feature.name}")) for bound in ("min", "max"))
    only = _options(feature.name, choice(low, high))
    target = _options(feature.name, texts.get(f"target_{feature.name}", ""))
    return [
        Field(f"{ONLY}{feature.name}", _("only"), options=only),
        Field(f"target_{feature.name}", _("rather"), options=target),
    ]


def _number(text: str | None) -> float | None:
    """The finite number that a text is, else None."""
    try:
        number = float(text or "nan")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _options(name: str, chosen: str) -> list[Option]:
    """What there is to choose, and the value of an address that is none of it: `D to G`, `at least D`, or the
    text itself."""
    words = {"": _("any"), **{str(value): str(text) for value, text in BY_NAME[name].values.items()}}
    if chosen not in words:
        low, is_range, high = chosen.partition(TO)
        if is_range:
            low, high = (exact_value_in_words(name, float(text)) if text else "" for text in (low, high))
        if not is_range:
            words[chosen] = chosen
        elif low and high:
            words[chosen] = _("%(low)s to %(high)s") % {"low": low, "high": high}
        else:
            words[chosen] = f"{BOUNDS['min' if low else 'max']} {low or high}"
    return [Option(value, text, value == chosen) for value, text in words.items()]
