"""What a distance is made of: its parts in words and figures, and as the segments of a bar."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# In the order of the bar; static/css/tokens.css has a colour for each.
PARTS: dict[str, Promise] = {
    "sound": gettext_lazy("sound"),
    "genre": gettext_lazy("genre"),
    "artist": gettext_lazy("artist"),
    "listeners": gettext_lazy("listeners"),
    "popularity": gettext_lazy("popularity"),
    "familiarity": gettext_lazy("little known"),
    "duration": gettext_lazy("length"),
    "hubness": gettext_lazy("in too many lists"),
    "target": gettext_lazy("off your targets"),
}
SHOWN_FROM = 0.005  # a smaller part would round to 0.00


@dataclass(frozen=True, slots=True)
class Part:
    """A part by the name of its colour, in words and figures; `start`, `width` are per cent of the bar."""

    name: str
    word: Promise
    value: str
    start: str
    width: str


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance in figures, and what it is made of."""

    value: str
    parts: list[Part]


def distance_of(distance: float, parts: Mapping[str, float]) -> Distance:
    """The parts that show, end to end over the whole bar."""
    shown = {name: parts[name] for name in PARTS if parts.get(name, 0) >= SHOWN_FROM}
    scale, start, segments = 100 / (sum(shown.values()) or 1), 0.0, []
    for name, value in shown.items():
        width = value * scale
        figures = number_format(value, decimal_pos=2)
        segments.append(Part(name, PARTS[name], figures, f"{start:.1f}", f"{width:.1f}"))
        start += width
    return Distance(number_format(distance, decimal_pos=2), segments)
