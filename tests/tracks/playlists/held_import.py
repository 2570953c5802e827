"""`import_playlists` in a process of its own, that a test can kill, or ask how much memory it took.

Run as `python -m tests.tracks.playlists.held_import HOLD [ARGUMENTS…]`; HOLD is where it stops and
computes: `reading`, `transaction` (all written, nothing committed), or `nowhere`.
"""

import resource
import sys
import time

import django


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def hold(where: str) -> None:
    say(f"holding in {where}")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        sum(range(10_000))


def hold_in_reading() -> None:
    """Stop after the first batch of rows has been read and matched."""
    from tracks.playlists.reading import Reader

    take = Reader._take

    def take_and_hold(self: Reader, *arguments: object) -> None:
        take(self, *arguments)
        hold("reading")

    Reader._take = take_and_hold


def hold_in_transaction() -> None:
    """Stop inside the transaction that publishes, with everything written."""
    from tracks.models import PlaylistImport

    finish = PlaylistImport.finish

    def finish_and_hold(self: PlaylistImport, **fields: object) -> None:
        finish(self, **fields)
        hold("transaction")

    PlaylistImport.finish = finish_and_hold


def peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    django.setup()
    from django.core.management import CommandError, call_command

    where, *arguments = sys.argv[1:]
    {"reading": hold_in_reading, "transaction": hold_in_transaction, "nowhere": lambda: None}[where]()
    before = peak_kb()
    try:
        call_command("import_playlists", *arguments)
    except CommandError as error:
        sys.exit(str(error))
    say(f"grown by {peak_kb() - before} kB")


if __name__ == "__main__":
    main()
