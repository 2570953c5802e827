"""What a reader sees of a page that did not go through gettext, found by a pseudo-language."""

import re
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from django.apps import apps

from config.translations import extract_messages

PSEUDO = "en-xa"  # CLDR's code of a pseudo-language; as English, it has formats of dates and numbers
READ_ATTRIBUTES = {"alt", "aria-description", "aria-label", "data-text", "hx-confirm", "label", "placeholder",
                   "title"}  # fmt: skip
UNREAD_ELEMENTS = {"script", "style"}


def write_pseudo_language(base: Path, locale_folder: Path) -> None:
    """Compile a language in which every message stands between « and », other packages' messages too."""
    catalog = Catalog(locale="en")
    messages = [each for each in (*extract_messages(base), *_messages_of_packages()) if each.id]
    for message in sorted(messages, key=lambda each: isinstance(each.id, str)):  # a plural serves both
        if catalog.get(message.id, message.context):
            continue
        marked = (
            f"«{message.id}»" if isinstance(message.id, str) else tuple(f"«{text}»" for text in message.id)
        )
        catalog.add(message.id, marked, context=message.context)
    path = locale_folder / "en_XA" / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as stream:
        write_mo(stream, catalog)


def _messages_of_packages():
    """The messages that Django and the installed apps of others have translated into any language."""
    folders = {Path(import_module("django").__file__).parent / "conf" / "locale"}
    folders |= {Path(each.path) / "locale" for each in apps.get_app_configs()}
    for path in sorted(path for folder in folders for path in folder.glob("*/LC_MESSAGES/django.mo")):
        with path.open("rb") as stream:
            yield from read_mo(stream)


class _Reader(HTMLParser):
    """Collects what is read of a page: its text in order, and the attributes that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.attributes: list[str] = []
        self.unread: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in UNREAD_ELEMENTS:
            self.unread.append(tag)
        self.attributes += [value for name, value in values.items() if name in READ_ATTRIBUTES]
        if tag == "input" and values.get("type") in ("submit", "button", "reset"):
            self.attributes.append(values.get("value", ""))
        if tag == "meta" and values.get("name") == "description":
            self.attributes.append(values.get("content", ""))
        self.pieces.append(" ")

    def handle_endtag(self, tag) -> None:
        if self.unread and self.unread[-1] == tag:
            self.unread.pop()
        self.pieces.append(" ")

    def handle_data(self, data) -> None:
        if not self.unread:
            self.pieces.append(data)


def untranslated(html: str, data: re.Pattern[str]) -> list[str]:
    """The words of a page outside of « and »; `data` is what is never translated, as names of tracks."""
    reader = _Reader()
    reader.feed(html)
    found = []
    for text in ["".join(reader.pieces), *reader.attributes]:
        outside, depth = [], 0
        for letter in re.sub(r"\s+", " ", text):
            depth += letter == "«"
            outside.append(letter if depth == 0 else "\n")
            depth -= letter == "»"
            assert depth >= 0, f"a » without its « in {text}"
        assert depth == 0, f"a « without its » in {text}"
        left = data.sub(" ", "".join(outside))
        found += [each.strip() for each in left.split("\n") if re.search(r"[^\W\d_]", each)]
    return found
