"""Templates that are run once with their blanks left open, then filled in for every row of a list.

A template run for each row of a list costs more than finding the rows.
"""

from collections.abc import Mapping
from functools import cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_OPEN, _CLOSE = "\ue000", "\ue001"


def filled(template: str, row: Mapping[str, str], **flags: bool) -> SafeString:
    """The template with the texts of `row` in its `{{ row.name }}` places, escaped unless they are safe.

    What a template decides on must be given as `flags`: it never sees the texts.
    """
    opened = _opened(template, tuple(row), tuple(flags.items()), get_language())
    # html.escape rather than Django's: the same for text, and five times as fast.
    texts = {name: text if isinstance(text, SafeString) else escape(text) for name, text in row.items()}
    return SafeString(opened.format(**texts))


@cache
def _opened(
    template: str, names: tuple[str, ...], flags: tuple[tuple[str, bool], ...], language: str | None
) -> str:
    """The HTML as a format string."""
    blanks = {name: f"{_OPEN}{name}{_CLOSE}" for name in names}
    html = render_to_string(template, {"row": blanks, **dict(flags)}).strip()
    return html.replace("{", "{{").replace("}", "}}").replace(_OPEN, "{").replace(_CLOSE, "}")
