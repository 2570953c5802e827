"""Long work in the admin: watched and cancelled, never edited."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tracks.jobs.queue import Queue
from tracks.jobs.work import Status


class WorkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Work of one kind. `folder` is where its templates are."""

    queue: Queue[Any]
    folder: str
    list_select_related = ("requested_by",)
    show_full_result_count = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("status"))
    def state(self, work: Any) -> str:
        if work.status == Status.RUNNING:
            phase = work.phase_label or _("starting")
            return f"{work.get_status_display()}: {phase}, {work.percent} %"
        return str(work.get_status_display())

    def get_urls(self) -> list[URLPattern]:
        cancel = self.admin_site.admin_view(require_POST(self.cancel_view))
        return [path("<int:pk>/cancel/", cancel, name=self._url_name("cancel")), *super().get_urls()]

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.require(request, "cancel")
        work = get_object_or_404(self.model, pk=pk)
        if work.cancel():
            self.after_cancel(work)
            self.log_change(request, work, _("Cancelled."))
            messages.success(request, _("%s is being cancelled.") % work)
        else:
            messages.warning(request, _("%s has ended already.") % work)
        return HttpResponseRedirect(self.watched_at(work))

    def after_cancel(self, work: Any) -> None:
        """What is left to do for work that somebody has cancelled: nothing."""

    def watched_at(self, work: Any) -> str:
        """The page that shows how this work goes."""
        return self.url("change", work.pk)

    def url(self, name: str, *arguments: Any) -> str:
        return reverse(f"admin:{self._url_name(name)}", args=arguments)

    def _url_name(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def may(self, request: HttpRequest, action: str) -> bool:
        return request.user.has_perm(self.model.permission(action))

    def require(self, request: HttpRequest, action: str) -> None:
        if not self.may(request, action):
            raise PermissionDenied

    def page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        """A page of this admin, with what all its pages show."""
        shared = self.admin_site.each_context(request) | {"opts": self.opts}
        return render(request, f"{self.folder}/{template}", shared | context)
