"""The Celery door. A message is only a wake-up: the import's row is the queue, so none can be lost."""

from celery import shared_task

from tracks.playlists.tasks import import_queued_playlists  # noqa: F401  (Celery looks for tasks here)


@shared_task  # type: ignore[untyped-decorator]
def import_queued_catalogue() -> None:
    """Perform the queued import, if there is one."""
    # Imported only where it is performed: a web process asks for imports, and reads no file itself.
    from tracks.importing.imports import run_queued_import

    run_queued_import()
