"""django-celery-beat in the two kinds of processes: whole, or its tables alone. One label, so that tables,
permissions, addresses and the log of changes are the same."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _
from django_celery_beat.apps import BeatConfig


class WholeSchedule(BeatConfig):  # type: ignore[misc]
    """For commands, worker and beat."""

    def ready(self) -> None:
        """Connect its signals, and load the Celery application whose tasks its models and admin ask for."""
        super().ready()
        import config.celery  # noqa: F401


class ScheduleTables(AppConfig):
    """For web processes: the library's models load Celery and all time zones, 9 MB for a few pages of the
    admin."""

    name = "config.schedule"
    label = "django_celery_beat"
    verbose_name = _("Periodic tasks")
    default_auto_field = "django.db.models.AutoField"

    def ready(self) -> None:
        """Let beat know of every change."""
        from config.schedule.models import CrontabSchedule, IntervalSchedule, PeriodicTask

        for model in (IntervalSchedule, CrontabSchedule, PeriodicTask):
            post_save.connect(_note_change, sender=model)
            post_delete.connect(_note_change, sender=model)


def _note_change(**facts: Any) -> None:
    from config.schedule.models import PeriodicTasks

    PeriodicTasks.note_change()
