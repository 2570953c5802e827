"""Commands whose `--help` teaches: the docstring's lines are kept, and examples follow."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class TeachingCommand(BaseCommand):
    """A command with `examples`: one line each, what is typed and, after some spaces, what it does."""

    examples: tuple[str, ...] = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs["epilog"] = "\n  ".join(["examples:", *(f"manage.py {line}" for line in self.examples)])
        kwargs["formatter_class"] = argparse.RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)
