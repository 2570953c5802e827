"""What a distance is made of, as a bar with its figures, and the legend of the bars of a list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy

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
BAR_LENGTH = 100


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A part by the name of its colour, and in words."""

    name: str
    word: str


def parts_bars(lists: Iterable[Mapping[str, float]], scale: float) -> list[SafeString]:
    """The parts of each distance as segments of a bar, `scale` to the unit, and the same in figures.

    Only our own words and numbers: nothing to escape.
    """
    language = get_language()
    return [_parts_bar(parts, scale, language) for parts in lists]


def _parts_bar(parts: Mapping[str, float], scale: float, language: str | None) -> SafeString:
    shown = tuple([name for name in PARTS if parts.get(name, 0) >= SHOWN_FROM])
    bar, figures, point = _open_bar(shown, language)
    values = [parts[name] for name in shown]
    places: list[float] = []
    start = 0.0
    for value in values:
        width = value * scale
        places += (start, width)
        start += width
    in_figures = (figures % tuple(values)).replace(".", point)
    return SafeString(f'{bar % tuple(places)}<p class="part-figures">{in_figures}</p>')


@lru_cache(maxsize=256)
def _open_bar(shown: tuple[str, ...], language: str | None) -> tuple[str, str, str]:
    """The bar of these parts and their figures, with places for the numbers, and the decimal point: few
    sets of parts are ever shown, and a number is written fastest by a format that is there."""
    words, point = _words(language)
    segments = "".join(f'<rect class="part-{name}" x="%.1f" width="%.1f" height="4"/>' for name in shown)
    bar = (
        f'<svg class="parts" viewBox="0 0 {BAR_LENGTH} 4" preserveAspectRatio="none" aria-hidden="true">'
        f"{segments}</svg>"
    )
    return bar, ", ".join(f"{words[name].replace('%', '%%')} %.2f" for name in shown), point


def scale_of(distances: Iterable[float]) -> float:
    """How long a bar is for each unit of distance: the farthest of a list fills it."""
    return BAR_LENGTH / (max(distances, default=0) or 1)


def legend_of(lists: Iterable[Mapping[str, float]]) -> SafeString:
    """The legend, as HTML, of the parts that some bar of a list shows, in the order of the bars; empty where
    all show but one."""
    shown = {name for parts in lists for name, value in parts.items() if value >= SHOWN_FROM}
    return _legend(frozenset(shown), get_language())


@lru_cache(maxsize=256)
def _legend(shown: frozenset[str], language: str | None) -> SafeString:
    words, _point = _words(language)
    entries = [LegendEntry(name, word) for name, word in words.items() if name in shown]
    if len(entries) < 2:
        return SafeString("")
    return render_to_string("recommender/parts/legend.html", {"legend": entries})


@lru_cache(maxsize=16)
def _words(language: str | None) -> tuple[dict[str, str], str]:
    """The parts in words, and the decimal point."""
    return {name: str(text) for name, text in PARTS.items()}, str(get_format("DECIMAL_SEPARATOR"))
