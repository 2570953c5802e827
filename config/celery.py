"""The Celery application: its settings come from Django's, its tasks from the apps."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("soundkin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
