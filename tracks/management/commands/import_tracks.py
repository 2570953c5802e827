"""`manage.py import_tracks`: what the admin's upload does, in this process and without a broker."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from tracks.importing.imports import perform_import
from tracks.importing.phases import phase_label
from tracks.importing.queue import start_import
from tracks.importing.refusals import ImportRefused
from tracks.importing.wording import put_into_words
from tracks.jobs.progress_bar import ProgressBar
from tracks.jobs.teaching_command import TeachingCommand
from tracks.jobs.work import Status
from tracks.models import CatalogueImport


class Command(TeachingCommand):
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

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            work = start_import([Path(file) for file in options["files"]], source_name=options["source"])
        except ImportRefused as error:
            raise CommandError(str(error)) from error
        self.perform(work, show_bar=options["verbosity"] > 0)
        if work.status == Status.CANCELLED:
            raise CommandError(_("Cancelled. Nothing was changed."))
        self.report(work)

    def perform(self, work: CatalogueImport, *, show_bar: bool) -> None:
        with ProgressBar(shown=show_bar) as bar:
            try:
                perform_import(work, lambda phase, percent: bar.show(phase_label(phase), percent))
            except KeyboardInterrupt:
                raise CommandError(_("Interrupted. Nothing was changed.")) from None
            except ImportRefused as error:
                bar.close()
                self.report(work)
                raise CommandError(str(error)) from error

    def report(self, work: CatalogueImport) -> None:
        """Print what the import found and did, the first few rejected rows, and where all of them are."""
        work.refresh_from_db(fields=["report", "rejects_file"])
        if not work.report:
            return
        text = put_into_words(work.report)
        for label, figure in text.readable_figures():
            self.stdout.write(f"{figure:>10}  {label}")
        for sentence, count in text.reasons:
            self.stdout.write(
                _("%(count)10d  rejected: %(sentence)s") % {"count": count, "sentence": sentence}
            )
        for line in (*text.examples, *text.remarks):
            self.stdout.write(f"  {line}")
        if work.rejects_file:
            self.stdout.write(_("All rejected rows: %s") % work.rejects_file)
        if work.status == Status.DONE and work.duration:
            self.stdout.write(f"{text.outcome} ({work.duration.total_seconds():.1f} s)")
