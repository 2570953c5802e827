"""The Celery door of playlists. A message is only a wake-up: the import's row is the queue."""

from celery import shared_task


@shared_task  # type: ignore[untyped-decorator]
def import_queued_playlists() -> None:
    """Perform the queued import of playlists, if there is one."""
    # Imported only where it is performed: a web process asks for imports, and reads no file itself.
    from tracks.playlists.imports import run_queued_import

    run_queued_import()
