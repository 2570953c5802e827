"""What is wrong with the parameters of a list: for programs by their names, for pages as their fields say."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from recommender.parameters.labels import BOUNDS, parameter_label
from tracks.audio_features import FEATURE_NAMES
from tracks.feature_words import exact_value_in_words, feature_label


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one or two parameters."""

    names: tuple[str, ...]
    text: str

    @property
    def field(self) -> str:
        """What stands beside one another in a form: `energy` for `min_energy` and `max_energy`."""
        bound, _separator, rest = self.names[0].partition("_")
        return rest if bound in BOUNDS else self.names[0]


class Wording(Protocol):
    """How parameters and their values are called."""

    def named(self, name: str) -> str: ...
    def valued(self, name: str, value: Any) -> str: ...
    def reversed(self, low: str, high: str, values: Mapping[str, Any]) -> str: ...


class ForPrograms:
    """Parameters by their names, values in the units of the API."""

    def named(self, name: str) -> str:
        return name

    def valued(self, name: str, value: Any) -> str:
        return str(value)

    def reversed(self, low: str, high: str, values: Mapping[str, Any]) -> str:
        return _("%(low)s must not be above %(high)s.") % {"low": low, "high": high}


class ForPages:
    """Parameters as their fields are labelled, values in the units of pages."""

    def named(self, name: str) -> str:
        return _("“%(label)s”") % {"label": parameter_label(name)}

    def valued(self, name: str, value: Any) -> str:
        feature = name.partition("_")[2]
        if feature in FEATURE_NAMES and isinstance(value, int | float):
            return exact_value_in_words(feature, value)
        return str(value)

    def reversed(self, low: str, high: str, values: Mapping[str, Any]) -> str:
        feature = low.partition("_")[2]
        facts = {
            "what": feature_label(feature) if feature in FEATURE_NAMES else _("Popularity"),
            "low": self.valued(low, values[low]),
            "high": self.valued(high, values[high]),
        }
        return _("%(what)s: no track has at least %(low)s and at most %(high)s.") % facts


FOR_PROGRAMS, FOR_PAGES = ForPrograms(), ForPages()


def problems_of(
    errors: Iterable[Any], wording: Wording, bounds: Mapping[str, Mapping[str, Any]]
) -> list[Problem]:
    """The problems that the library found; `bounds` are the `ge` and `le` of each parameter."""
    found = [problem for error in errors for problem in _problems(error, wording, bounds)]
    return list(dict.fromkeys(found))


def _problems(error: Any, wording: Wording, bounds: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    context = error.get("ctx", {})
    if error["type"] == "reversed_range":
        for low, high in context["pairs"]:
            yield Problem((low, high), wording.reversed(low, high, context["values"]))
        return
    name = _name(error["loc"])
    yield Problem((name,), _sentence(error, name, wording, bounds.get(name, {})))


def _sentence(error: Any, name: str, wording: Wording, bounds: Mapping[str, Any]) -> str:
    """What is allowed."""
    kind, context = error["type"], error.get("ctx", {})
    values = {"name": wording.named(name), **context}
    if kind in ("greater_than_equal", "less_than_equal"):
        given = bounds if len(bounds) == 2 else context
        return _range(values["name"], {each: wording.valued(name, value) for each, value in given.items()})
    if kind.startswith("int_"):
        return _("%(name)s must be a whole number.") % values
    template = _sentences().get(kind)
    return template % values if template else f"{values['name']}: {error['msg']}."


def _sentences() -> dict[str, str]:
    return {
        "bool_parsing": _("%(name)s must be true or false."),
        "enum": _("%(name)s must be %(expected)s."),
        "extra_forbidden": _("%(name)s is not known here."),
        "finite_number": _("%(name)s must be a number."),
        "float_parsing": _("%(name)s must be a number."),
        "literal_error": _("%(name)s must be %(expected)s."),
        "missing": _("%(name)s is missing."),
        "string_too_long": _("%(name)s must have at most %(max_length)s characters."),
        "string_too_short": _("%(name)s must have at least %(min_length)s characters."),
        "too_long": _("%(name)s can be given at most %(max_length)s times."),
    }


def _range(name: str, bounds: Mapping[str, str]) -> str:
    """The whole range that is allowed, where the parameter has one; else the bound that was passed."""
    if len(bounds) == 2:
        return _("%(name)s must lie between %(ge)s and %(le)s.") % {"name": name, **bounds}
    template = (
        _("%(name)s must be at least %(ge)s.") if "ge" in bounds else _("%(name)s must be at most %(le)s.")
    )
    return template % {"name": name, **bounds}


def _name(location: tuple[Any, ...]) -> str:
    """The parameter's name: the library puts where it came from before it, and a list's position after."""
    return str(next((part for part in reversed(location) if isinstance(part, str)), ""))
