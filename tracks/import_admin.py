"""Imports in the admin: upload files, watch, cancel, read the report, fetch the rejected rows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tracks.admin_forms import UploadForm
from tracks.importing.phases import phase_label
from tracks.importing.queue import fail_dead_imports, import_soon, imports_folder
from tracks.importing.refusals import ImportInFlight
from tracks.importing.uploads import remove_uploads, store_uploads
from tracks.importing.wording import ReportText, put_into_words
from tracks.jobs.work import Status, Work
from tracks.models import CatalogueImport

FOLDER = "admin/tracks/imports"


class ImportAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Imports of one kind: made and shown, never edited. A kind says what its files, phases and words are."""

    upload_form = UploadForm
    upload_note: str | Promise = ""
    rejects_label: str | Promise = ""
    list_filter = ("status",)
    list_select_related = ("requested_by",)
    change_list_template = f"{FOLDER}/imports.html"
    show_full_result_count = False

    def queue(self, files: Sequence[Path], form: UploadForm, user: Any) -> Work:
        """Have a worker import uploads. Raises `ImportInFlight` when one is queued or running."""
        raise NotImplementedError

    def fail_dead(self) -> None:
        """Mark imports whose process is gone as failed."""
        raise NotImplementedError

    def phase_label(self, code: str) -> str:
        raise NotImplementedError

    def put_into_words(self, report: dict[str, Any]) -> ReportText:
        raise NotImplementedError

    def rejects_path(self, work: Any) -> Path | None:
        """The file of rows that were not taken; None when there is none."""
        raise NotImplementedError

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("status"))
    def state(self, work: Work) -> str:
        if work.status == Status.RUNNING:
            phase = self.phase_label(work.phase) or _("starting")
            return f"{work.get_status_display()}: {phase}, {work.percent} %"
        return str(work.get_status_display())

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}_"
        own = [
            path("<int:import_id>/progress/", view(self.progress_view), name=f"{name}progress"),
            path("<int:import_id>/cancel/", view(require_POST(self.cancel_view)), name=f"{name}cancel"),
            path("<int:import_id>/rejects/", view(self.rejects_view), name=f"{name}rejects"),
        ]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Upload files, and go on to the page of their import."""
        self._require(self.has_add_permission(request))
        form = self.upload_form(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            return self._import(request, form)
        context = {"title": _("Import files"), "form": form, "note": self.upload_note}
        return self._page(request, "upload.html", context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.fail_dead()
        return super().changelist_view(request, extra_context)

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
        self.fail_dead()
        work.refresh_from_db()
        return self._page(request, "import.html", {"title": str(work)} | self._watched(request, work))

    def progress_view(self, request: HttpRequest, import_id: int) -> HttpResponse:
        """The live part of one import's page, which ends in the report."""
        self._require(self.has_view_permission(request))
        self.fail_dead()
        work = get_object_or_404(self.model, pk=import_id)
        is_news = work.stage != request.GET.get("seen")
        return render(request, f"{FOLDER}/progress.html", self._watched(request, work) | {"is_news": is_news})

    def cancel_view(self, request: HttpRequest, import_id: int) -> HttpResponse:
        self._require(self.may_cancel(request))
        work = get_object_or_404(self.model, pk=import_id)
        if not work.cancel():
            messages.warning(request, _("%s has ended already.") % work)
        else:
            work.refresh_from_db()
            if work.status == Status.CANCELLED:  # it was queued, and nobody will read its files
                remove_uploads(work.files)
            self.log_change(request, work, _("Cancelled."))
            messages.success(request, _("%s is being cancelled.") % work)
        return HttpResponseRedirect(reverse(self._url("change"), args=[work.pk]))

    def rejects_view(self, request: HttpRequest, import_id: int) -> FileResponse:
        """All rejected rows of an import, as the file that it wrote."""
        self._require(self.has_view_permission(request))
        work = get_object_or_404(self.model, pk=import_id)
        file = self.rejects_path(work)
        if file is None or not file.is_file():
            raise Http404
        return FileResponse(file.open("rb"), as_attachment=True, filename=file.name, content_type="text/csv")

    def _import(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        files = store_uploads(form.cleaned_data["uploads"])
        try:
            work = self.queue(files, form, request.user)
        except ImportInFlight as error:
            remove_uploads(files)
            messages.warning(request, str(error))
            return HttpResponseRedirect(reverse(self._url("changelist")))
        self.log_addition(request, work, _("Uploaded files."))
        return HttpResponseRedirect(reverse(self._url("change"), args=[work.pk]))

    def _url(self, name: str) -> str:
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}"

    def _watched(self, request: HttpRequest, work: Any) -> dict[str, Any]:
        return {
            "opts": self.opts,
            "work": work,
            "phase": self.phase_label(work.phase),
            "report": self.put_into_words(work.report) if work.report else None,
            "has_rejects": self.rejects_path(work) is not None,
            "rejects_label": self.rejects_label,
            "may_cancel": self.may_cancel(request),
        }

    def may_cancel(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.model.permission("cancel"))

    def _require(self, permitted: bool) -> None:
        if not permitted:
            raise PermissionDenied

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        shared = self.admin_site.each_context(request) | {"opts": self.opts}
        return render(request, f"{FOLDER}/{template}", shared | context)


class CatalogueImportAdmin(ImportAdmin):
    """Imports of tracks."""

    list_display = ("__str__", "state", "rows_read", "rows_rejected", "requested_by", "created_at")
    rejects_label = gettext_lazy("Download all rejected rows as CSV")
    upload_note = gettext_lazy(
        "A row needs an id, a title, artists and the nine continuous audio features; columns are found by "
        "their header. Rows that cannot be taken are reported, the others are imported, all or nothing. "
        "The catalogue answers as it is until the import has ended."
    )

    @admin.display(description=gettext_lazy("rows read"))
    def rows_read(self, work: CatalogueImport) -> str:
        return f"{work.report['rows']:,}" if work.report else "–"

    @admin.display(description=gettext_lazy("rows rejected"))
    def rows_rejected(self, work: CatalogueImport) -> str:
        return f"{work.report['rejected']:,}" if work.report else "–"

    def queue(self, files: Sequence[Path], form: UploadForm, user: Any) -> CatalogueImport:
        return import_soon(files, source_name=form.cleaned_data["source_name"], requested_by=user)

    def fail_dead(self) -> None:
        fail_dead_imports()

    def phase_label(self, code: str) -> str:
        return phase_label(code)

    def put_into_words(self, report: dict[str, Any]) -> ReportText:
        return put_into_words(report)

    def rejects_path(self, work: CatalogueImport) -> Path | None:
        return imports_folder() / Path(work.rejects_file).name if work.rejects_file else None
