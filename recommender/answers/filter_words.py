"""The filters of a request as people read them, and the request without some of them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from recommender.answers.filters import CATEGORIES, Bounds, TrackFilters
from tracks.feature_words import exact_value_in_words, feature_label


@dataclass(frozen=True, slots=True)
class FilterInWords:
    """A filter by its parameters, two where a category is bound from both sides, and in words."""

    names: tuple[str, ...]
    words: str


def filters_in_words(filters: TrackFilters) -> list[FilterInWords]:
    """Every filter that may leave a track out, in words such as “Tempo at least 120 BPM”."""
    return [*_of_the_labels(filters), *_of_the_popularity(filters), *_of_the_features(filters)]


def without_filters(filters: TrackFilters, names: Collection[str]) -> TrackFilters:
    """The filters without those of the parameters `names`."""

    def kept(prefix: str, bounds: Bounds) -> Bounds:
        return tuple((name, value) for name, value in bounds if f"{prefix}_{name}" not in names)

    nothing: dict[str, Any] = {
        "genre": {"genres": ()},
        "exclude_genre": {"exclude_genres": ()},
        "explicit": {"explicit": None},
        "min_popularity": {"min_popularity": None},
        "max_popularity": {"max_popularity": None},
    }
    dropped = {field: value for name in names for field, value in nothing.get(name, {}).items()}
    minimum, maximum = kept("min", filters.minimum), kept("max", filters.maximum)
    return replace(filters, minimum=minimum, maximum=maximum, **dropped)


def _of_the_labels(filters: TrackFilters) -> Iterator[FilterInWords]:
    if filters.genres:
        names = _(" or ").join(filters.genres)
        yield FilterInWords(("genre",), _("Genre %(names)s") % {"names": names})
    if filters.exclude_genres:
        names = _(" or ").join(filters.exclude_genres)
        yield FilterInWords(("exclude_genre",), _("Not the genre %(names)s") % {"names": names})
    if filters.explicit is not None:
        yield FilterInWords(
            ("explicit",), _("Only explicit words") if filters.explicit else _("No explicit words")
        )


def _of_the_popularity(filters: TrackFilters) -> Iterator[FilterInWords]:
    if filters.min_popularity is not None:
        words = _("Popularity at least %(value)s") % {"value": filters.min_popularity}
        yield FilterInWords(("min_popularity",), words)
    if filters.max_popularity is not None:
        words = _("Popularity at most %(value)s") % {"value": filters.max_popularity}
        yield FilterInWords(("max_popularity",), words)


def _of_the_features(filters: TrackFilters) -> Iterator[FilterInWords]:
    lowest, highest = dict(filters.minimum), dict(filters.maximum)
    for name in dict.fromkeys([*lowest, *highest]):
        if name in CATEGORIES and name in lowest and lowest[name] == highest.get(name):
            words = _("%(feature)s %(value)s") % _facts(name, lowest[name])
            yield FilterInWords((f"min_{name}", f"max_{name}"), words)
            continue
        if name in lowest:
            words = _("%(feature)s at least %(value)s") % _facts(name, lowest[name])
            yield FilterInWords((f"min_{name}",), words)
        if name in highest:
            words = _("%(feature)s at most %(value)s") % _facts(name, highest[name])
            yield FilterInWords((f"max_{name}",), words)


def _facts(name: str, value: float) -> dict[str, str]:
    return {"feature": feature_label(name), "value": exact_value_in_words(name, value)}
