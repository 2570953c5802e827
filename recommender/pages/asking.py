"""How a list is asked for by name and value, alike in a page's address and in the API."""

from typing import Annotated, Any, Self, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, ValidationError, create_model, model_validator
from pydantic_core import PydanticCustomError

from recommender.answers.filters import CATEGORIES, TrackFilters
from recommender.answers.requests import (
    FAMILIARITY,
    HIGHEST_VARIETY_SEED,
    MOST_FAMILIARITY,
    MOST_RESULTS,
    Blend,
    RecommendationRequest,
    Scope,
)
from tracks.audio_features import AUDIO_FEATURES, AudioFeature

MOST_GENRES = 50
LONGEST_GENRE = 100
BOUNDS = {"min": "at least", "max": "at most", "target": "near to"}
Parameters = TypeVar("Parameters", bound="ListParameters")


class CannotAsk(ValueError):
    """The address asks for something that is none of the choices; the text says what can be asked."""


def _familiarity(value: Any) -> Any:
    return FAMILIARITY.get(value, value) if isinstance(value, str) else value


def _number_or_word(schema: dict[str, Any]) -> None:
    number = {name: schema.pop(name) for name in ("type", "minimum", "maximum") if name in schema}
    schema["anyOf"] = [number, {"type": "string", "enum": list(FAMILIARITY)}]


Genre = Annotated[str, Field(max_length=LONGEST_GENRE)]
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

    limit: int = Field(default=20, ge=1, le=MOST_RESULTS)
    scope: Scope = Field(default=Scope.CLUSTER, description="Where neighbours are looked for.")
    blend: Blend = Field(default=Blend.BALANCED, description="How sound, genre and listeners are weighed.")
    per_artist: int = Field(
        default=1, ge=0, le=MOST_RESULTS, description="Most tracks of one first artist; 0: no cap."
    )
    familiarity: Annotated[float, BeforeValidator(_familiarity)] = Field(
        default=1.0,
        ge=-MOST_FAMILIARITY,
        le=MOST_FAMILIARITY,
        allow_inf_nan=False,
        description="How much the well known is preferred, below 0 the little known: a number, or one of "
        + ", ".join(f"{word} ({number:g})" for word, number in FAMILIARITY.items())
        + ". No part of blend sound.",
        json_schema_extra=_number_or_word,
    )
    variety: float = Field(
        default=0.0, ge=0, le=1, allow_inf_nan=False, description="How far the order is shaken, 0 to 1."
    )
    variety_seed: int = Field(
        default=0, ge=0, le=HIGHEST_VARIETY_SEED, description="The same seed shakes alike."
    )
    genre: list[Genre] = Field(
        default=[], max_length=MOST_GENRES, description="At least one of these genres."
    )
    exclude_genre: list[Genre] = Field(
        default=[], max_length=MOST_GENRES, description="None of these genres."
    )
    explicit: bool | None = Field(default=None, description="Only explicit tracks, or only others.")
    min_popularity: Popularity | None = None
    max_popularity: Popularity | None = None

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """A lowest value above the highest can only be a mistake."""
        for name in ("popularity", *(feature.name for feature in AUDIO_FEATURES)):
            low, high = getattr(self, f"min_{name}"), getattr(self, f"max_{name}")
            if low is not None and high is not None and low > high:
                names = {"low": f"min_{name}", "high": f"max_{name}"}
                raise PydanticCustomError("reversed_range", "lowest above highest", names)
        return self

    def request(self) -> RecommendationRequest:
        """What is asked for."""
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
        values = (
            (feature.name, getattr(self, f"{bound}_{feature.name}"))
            for feature in AUDIO_FEATURES
            if f"{bound}_{feature.name}" in given
        )
        return tuple((name, float(value)) for name, value in values if value is not None)


REPEATED = frozenset({"genre", "exclude_genre"})


def read_request(query: QueryDict) -> RecommendationRequest:
    """What the address of a page asks for. Raises `CannotAsk` for what cannot be asked."""
    return read_parameters(ListParameters, query).request()


def read_parameters(kind: type[Parameters], query: QueryDict) -> Parameters:
    """The parameters of an address, without those that are not known and those that a form left blank.

    Raises `CannotAsk`.
    """
    given = {
        name: [each for each in query.getlist(name) if each] if name in REPEATED else query[name]
        for name in query
        if name in kind.model_fields and any(query.getlist(name))
    }
    try:
        parameters: Parameters = kind.model_validate(given)
    except ValidationError as error:
        raise CannotAsk(problems_in_words(error.errors(include_url=False))) from error
    return parameters


def problems_in_words(problems: Any) -> str:
    """What is wrong with the parameters, each problem once."""
    return " ".join(dict.fromkeys(map(_in_words, problems)))


def _in_words(problem: Any) -> str:
    """One problem of one parameter: its name, and what is allowed."""
    values = {"name": _name(problem["loc"]), **problem.get("ctx", {})}
    sentences = {
        "bool_parsing": _("%(name)s must be true or false."),
        "enum": _("%(name)s must be %(expected)s."),
        "extra_forbidden": _("%(name)s is not known here."),
        "finite_number": _("%(name)s must be a number."),
        "float_parsing": _("%(name)s must be a number."),
        "literal_error": _("%(name)s must be %(expected)s."),
        "missing": _("%(name)s is missing."),
        "reversed_range": _("%(low)s must not be above %(high)s."),
        "string_too_long": _("%(name)s must have at most %(max_length)s characters."),
        "string_too_short": _("%(name)s must have at least %(min_length)s characters."),
        "too_long": _("%(name)s can be given at most %(max_length)s times."),
    }
    if problem["type"].startswith("int_"):
        return _("%(name)s must be a whole number.") % values
    if problem["type"] in ("greater_than_equal", "less_than_equal"):
        return _range_in_words(values)
    template = sentences.get(problem["type"])
    return template % values if template else f"{values['name']}: {problem['msg']}."


def _range_in_words(values: dict[str, Any]) -> str:
    """The whole range that is allowed, where the parameter has one; else the bound that was passed."""
    field = ListParameters.model_fields.get(values["name"])
    bounds = _bounds_of(field) if field else {}
    if len(bounds) == 2:
        return _("%(name)s must lie between %(ge)s and %(le)s.") % {"name": values["name"], **bounds}
    template = (
        _("%(name)s must be at least %(ge)s.") if "ge" in values else _("%(name)s must be at most %(le)s.")
    )
    return template % values


def _bounds_of(field: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in field.metadata:
        for bound in ("ge", "le"):
            if (value := getattr(each, bound, None)) is not None:
                found[bound] = value
    return found


def _name(location: tuple[Any, ...]) -> str:
    """The parameter's name: the library puts where it came from before it, and a list's position after."""
    return str(next((part for part in reversed(location) if isinstance(part, str)), ""))
