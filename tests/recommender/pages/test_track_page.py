"""The bar of a distance's parts, and rows that are filled in as text whatever they hold."""

import re

from recommender.pages.track_page import PARTS, parts_bar
from tracks.open_templates import filled

NAMES = {name: str(word) for name, word in PARTS.items()}


def test_the_segments_lie_end_to_end_and_the_figures_are_read_out():
    bar = parts_bar({"sound": 0.5, "genre": 0.25, "artist": 0.0}, NAMES, scale=40, point=",")
    segments = re.findall(r'class="part-(\w+)" x="([\d.]+)" width="([\d.]+)"', bar)
    assert segments == [("sound", "0.0", "20.0"), ("genre", "20.0", "10.0")]
    assert "<title>sound 0,50, genre 0,25</title>" in bar


def test_a_row_is_text_whatever_it_holds():
    texts = dict.fromkeys(("hint", "label", "value", "percent", "usual", "usual_percent"), "")
    row = filled("parts/feature_row.html", texts | {"label": "{x} <b>&\"'"}, has_usual=False)
    assert "{x} &lt;b&gt;&amp;&quot;&#x27;" in row
