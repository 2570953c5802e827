"""What the commands that import files have in common: how they perform an import and report it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.management.base import CommandError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tracks.importing.refusals import ImportRefused
from tracks.importing.wording import ReportText
from tracks.jobs.commands import WorkCommand
from tracks.jobs.supervision import ProgressListener
from tracks.jobs.work import Status


class ImportCommand(WorkCommand):
    """An import of one kind. `rejects_field` names the field that holds the file of rows that were not
    taken, `rejected` what such a row is called, and `rejects_label` introduces the file."""

    rejects_field = ""
    rejected: str | Promise = ""
    rejects_label: str | Promise = ""
    put_into_words: Callable[[Mapping[str, Any]], ReportText]

    def start(self, options: dict[str, Any]) -> Any:
        """Claim an import for this process. Raises `ImportRefused`."""
        raise NotImplementedError

    def perform_import(self, work: Any, on_progress: ProgressListener) -> None:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            work = self.start(options)
        except ImportRefused as error:
            raise CommandError(str(error)) from error
        self.perform(work, self.perform_import, show_bar=options["verbosity"] > 0)

    def report(self, work: Any) -> None:
        """Print what the import found and did, the first few rejected rows, and where all of them are."""
        work.refresh_from_db(fields=["report", self.rejects_field])
        if not work.report:
            return
        text = self.put_into_words(work.report)
        for label, figure in text.readable_figures():
            self.stdout.write(f"{figure:>10}  {label}")
        for sentence, count in text.reasons:
            self.stdout.write(f"{count:>10}  {self.rejected}: {sentence}")
        for line in (*text.examples, *text.remarks):
            self.stdout.write(f"  {line}")
        if rejects := getattr(work, self.rejects_field):
            self.stdout.write(_("%(label)s: %(file)s") % {"label": self.rejects_label, "file": rejects})
        if text.cut:
            self.stdout.write(f"  {text.cut}")
        if work.status == Status.DONE and work.duration:
            self.stdout.write(f"{text.outcome} ({work.duration.total_seconds():.1f} s)")
