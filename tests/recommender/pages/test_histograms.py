import re

from recommender.answers.histograms import Distribution
from recommender.pages import histograms as page


def chart_of(monkeypatch, name: str, own: Distribution, catalogue: Distribution) -> page.HistogramChart:
    monkeypatch.setattr(page, "histograms", lambda snapshot, region: {name: (own, catalogue)})
    return page.histogram_charts(None, None)[0]


def test_both_are_drawn_on_one_scale_and_said_in_words(monkeypatch):
    own = Distribution((0.25, 0.5, 0.25, *[0.0] * 9), (0.1, 0.2))
    catalogue = Distribution((0.125, *[0.0] * 10, 0.875), (0.3, 0.954))
    chart = chart_of(monkeypatch, "energy", own, catalogue)
    tops = [float(top) for top in re.findall(r"M\d+ 40V([\d.]+)h10V40z", chart.bars)]
    assert tops == [28.6, 17.1, 28.6, *[40.0] * 9]
    line = [float(top) for top in re.findall(r"V([\d.]+)h10", chart.outline)]
    assert line == [34.3, *[40.0] * 10, 0.0]
    assert (chart.label, chart.low, chart.high) == ("Energy", "0 %", "100 %")
    assert chart.in_words == (
        "Half of its tracks lie between 10 % and 20 %; of the whole catalogue, between 30 % and 95 %."
    )


def test_quartiles_that_read_alike_are_one_value(monkeypatch):
    own = Distribution((1.0, *[0.0] * 11), (0.0, 0.004))
    catalogue = Distribution((0.5, *[0.0] * 10, 0.5), (0.0, 0.9))
    chart = chart_of(monkeypatch, "instrumentalness", own, catalogue)
    assert chart.in_words == "Half of its tracks lie at 0 %; of the whole catalogue, between 0 % and 90 %."
