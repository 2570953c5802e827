"""Imports in the admin: upload files, watch, cancel, read the report, fetch the rejected rows."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.contrib import admin, messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracks.admin_forms import UploadForm
from tracks.importing.refusals import ImportInFlight
from tracks.importing.uploads import remove_uploads, store_uploads
from tracks.importing.wording import ReportText
from tracks.jobs.admin import WorkAdmin
from tracks.jobs.work import Status, Work


class ImportAdmin(WorkAdmin):
    """Imports of one kind, which says what its files, reports and words are.

    `rejects_field` names the field that holds the name of the file of rows that were not taken.
    """

    folder = "admin/tracks/imports"
    change_list_template = f"{folder}/imports.html"
    list_filter = ("status",)
    upload_form = UploadForm
    upload_note: str | Promise = ""
    rejects_label: str | Promise = ""
    rejects_field = ""
    put_into_words: Callable[[dict[str, Any]], ReportText]

    @admin.display(description=gettext_lazy("rows read"))
    def rows_read(self, work: Any) -> str:
        return f"{work.report['rows']:,}" if work.report else "–"

    def import_soon(self, files: Sequence[Path], form: Any, user: Any) -> Work:
        """Have a worker import uploads. Raises `ImportInFlight` when one is queued or running."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, self._url_name
        own = [
            path("<int:pk>/progress/", view(self.progress_view), name=name("progress")),
            path("<int:pk>/rejects/", view(self.rejects_view), name=name("rejects")),
        ]
        return own + super().get_urls()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.queue.fail_dead()
        return super().changelist_view(request, extra_context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Upload files, and go on to the page of their import."""
        self.require(request, "add")
        form = self.upload_form(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            return self._import(request, form)
        context = {"title": _("Import files"), "form": form, "note": self.upload_note}
        return self.page(request, "upload.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One import: how it goes, or its report."""
        work = self.get_object(request, object_id)
        if work is None or not self.has_view_permission(request, work):
            return super().change_view(request, object_id, form_url, extra_context)
        self.queue.fail_dead()
        work.refresh_from_db()
        return self.page(request, "import.html", {"title": str(work)} | self._watched(request, work))

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The live part of one import's page, which ends in the report."""
        self.require(request, "view")
        self.queue.fail_dead()
        work = get_object_or_404(self.model, pk=pk)
        is_news = work.stage != request.GET.get("seen")
        context = self._watched(request, work) | {"is_news": is_news}
        return render(request, f"{self.folder}/progress.html", context)

    def rejects_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """The rejected rows of an import, as the file that it wrote."""
        self.require(request, "view")
        file = self._rejects(get_object_or_404(self.model, pk=pk))
        if file is None or not file.is_file():
            raise Http404
        return FileResponse(file.open("rb"), as_attachment=True, filename=file.name, content_type="text/csv")

    def after_cancel(self, work: Any) -> None:
        work.refresh_from_db()
        if work.status == Status.CANCELLED:  # it was queued, and nobody will read its files
            remove_uploads(work.files)

    def _import(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        files = store_uploads(form.cleaned_data["uploads"])
        try:
            work = self.import_soon(files, form, request.user)
        except ImportInFlight as error:
            remove_uploads(files)
            messages.warning(request, str(error))
            return HttpResponseRedirect(self.url("changelist"))
        self.log_addition(request, work, _("Uploaded files."))
        return HttpResponseRedirect(self.url("change", work.pk))

    def _rejects(self, work: Any) -> Path | None:
        name = getattr(work, self.rejects_field)
        return self.queue.folder / Path(name).name if name else None

    def _watched(self, request: HttpRequest, work: Any) -> dict[str, Any]:
        return {
            "opts": self.opts,
            "work": work,
            "progress_url": self.url("progress", work.pk),
            "report": self.put_into_words(work.report) if work.report else None,
            "has_rejects": self._rejects(work) is not None,
            "rejects_label": self.rejects_label,
            "may_cancel": self.may(request, "cancel"),
        }
