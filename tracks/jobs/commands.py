"""Commands: their `--help` teaches, and those that perform long work show how far it is."""

import argparse
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from tracks.jobs.supervision import ProgressListener
from tracks.jobs.work import Status, Work

BAR_FORMAT = "{desc:<42} {percentage:3.0f}%|{bar:30}| {elapsed}"


class ProgressBar(tqdm):  # type: ignore[misc]
    """A bar of 100 percent on standard error, gone when it ends; nothing when not `shown`."""

    def __init__(self, *, shown: bool) -> None:
        super().__init__(total=100, bar_format=BAR_FORMAT, disable=not shown, leave=False)

    def show(self, text: str, percent: int) -> None:
        """What goes on now, and how much of the whole is behind us; it never goes back."""
        self.set_description_str(text, refresh=False)
        self.update(max(0, percent - self.n))
        self.refresh()


class TeachingCommand(BaseCommand):
    """A command with `examples`: one line each, what is typed and, after some spaces, what it does.

    The lines of its `help` are kept as they are written.
    """

    examples: tuple[str, ...] = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs["epilog"] = "\n  ".join(["examples:", *(f"manage.py {line}" for line in self.examples)])
        kwargs["formatter_class"] = argparse.RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)


class WorkCommand(TeachingCommand):
    """A command that performs long work in its own process, without a broker."""

    def report(self, work: Any) -> None:
        """Print what came of the work, done or failed."""
        raise NotImplementedError

    def perform(
        self, work: Work, perform: Callable[[Any, ProgressListener], None], *, show_bar: bool
    ) -> None:
        """Perform claimed work and report it. Raises CommandError when nothing was changed."""
        with ProgressBar(shown=show_bar) as bar:
            try:
                perform(work, lambda phase, percent: bar.show(work.phase_label, percent))
            except KeyboardInterrupt:
                raise CommandError(_("Interrupted. Nothing was changed.")) from None
            except Exception as error:
                if work.status != Status.FAILED:
                    raise
                bar.close()
                self.report(work)
                raise CommandError(work.error) from error
        if work.status == Status.CANCELLED:
            raise CommandError(_("Cancelled. Nothing was changed."))
        self.report(work)
