"""Rows that are filled in as text whatever they hold."""

from tracks.open_templates import filled


def test_a_row_is_text_whatever_it_holds():
    texts = dict.fromkeys(("hint", "label", "value", "percent", "usual", "usual_percent"), "")
    row = filled("parts/feature_row.html", texts | {"label": "{x} <b>&\"'"}, has_usual=False)
    assert "{x} &lt;b&gt;&amp;&quot;&#x27;" in row
