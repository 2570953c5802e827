"""Catalogues of translations, extracted and compiled by Babel: no GNU gettext has to be installed.

A language is a folder `locale/<language>/LC_MESSAGES/` with Django's usual `django.po`.
"""

from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from django.utils.translation.template import templatize

FOLDERS = ("config", "recommender", "tracks", "templates")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


class InvalidCatalogue(ValueError):
    """A file of translations that cannot be used; the text names the file, the line and what is wrong."""


def extract_messages(base: Path) -> Catalog:
    """Every string that Python modules and templates under `base` mark for translation, sorted by file."""
    catalog = Catalog(project="Soundkin")
    for path in sorted(path for folder in FOLDERS for path in (base / folder).rglob("*")):
        if path.suffix not in (".py", ".html"):
            continue
        source = path.read_text()
        if path.suffix == ".html":
            # Django turns a template into calls of gettext; indents mean nothing there.
            source = "\n".join(line.strip() for line in templatize(source).splitlines())
        name = path.relative_to(base).as_posix()
        found = extract("python", BytesIO(source.encode()), KEYWORDS, ("Translators:",))
        for line, message, comments, context in found:
            if not message:
                continue
            catalog.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return catalog


def update_messages(base: Path, locale_folder: Path, language: str) -> Path:
    """Bring the language's `django.po` up to date with the sources, translations kept; made if missing.

    A translation whose message is gone is kept at the end of the file, commented out.
    """
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError) as error:
        raise InvalidCatalogue(f"{language} is no language that Babel knows: {error}.") from error
    path = locale_folder / language / "LC_MESSAGES" / "django.po"
    catalog = read_catalog(path) if path.exists() else Catalog(locale=locale, project="Soundkin")
    catalog.update(extract_messages(base))
    path.parent.mkdir(parents=True, exist_ok=True)
    content = BytesIO()
    write_po(content, catalog, width=110, include_lineno=False)
    path.write_bytes(content.getvalue())
    return path


def compile_messages(locale_folder: Path) -> list[Path]:
    """Write the `django.mo` that Django reads for every `django.po`; the files that were compiled."""
    compiled = []
    for path in sorted(locale_folder.glob("*/LC_MESSAGES/django.po")):
        content = BytesIO()
        write_mo(content, read_catalog(path))
        path.with_suffix(".mo").write_bytes(content.getvalue())
        compiled.append(path)
    return compiled


def read_catalog(path: Path) -> Catalog:
    """The translations in a file, checked: a lost `%(name)s` would break a page only in that language."""
    try:
        catalog = read_po(path.open("rb"), locale=path.parent.parent.name, abort_invalid=True)
    except PoFileError as error:
        raise InvalidCatalogue(f"{path}: {error}") from error
    mistakes = [
        f"line {message.lineno}, {message.id!r}: {error}"
        for message, errors in catalog.check()
        for error in errors
    ]
    if mistakes:
        raise InvalidCatalogue(f"{path}: " + "; ".join(mistakes))
    return catalog
