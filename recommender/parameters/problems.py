"""What is wrong with the parameters of a list: for programs by their names, for pages by their labels."""

from collections.abc import Iterable, Mapping
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
        """The row of the form: `energy` for `min_energy` and `max_energy`."""
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
    """The problems that pydantic found, each once; `bounds` are the `ge` and `le` of each parameter."""
    found = []
    for error in errors:
        context = error.get("ctx", {})
        if error["type"] == "reversed_range":
            for low, high in context["pairs"]:
                found.append(Problem((low, high), wording.reversed(low, high, context["values"])))
            continue
        # The parameter's name stands between where it came from and, of a list, a position.
        name = str(next((part for part in reversed(error["loc"]) if isinstance(part, str)), ""))
        found.append(Problem((name,), _sentence(error, name, wording, bounds.get(name, {}))))
    return list(dict.fromkeys(found))


def _sentence(error: Any, name: str, wording: Wording, bounds: Mapping[str, Any]) -> str:
    """What is allowed: of a number the whole range, where the parameter has one, else the bound it passed."""
    kind, context = error["type"], error.get("ctx", {})
    values = {"name": wording.named(name), **context}
    if kind in ("greater_than_equal", "less_than_equal"):
        limits = bounds if len(bounds) == 2 else context
        values |= {bound: wording.valued(name, value) for bound, value in limits.items()}
        kind = "range" if len(limits) == 2 else kind
    sentences = {
        "range": _("%(name)s must lie between %(ge)s and %(le)s."),
        "greater_than_equal": _("%(name)s must be at least %(ge)s."),
        "less_than_equal": _("%(name)s must be at most %(le)s."),
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
    if kind.startswith("int_"):
        return _("%(name)s must be a whole number.") % values
    return sentences[kind] % values if kind in sentences else f"{values['name']}: {error['msg']}."
