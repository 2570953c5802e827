"""`manage.py import_tracks`: what the admin's upload does, in this process and without a broker."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext_lazy as _

from tracks.import_command import ImportCommand
from tracks.importing.imports import perform_import
from tracks.importing.queue import start_import
from tracks.importing.wording import put_into_words
from tracks.jobs.supervision import ProgressListener
from tracks.models import CatalogueImport


class Command(ImportCommand):
    put_into_words = staticmethod(put_into_words)
    rejects_field = "rejects_file"
    rejected = _("rejected")
    rejects_label = _("Rejected rows")
    help = (
        "Import files of tracks into the catalogue: CSV, gzipped CSV, or Parquet.\n\n"
        "A row needs an id (or Spotify link), a title, artists and the nine continuous audio\n"
        "features; columns are found by their header, in any order and in twelve languages\n"
        "(docs/importing.md). Rows of one id become one track with all their genres. Rows that\n"
        "cannot be taken are reported and written to a file; the others are imported, all or\n"
        "nothing. Importing a file again changes nothing, a corrected file updates.\n"
        "It exits with 1 when nothing was imported."
    )

    examples = (
        "import_tracks dataset.csv",
        "import_tracks rock.csv.gz pop.parquet    two files, one import",
        'import_tracks dataset.csv --source "Spotify Tracks Dataset, 114,000 rows"',
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="+", metavar="FILE", help="a .csv, .csv.gz or .parquet file of tracks"
        )
        parser.add_argument(
            "--source",
            default="",
            metavar="NAME",
            help="what pages call this catalogue; without it, the names of the files",
        )

    def start(self, options: dict[str, Any]) -> CatalogueImport:
        return start_import([Path(file) for file in options["files"]], source_name=options["source"])

    def perform_import(self, work: CatalogueImport, on_progress: ProgressListener) -> None:
        perform_import(work, on_progress)
