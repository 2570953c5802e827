"""Templates that are run once with their blanks left open, then filled in for every row of a list.

A template run for each row of a list costs more than finding the rows.
"""

from collections.abc import Mapping
from functools import cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_OPEN, _CLOSE, _BETWEEN = "\ue000", "\ue001", "\ue002"


def filled(template: str, row: Mapping[str, str], **flags: bool) -> SafeString:
    """The template with the texts of `row` in its `{{ row.name }}` places, escaped unless they are safe.

    What a template decides on must be given as `flags`: it never sees the texts.
    """
    opened = _opened(template, tuple(row), tuple(flags.items()), get_language())
    return SafeString(opened.format(**_escaped(row)))


def _escaped(row: Mapping[str, str]) -> dict[str, str]:
    """The texts, escaped unless they are safe: all in one go, which takes a fifth of one by one."""
    unsafe = {name: text for name, text in row.items() if not isinstance(text, SafeString)}
    # html.escape rather than Django's: the same for text, and five times as fast.
    texts = escape(_BETWEEN.join(unsafe.values())).split(_BETWEEN)
    if len(texts) != len(unsafe):  # a text has the separator in it
        texts = [escape(text) for text in unsafe.values()]
    return {**row, **dict(zip(unsafe, texts, strict=True))}


@cache
def _opened(
    template: str, names: tuple[str, ...], flags: tuple[tuple[str, bool], ...], language: str | None
) -> str:
    """The HTML as a format string."""
    blanks = {name: f"{_OPEN}{name}{_CLOSE}" for name in names}
    html = render_to_string(template, {"row": blanks, **dict(flags)}).strip()
    return html.replace("{", "{{").replace("}", "}}").replace(_OPEN, "{").replace(_CLOSE, "}")
