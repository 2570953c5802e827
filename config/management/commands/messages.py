"""`manage.py messages de`: the file that a translator edits, with every string of the site."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.translations import InvalidCatalogue, compile_messages, update_messages


class Command(BaseCommand):
    help = (
        "Write every string that templates and code mark for translation to locale/LOCALE/LC_MESSAGES/"
        "django.po, keep the translations that are there, and compile what is translated. Needs no GNU "
        "gettext. Add a new language to LANGUAGES in config/settings.py, too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("languages", nargs="+", metavar="LOCALE", help="a locale: de, pt_BR, zh_Hans")

    def handle(self, *args: Any, languages: list[str], **options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0])
        try:
            for language in languages:
                path = update_messages(settings.BASE_DIR, folder, language)
                self.stdout.write(f"{path}: translate what is empty there, then run this again.")
            compile_messages(folder)
        except InvalidCatalogue as error:
            raise CommandError(str(error)) from error
