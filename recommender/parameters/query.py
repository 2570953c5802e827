"""A request as the parameters of an address, those alone that are not as usual."""

from collections.abc import Iterator
from dataclasses import fields

from recommender.answers.filters import TrackFilters
from recommender.answers.requests import RecommendationRequest

USUAL = RecommendationRequest()
RENAMED = {"genres": "genre", "exclude_genres": "exclude_genre"}
SHORT = {"minimum": "min", "maximum": "max", "target": "target"}


def parameters_of(request: RecommendationRequest) -> Iterator[tuple[str, str]]:
    """The names and values that ask for it, as the API has them too."""
    for field in fields(request):
        value = getattr(request, field.name)
        if isinstance(value, TrackFilters):
            yield from _filters(value)
        elif value != getattr(USUAL, field.name):
            yield field.name, _text(value)


def _filters(filters: TrackFilters) -> Iterator[tuple[str, str]]:
    for field in fields(filters):
        value = getattr(filters, field.name)
        if field.name in RENAMED:
            yield from ((RENAMED[field.name], each) for each in value)
        elif field.name in SHORT:
            yield from ((f"{SHORT[field.name]}_{name}", _text(bound)) for name, bound in value)
        elif value is not None:
            yield field.name, _text(value)


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value).lower() if isinstance(value, bool) else str(value)
