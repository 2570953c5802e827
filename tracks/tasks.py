"""The Celery doors. A message is only a wake-up: the import's row is the queue, so none can be lost.

What performs an import is loaded only here: a web process asks for imports, and reads no file itself.
"""

from celery import shared_task


@shared_task  # type: ignore[untyped-decorator]
def import_queued_catalogue() -> None:
    """Perform the queued import of tracks, if there is one."""
    from tracks.importing.imports import run_queued_import

    run_queued_import()


@shared_task  # type: ignore[untyped-decorator]
def import_queued_playlists() -> None:
    """Perform the queued import of playlists, if there is one."""
    from tracks.playlists.imports import run_queued_import

    run_queued_import()
