"""Histograms of a region's audio features against the whole catalogue, as data for SVGs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recommender.answers.browsing import Region
from recommender.answers.histograms import histograms
from recommender.snapshots.snapshot import Snapshot
from tracks.audio_features import BY_NAME
from tracks.feature_words import feature_label, value_in_words

BIN_WIDTH, HEIGHT = 10, 40


@dataclass(frozen=True, slots=True)
class HistogramChart:
    """One feature: the bars of the region and the outline of the catalogue as SVG paths on one scale, what
    the axis begins and ends with, and the same in words."""

    label: str
    hint: str
    bars: str
    outline: str
    low: str
    high: str
    in_words: str


def histogram_charts(snapshot: Snapshot, region: Region) -> list[HistogramChart]:
    """A chart of each continuous feature, in reading order; the highest bar fills its height."""
    charts = []
    for name, (own, catalogue) in histograms(snapshot, region).items():
        feature = BY_NAME[name]
        peak = max(*own.shares, *catalogue.shares)
        text = _("Half of its tracks lie %(span)s; of the whole catalogue, %(usual)s.")
        charts.append(
            HistogramChart(
                label=feature_label(name),
                hint=str(feature.hint),
                bars="".join(
                    f"M{BIN_WIDTH * place} {HEIGHT}V{top}h{BIN_WIDTH}V{HEIGHT}z"
                    for place, top in enumerate(_tops(own.shares, peak))
                ),
                outline=f"M0 {HEIGHT}"
                + "".join(f"V{top}h{BIN_WIDTH}" for top in _tops(catalogue.shares, peak))
                + f"V{HEIGHT}",
                low=value_in_words(name, feature.bar[0]),
                high=value_in_words(name, feature.bar[1]),
                in_words=text
                % {"span": _span(name, own.quartiles), "usual": _span(name, catalogue.quartiles)},
            )
        )
    return charts


def _tops(shares: Sequence[float], peak: float) -> list[float]:
    """The upper end of each bar; y grows downwards."""
    return [round(HEIGHT * (1 - share / peak), 1) for share in shares]


def _span(name: str, quartiles: tuple[float, float]) -> str:
    first, third = (value_in_words(name, value) for value in quartiles)
    if first == third:
        return _("at %(value)s") % {"value": first}
    return _("between %(first)s and %(third)s") % {"first": first, "third": third}
