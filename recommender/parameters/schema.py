"""The parameters of a list, alike in a page's address and in the API: read, checked, and written again."""

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Annotated, Any, Self, TypeVar

from django.http import QueryDict
from pydantic import BeforeValidator, Field, ValidationError, create_model, model_validator
from pydantic_core import PydanticCustomError

from recommender.answers.filter_words import without_filters
from recommender.answers.filters import CATEGORIES, TrackFilters, UnknownGenre
from recommender.answers.requests import (
    FAMILIARITY,
    MAX_FAMILIARITY,
    MAX_RESULTS,
    MAX_VARIETY_SEED,
    Blend,
    RecommendationRequest,
    Scope,
)
from recommender.parameters.problems import FOR_PAGES, FOR_PROGRAMS, Problem, problems_of
from recommender.parameters.units import in_parameters
from tracks.audio_features import AUDIO_FEATURES, FEATURE_NAMES, AudioFeature

DEFAULTS = RecommendationRequest()
MAX_GENRES = 50
MAX_GENRE_LENGTH = 100
BOUNDS = {"min": "at least", "max": "at most", "target": "near to"}
# The lowest and the highest of everything, and the parameters of each bound with their features.
PAIRS = [(f"min_{name}", f"max_{name}") for name in ("popularity", *FEATURE_NAMES)]
OF_BOUND = {bound: [(name, f"{bound}_{name}") for name in FEATURE_NAMES] for bound in BOUNDS}
Parameters = TypeVar("Parameters", bound="ListParameters")


class InvalidQuery(ValueError):
    """A parameter is wrong. `problems` say what is allowed, by the labels of pages; `usable` is the request
    without them."""

    def __init__(self, problems: Sequence[Problem], usable: RecommendationRequest) -> None:
        self.problems = problems
        self.usable = usable
        super().__init__(" ".join(each.text for each in problems))


def _familiarity(value: Any) -> Any:
    return FAMILIARITY.get(value, value) if isinstance(value, str) else value


def _number_or_word(schema: dict[str, Any]) -> None:
    number = {name: schema.pop(name) for name in ("type", "minimum", "maximum") if name in schema}
    schema["anyOf"] = [number, {"type": "string", "enum": list(FAMILIARITY)}]


Genre = Annotated[str, Field(max_length=MAX_GENRE_LENGTH)]
Popularity = Annotated[int, Field(ge=0, le=100)]


def _field_of(feature: AudioFeature, bound: str) -> tuple[Any, Any]:
    kind = int if feature.name in CATEGORIES else float
    unit = f", in {feature.unit}" if feature.unit else ""
    text = f"{feature.name.replace('_', ' ').capitalize()} {BOUNDS[bound]}{unit}."
    return kind | None, Field(
        default=None, ge=feature.low, le=feature.high, allow_inf_nan=False, description=text
    ) if kind is float else Field(default=None, ge=feature.low, le=feature.high, description=text)


FeatureBounds = create_model(
    "FeatureBounds",
    **{
        f"{bound}_{feature.name}": _field_of(feature, bound) for feature in AUDIO_FEATURES for bound in BOUNDS
    },  # type: ignore[call-overload]
)


class ListParameters(FeatureBounds):  # type: ignore[misc,valid-type]
    """Every parameter of a list."""

    limit: int = Field(default=20, ge=1, le=MAX_RESULTS)
    scope: Scope = Field(default=Scope.CLUSTER, description="Where neighbours are looked for.")
    blend: Blend = Field(default=Blend.BALANCED, description="How sound, genre and listeners are weighed.")
    per_artist: int = Field(
        default=1, ge=0, le=MAX_RESULTS, description="Most tracks of one first artist; 0: no cap."
    )
    familiarity: Annotated[float, BeforeValidator(_familiarity)] = Field(
        default=1.0,
        ge=-MAX_FAMILIARITY,
        le=MAX_FAMILIARITY,
        allow_inf_nan=False,
        description="How much the well known is preferred, below 0 the little known: a number, or one of "
        + ", ".join(f"{word} ({number:g})" for word, number in FAMILIARITY.items())
        + ". No part of blend sound.",
        json_schema_extra=_number_or_word,
    )
    variety: float = Field(
        default=0.0, ge=0, le=1, allow_inf_nan=False, description="How far the order is shuffled, 0 to 1."
    )
    variety_seed: int = Field(
        default=0, ge=0, le=MAX_VARIETY_SEED, description="The same seed shuffles alike."
    )
    genre: list[Genre] = Field(default=[], max_length=MAX_GENRES, description="At least one of these genres.")
    exclude_genre: list[Genre] = Field(default=[], max_length=MAX_GENRES, description="None of these genres.")
    explicit: bool | None = Field(default=None, description="Only explicit tracks, or only others.")
    min_popularity: Popularity | None = None
    max_popularity: Popularity | None = None

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """A lowest value above the highest can only be a mistake."""
        given = self.model_fields_set
        pairs = [(low, high) for low, high in PAIRS if low in given and high in given]
        values = {name: getattr(self, name) for pair in pairs for name in pair}
        wrong = [
            (low, high)
            for low, high in pairs
            if None not in (values[low], values[high]) and values[low] > values[high]
        ]
        if wrong:
            facts = {"pairs": wrong, "values": values}
            raise PydanticCustomError("reversed_range", "lowest above highest", facts)
        return self

    def request(self) -> RecommendationRequest:
        """The request that they stand for."""
        return RecommendationRequest(
            limit=self.limit,
            scope=self.scope,
            blend=self.blend,
            per_artist=self.per_artist,
            familiarity=self.familiarity,
            variety=self.variety,
            variety_seed=self.variety_seed,
            filters=TrackFilters(
                genres=tuple(self.genre),
                exclude_genres=tuple(self.exclude_genre),
                explicit=self.explicit,
                min_popularity=self.min_popularity,
                max_popularity=self.max_popularity,
                minimum=self._bounds("min"),
                maximum=self._bounds("max"),
                target=self._bounds("target"),
            ),
        )

    def _bounds(self, bound: str) -> tuple[tuple[str, float], ...]:
        given = self.model_fields_set
        values = [
            (name, getattr(self, parameter)) for name, parameter in OF_BOUND[bound] if parameter in given
        ]
        return tuple([(name, float(value)) for name, value in values if value is not None])


REPEATED = frozenset({"genre", "exclude_genre"})


def read_request(query: QueryDict) -> RecommendationRequest:
    """The request in the address of a page. Raises `InvalidQuery`."""
    return read_parameters(ListParameters, query).request()


def read_parameters(kind: type[Parameters], query: QueryDict) -> Parameters:
    """The parameters of an address, without those that are not known and those that a form left blank.

    Raises `InvalidQuery`.
    """
    query = in_parameters(query)
    given = {
        name: [each for each in query.getlist(name) if each] if name in REPEATED else query[name]
        for name in query
        if name in kind.model_fields and any(query.getlist(name))
    }
    return _checked(kind, given)


def _checked(kind: type[Parameters], given: dict[str, Any]) -> Parameters:
    try:
        parameters: Parameters = kind.model_validate(given)
    except ValidationError as error:
        problems = problems_of(error.errors(include_url=False), FOR_PAGES, _bounds_of_all())
        wrong = {name for problem in problems for name in problem.names}
        try:  # what is left may be found wrong only now
            left = _checked(kind, {name: value for name, value in given.items() if name not in wrong})
            usable = left.request()
        except InvalidQuery as other:
            usable = other.usable
        raise InvalidQuery(problems, usable) from error
    return parameters


def parameters_of(request: RecommendationRequest) -> list[tuple[str, str]]:
    """The names and values that ask for a request: those alone that are not the defaults."""
    found: list[tuple[str, object]] = []
    for option in fields(request):
        value = getattr(request, option.name)
        if option.name != "filters" and value != getattr(DEFAULTS, option.name):
            found.append((option.name, value))
    filters = request.filters
    found += [("genre", each) for each in filters.genres]
    found += [("exclude_genre", each) for each in filters.exclude_genres]
    for name in ("explicit", "min_popularity", "max_popularity"):
        if (value := getattr(filters, name)) is not None:
            found.append((name, value))
    for bound, pairs in (("min", filters.minimum), ("max", filters.maximum), ("target", filters.target)):
        found += [(f"{bound}_{name}", value) for name, value in pairs]
    return [(name, _text(value)) for name, value in found]


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def refused_genre(error: UnknownGenre, request: RecommendationRequest) -> InvalidQuery:
    """The error for a genre that the run does not have."""
    usable = replace(request, filters=without_filters(request.filters, ("genre", "exclude_genre")))
    return InvalidQuery([Problem(("genre",), str(error))], usable)


def problems_in_words(problems: Any) -> str:
    """What is wrong with the parameters, by their names, each problem once."""
    found = problems_of(problems, FOR_PROGRAMS, _bounds_of_all())
    return " ".join(problem.text for problem in found)


@cache
def _bounds_of_all() -> dict[str, dict[str, Any]]:
    """The lowest and the highest value that each parameter may have."""
    return {
        name: {
            bound: getattr(each, bound)
            for each in field.metadata
            for bound in ("ge", "le")
            if getattr(each, bound, None) is not None
        }
        for name, field in ListParameters.model_fields.items()
    }
