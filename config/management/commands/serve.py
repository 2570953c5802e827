"""`manage.py serve`: the processes of the Procfile in the foreground."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from honcho import manager as honcho_manager
from honcho.compat import ProcessManager
from honcho.environ import parse_procfile

KILL_AFTER_SECONDS = 12  # a worker on message files needs up to seven to come to an end


class Command(BaseCommand):
    help = "Run web, worker and beat in the foreground; Ctrl-C, or the end of one of them, ends all."

    def handle(self, *args: Any, **options: Any) -> None:
        procfile = parse_procfile((settings.BASE_DIR / "Procfile").read_text())
        honcho_manager.KILL_WAIT = KILL_AFTER_SECONDS
        manager = honcho_manager.Manager()
        manager._procmgr = _Leaders()
        # This Python's own programs are found first, and output is not held back.
        programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
        env = os.environ | {"PATH": programs, "PYTHONUNBUFFERED": "1"}
        for name, command in procfile.processes.items():
            manager.add_process(name, command, cwd=str(settings.BASE_DIR), env=env)
        signal.signal(signal.SIGHUP, _end_as_asked)
        self.stdout.write(f"Soundkin is at http://{settings.HOST}:{settings.PORT}/ – Ctrl-C ends it.")
        self.stdout.flush()
        manager.loop()
        sys.exit(manager.returncode)


class _Leaders(ProcessManager):  # type: ignore[misc]
    """SIGTERM for the three alone, who end their own children in order; Celery hangs when both get it."""

    def terminate(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def _end_as_asked(signum: int, frame: FrameType | None) -> None:
    """A closed terminal ends the processes like Ctrl-C does, instead of leaving them behind."""
    os.kill(os.getpid(), signal.SIGTERM)
