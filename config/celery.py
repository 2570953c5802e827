"""The Celery application: its settings come from Django's, its tasks from the apps."""

import os
from logging.config import dictConfig
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
