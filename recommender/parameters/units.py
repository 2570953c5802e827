"""The units that pages ask for audio features in, beside those of the parameters.

A feature from 0 to 1 is asked for in per cent (`min_energy_percent=60`), one that is no amount as a choice
(`only_key=5`). Either becomes the parameters that the API has (`min_energy=0.6`, `min_key=5&max_key=5`), in
which every address that is shown or shared is written.
"""

import math
from collections.abc import Iterator

from django.http import QueryDict

from tracks.audio_features import AUDIO_FEATURES, FEATURE_NAMES

PERCENT, ONLY = "_percent", "only_"
TO = ".."  # in a choice: from one value to another, either may be missing
SHARES = frozenset(each.name for each in AUDIO_FEATURES if each.is_share)


def in_parameters(query: QueryDict) -> QueryDict:
    """What a form of a page sent, as parameters; what it left blank, and all that it does not ask, stays."""
    found = {name: list(_parameters(name, str(query[name]))) for name in query}
    if not any(found.values()):
        return query
    given = query.copy()
    for name, parameters in found.items():
        for parameter, value in parameters:
            given[parameter] = value
            given.pop(name, None)
    return given


def needs_canonical_url(query: QueryDict) -> bool:
    """Whether an address is as a form sends it: with blank fields, or in units of pages."""
    return in_parameters(query) != query or any(
        value == "" for values in query.lists() for value in values[1]
    )


def name_in_form(parameter: str) -> str:
    """What the field of a parameter is called in a form."""
    return f"{parameter}{PERCENT}" if _feature_of(parameter) in SHARES else parameter


def shown(parameter: str, value: float) -> str:
    """A value of a parameter as its field has it: `60` for a share of 0.6."""
    return f"{100 * value if _feature_of(parameter) in SHARES else value:.10g}"


def choice(low: float | None, high: float | None) -> str:
    """Two bounds of a feature that is no amount as one choice: `5`, `2..7`, `2..`, or "" for none."""
    if low is None and high is None:
        return ""
    if low == high:
        return f"{low:g}"
    return TO.join("" if value is None else f"{value:g}" for value in (low, high))


def _parameters(name: str, text: str) -> Iterator[tuple[str, str]]:
    """The parameters that a field of a form stands for; none where it is one itself."""
    if name.endswith(PERCENT) and _feature_of(name.removesuffix(PERCENT)) in SHARES:
        yield name.removesuffix(PERCENT), _share(text)
    elif name.startswith(ONLY) and name.removeprefix(ONLY) in FEATURE_NAMES:
        feature = name.removeprefix(ONLY)
        low, dots, high = text.partition(TO)
        yield f"min_{feature}", low
        yield f"max_{feature}", high if dots else low


def _share(text: str) -> str:
    """A text per cent as a share; what is no number is left to whoever checks the parameters."""
    try:
        percent = float(text)
    except ValueError:
        return text
    return f"{percent / 100:.12g}" if math.isfinite(percent) else text


def _feature_of(parameter: str) -> str:
    return parameter.partition("_")[2]
