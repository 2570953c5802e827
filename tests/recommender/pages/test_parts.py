"""The bar of a distance's parts with its legend."""

import re

from django.utils.translation import override

from recommender.pages.parts import legend_of, parts_bars, scale_of


def test_the_segments_lie_end_to_end_and_the_figures_say_the_same():
    with override("de"):
        (bar,) = parts_bars([{"sound": 0.5, "genre": 0.25, "artist": 0.0}], scale=40)
    segments = re.findall(r'class="part-(\w+)" x="([\d.]+)" width="([\d.]+)"', bar)
    assert segments == [("sound", "0.0", "20.0"), ("genre", "20.0", "10.0")]
    assert '<p class="part-figures">sound 0,50, genre 0,25</p>' in bar


def test_the_farthest_fills_the_bar():
    assert scale_of([0.5, 2.0]) == 50
    assert scale_of([]) == scale_of([0.0]) == 100


def test_the_legend_names_what_some_bar_shows_in_the_order_of_the_bars():
    legend = legend_of([{"listeners": 0.1, "sound": 0.3}, {"sound": 0.1, "genre": 0.004, "target": 1}])
    assert re.findall(r'class="part-(\w+)".*?</svg>([^<]+)</li>', legend) == [
        ("sound", "sound"),
        ("listeners", "listeners"),
        ("target", "off your targets"),
    ]
    assert legend_of([{"sound": 0.3}, {"sound": 0.1}]) == legend_of([]) == ""
