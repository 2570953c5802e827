"""The schedule in the admin of a web process: when the site's own tasks run, and running one now."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config.schedule.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from tracks.waking import wake_worker

admin.site.register([IntervalSchedule, CrontabSchedule])


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The tasks are the site's: they are switched on and off and given times, not made or removed."""

    list_display = ("name", "enabled", "interval", "crontab", "last_run_at")
    list_select_related = ("interval", "crontab")
    fields = ("name", "description", "enabled", "interval", "crontab", "expire_seconds", "last_run_at")
    readonly_fields = ("name", "description", "last_run_at")
    actions = ("run_now",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PeriodicTask | None = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Run the selected tasks now"), permissions=["change"])
    def run_now(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        """Send a worker the tasks; whether one listens, `/readyz` knows."""
        woken = [wake_worker(task.task) for task in queryset]
        sent = sum(woken)
        if sent:
            text = ngettext("%(n)d task was sent to a worker.", "%(n)d tasks were sent to a worker.", sent)
            self.message_user(request, text % {"n": sent})
        if sent < len(woken):
            self.message_user(request, _("The broker does not answer: nothing was sent."), messages.ERROR)
