"""Whether the process that sends scheduled tasks is alive."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django_celery_beat.models import PeriodicTask

GRACE = timedelta(minutes=1)  # clocks of hosts differ


@dataclass(frozen=True, slots=True)
class BeatStatus:
    """When beat last sent a task (None: never), and whether it should have sent one since."""

    last_sent_at: datetime | None
    is_overdue: bool


def beat_status() -> BeatStatus:
    """Overdue after three times the shortest interval of an enabled task; a crontab alone tells nothing."""
    tasks = list(PeriodicTask.objects.filter(enabled=True).select_related("interval"))
    last = max((task.last_run_at for task in tasks if task.last_run_at), default=None)
    intervals = [task.interval.schedule.run_every for task in tasks if task.interval]
    if last is None or not intervals:
        return BeatStatus(last, False)
    return BeatStatus(last, timezone.now() - last > 3 * min(intervals) + GRACE)
