"""Templates that are run once with their blanks left open, then filled in for every row of a list.

A template run for each row of a list costs more than finding the rows.
"""

from collections.abc import Collection, Mapping, Sequence
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
    return SafeString(opened.format(*_escaped(row.values())))


def filled_rows(template: str, rows: Sequence[Mapping[str, str]], **flags: str) -> SafeString:
    """The template filled in for each of the rows, which all have the same names, one after the other.

    Each flag is named with the text of a row that it stands for: it is set where that text is not empty.
    """
    if not rows:
        return SafeString("")
    language, names = get_language(), tuple(rows[0])
    texts = _escaped([row[name] for row in rows for name in names])
    filled_in = []
    for at, row in enumerate(rows):
        decided = tuple([(flag, bool(row[name])) for flag, name in flags.items()])
        opened = _opened(template, names, decided, language)
        filled_in.append(opened.format(*texts[at * len(names) : (at + 1) * len(names)]))
    return SafeString("".join(filled_in))


def _escaped(texts: Collection[str]) -> list[str]:
    """The texts, escaped unless they are safe: all in one go, which takes a fifth of one by one."""
    unsafe = [text for text in texts if not isinstance(text, SafeString)]
    # html.escape rather than Django's: the same for text, and five times as fast.
    escaped = escape(_BETWEEN.join(unsafe)).split(_BETWEEN)
    if len(escaped) != len(unsafe):  # a text has the separator in it, or all are safe
        escaped = [escape(text) for text in unsafe]
    following = iter(escaped)
    return [text if isinstance(text, SafeString) else next(following) for text in texts]


@cache
def _opened(
    template: str, names: tuple[str, ...], flags: tuple[tuple[str, bool], ...], language: str | None
) -> str:
    """The HTML as a format string, its places numbered in the order of the names."""
    blanks = {name: f"{_OPEN}{place}{_CLOSE}" for place, name in enumerate(names)}
    html = render_to_string(template, {"row": blanks, **dict(flags)}).strip()
    return html.replace("{", "{{").replace("}", "}}").replace(_OPEN, "{").replace(_CLOSE, "}")
