"""Translations: the strings to translate are found, and a file of translations is compiled or refused."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from config.translations import compile_messages, extract_messages
from tests.conftest import free_port

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def locale_folder(settings, tmp_path: Path) -> Path:
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    return tmp_path / "locale"


def write_german(folder: Path, messages: str) -> Path:
    path = folder / "de" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + messages)
    return path


def test_strings_of_templates_and_code_are_extracted_with_plurals_and_context(tmp_path):
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "page.html").write_text(
        """<div>
              {% translate "It's here" %}
          <p>{% blocktranslate count n=found trimmed %}
               {{ n }} track
             {% plural %}
               {{ n }} tracks
             {% endblocktranslate %}</p>
           {% translate "May" context "month" %}</div>"""
    )
    (tmp_path / "tracks").mkdir()
    (tmp_path / "tracks" / "words.py").write_text(
        'def f():\n    return _("one "\n        "sentence") + ngettext("%(n)d run", "%(n)d runs", 2)\n'
    )

    found = {(message.id, message.context) for message in extract_messages(tmp_path) if message.id}

    assert found == {
        ("It's here", None),
        (("%(n)s track", "%(n)s tracks"), None),
        ("May", "month"),
        ("one sentence", None),
        (("%(n)d run", "%(n)d runs"), None),
    }


def test_the_command_writes_what_is_to_translate_and_keeps_what_is_translated(locale_folder):
    path = write_german(locale_folder, 'msgid "Search for a track"\nmsgstr "Titel suchen"\n')

    call_command("messages", "de")

    text = path.read_text()
    assert 'msgid "Search for a track"\nmsgstr "Titel suchen"' in text
    assert 'msgid "There is no such page"\nmsgstr ""' in text
    with translation.override("de"):
        assert translation.gettext("Search for a track") == "Titel suchen"
        assert translation.gettext("There is no such page") == "There is no such page"


def test_a_new_language_begins_with_an_empty_file_and_an_unknown_one_is_refused(locale_folder):
    call_command("messages", "pt_BR")
    assert 'msgstr ""' in (locale_folder / "pt_BR" / "LC_MESSAGES" / "django.po").read_text()

    with pytest.raises(CommandError, match="klingon is no language that Babel knows"):
        call_command("messages", "klingon")
    assert not (locale_folder / "klingon").exists()


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        ('msgid "%(count)d runs"\nmsgstr "%(anzahl)d Läufe"\n', "%(count)d runs"),
        ('msgid "Mix"\nmsgstr "Mi\nx"\n', "django.po"),
    ],
    ids=["another placeholder", "a torn line"],
)
def test_a_file_that_would_break_pages_is_refused_by_name(locale_folder, settings, messages, told):
    settings.PORT = free_port()
    path = write_german(locale_folder, f"#, python-format\n{messages}")

    with pytest.raises(CommandError) as refused:
        call_command("prepare")

    assert str(path) in str(refused.value) and told in str(refused.value)
    assert not path.with_suffix(".mo").exists()


def test_every_language_that_is_offered_has_a_catalogue_that_compiles():
    compiled = {path.parent.parent.name for path in compile_messages(Path(settings.LOCALE_PATHS[0]))}
    offered = {translation.to_locale(code) for code, _ in settings.LANGUAGES} - {"en"}

    assert offered <= compiled
