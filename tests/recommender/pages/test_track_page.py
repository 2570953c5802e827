"""Rows that are filled in as text whatever they hold."""

from html import escape

from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from tracks.open_templates import filled


def test_a_row_is_text_whatever_it_holds():
    texts = dict.fromkeys(("hint", "label", "value", "percent", "usual", "usual_percent"), "")
    row = filled("parts/feature_row.html", texts | {"label": "{x} <b>&\"'"}, has_usual=False)
    assert "{x} &lt;b&gt;&amp;&quot;&#x27;" in row


@given(st.lists(st.text(st.sampled_from("a<&\"'{}\ue000\ue001\ue002")), min_size=6, max_size=6))
def test_texts_are_escaped_one_by_one_whatever_they_hold(values):
    names = ("hint", "label", "value", "percent", "usual", "usual_percent")
    row = filled("parts/feature_row.html", dict(zip(names, values, strict=True)), has_usual=True)

    marks = filled("parts/feature_row.html", {name: f"({name})" for name in names}, has_usual=True)
    for name, value in zip(names, values, strict=True):
        marks = marks.replace(f"({name})", escape(value))
    assert row == marks


def test_what_is_safe_stays_as_it_is():
    texts = dict.fromkeys(("hint", "label", "value", "percent", "usual", "usual_percent"), "<")
    row = filled("parts/feature_row.html", texts | {"label": SafeString("<b>bold</b>")}, has_usual=True)
    assert "<b>bold</b>" in row
    assert row.count("&lt;") == 4  # the template shows all but one
