"""The tables of django-celery-beat, without its Celery: what the admin shows and edits of them.

The library makes and migrates them, and its scheduler reads them. Its kinds of schedules that a site has
no use for (at sunset, at one moment) are left out; a task that has one loses it when it gets another.
"""

from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Period(models.TextChoices):
    DAYS = "days", _("days")
    HOURS = "hours", _("hours")
    MINUTES = "minutes", _("minutes")
    SECONDS = "seconds", _("seconds")


class IntervalSchedule(models.Model):
    """Every so often."""

    every = models.IntegerField(_("number of periods"), validators=[MinValueValidator(1)])
    period = models.CharField(_("period"), max_length=24, choices=Period)

    class Meta:
        managed = False
        ordering = ("period", "every")
        verbose_name = _("interval")
        verbose_name_plural = _("intervals")

    def __str__(self) -> str:
        return gettext("every %(number)d %(periods)s") % {
            "number": self.every,
            "periods": dict(Period.choices).get(self.period, self.period),
        }


def _checked(part: str) -> Callable[[str], None]:
    """The library's own check of one part of a crontab, loaded when it is needed."""

    def check(value: str) -> None:
        from django_celery_beat import validators

        getattr(validators, f"{part}_validator")(value)

    return check


def _part(label: Any, part: str, max_length: int) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=max_length, default="*", validators=[_checked(part)])


def _time_zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(available_timezones())]


def _own_time_zone() -> str:
    return settings.TIME_ZONE


class CrontabSchedule(models.Model):
    """At times of the clock and the calendar, as cron writes them; `*` is every one."""

    minute = _part(_("minutes"), "minute", 240)
    hour = _part(_("hours"), "hour", 96)
    day_of_month = _part(_("days of the month"), "day_of_month", 124)
    month_of_year = _part(_("months"), "month_of_year", 64)
    day_of_week = _part(_("days of the week, Sunday is 0"), "day_of_week", 64)
    timezone = models.CharField(_("time zone"), max_length=63, choices=_time_zones, default=_own_time_zone)

    class Meta:
        managed = False
        ordering = ("month_of_year", "day_of_month", "day_of_week", "hour", "minute", "timezone")
        verbose_name = _("crontab")
        verbose_name_plural = _("crontabs")

    def __str__(self) -> str:
        parts = (self.minute, self.hour, self.day_of_month, self.month_of_year, self.day_of_week)
        return " ".join([*parts, self.timezone])


class PeriodicTask(models.Model):
    """A task that runs by itself."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    task = models.CharField(_("task"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    interval = models.ForeignKey(
        IntervalSchedule, models.PROTECT, null=True, blank=True, verbose_name=_("interval")
    )
    crontab = models.ForeignKey(
        CrontabSchedule, models.PROTECT, null=True, blank=True, verbose_name=_("crontab")
    )
    solar_id = models.IntegerField(null=True, editable=False)
    clocked_id = models.IntegerField(null=True, editable=False)
    expire_seconds = models.PositiveIntegerField(
        _("expires after, seconds"),
        null=True,
        blank=True,
        help_text=_("A message that no worker has taken by then is dropped."),
    )
    last_run_at = models.DateTimeField(_("last run"), null=True, editable=False)
    date_changed = models.DateTimeField(_("last change"), auto_now=True)

    class Meta:
        managed = False
        ordering = ("name",)
        verbose_name = _("periodic task")
        verbose_name_plural = _("periodic tasks")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A task that was switched off starts anew: beat counts from when it is switched on."""
        if not self.enabled:
            self.last_run_at = None
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Raises ValidationError unless there is exactly one schedule."""
        if (self.interval is None) == (self.crontab is None):
            raise ValidationError(gettext("Choose an interval or a crontab: one of them, not both."))
        self.solar_id = self.clocked_id = None


class PeriodicTasks(models.Model):
    """One row: when the schedule was last changed. Beat looks at it, and reads the tasks when it moved."""

    ident = models.SmallIntegerField(default=1, primary_key=True)
    last_update = models.DateTimeField()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return str(self.last_update)

    @classmethod
    def note_change(cls) -> None:
        """Have beat read the tasks anew."""
        cls._default_manager.update_or_create(ident=1, defaults={"last_update": timezone.now()})
