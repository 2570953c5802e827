"""The Celery application: its settings come from Django's, its tasks from the apps."""

import os
from logging.config import dictConfig
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("soundkin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]
def _log_as_django_does(**facts: Any) -> None:
    """Worker and beat write the same lines as the web server; Celery sets up nothing of its own."""
    from django.conf import settings

    dictConfig(settings.LOGGING)


@app.on_after_configure.connect  # type: ignore[untyped-decorator]
def _make_message_folders(sender: Celery, **facts: Any) -> None:
    """The broker that keeps messages as files expects its folders to exist."""
    for name, folder in sender.conf.broker_transport_options.items():
        if name.endswith("_folder") or name.startswith("data_folder"):
            Path(folder).mkdir(parents=True, exist_ok=True)
