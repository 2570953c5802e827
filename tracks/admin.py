"""The admin of the catalogue: its rows, and the page that imports files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from tracks.import_admin import ImportAdmin
from tracks.importing.queue import IMPORTS, import_soon
from tracks.importing.wording import put_into_words
from tracks.models import Artist, CatalogueImport, CatalogueSettings, Genre, Track
from tracks.playlists import admin as playlists_admin  # noqa: F401  (registers its own)
from tracks.search import search

MAX_FOUND = 100


@admin.register(CatalogueImport)
class CatalogueImportAdmin(ImportAdmin):
    """Imports of tracks."""

    queue = IMPORTS
    put_into_words = staticmethod(put_into_words)
    rejects_field = "rejects_file"
    list_display = ("__str__", "state", "rows_read", "rows_rejected", "requested_by", "created_at")
    rejects_label = _("Download the rejected rows as CSV")
    upload_note = _(
        "A row needs an id, a title, artists and the nine continuous audio features; columns are found by "
        "their header. Rows that cannot be taken are reported, the others are imported, all or nothing. "
        "The catalogue answers as it is until the import has ended."
    )

    @admin.display(description=_("rows rejected"))
    def rows_rejected(self, work: CatalogueImport) -> str:
        return f"{work.report['rejected']:,}" if work.report else "–"

    def import_soon(self, files: Sequence[Path], form: Any, user: Any) -> CatalogueImport:
        return import_soon(files, source_name=form.cleaned_data["source_name"], requested_by=user)


class _ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that only imports write: editing one would leave recordings and the search index behind."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Track)
class TrackAdmin(_ReadOnlyAdmin):
    list_display = ("title", "artists_text", "album", "popularity", "spotify_id")
    search_fields = ("title",)  # what makes the admin show its field; the search is our own
    search_help_text = _("Title, artist, album, Spotify id or link.")
    ordering = ("pk",)

    @admin.display(description=_("artists"))
    def artists_text(self, track: Track) -> str:
        return ", ".join(track.artist_names)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Track], search_term: str
    ) -> tuple[QuerySet[Track], bool]:
        """The site's own search, as a million titles are too many to look through."""
        if not search_term.strip():
            return queryset, False
        hits = search(search_term, MAX_FOUND).hits
        return queryset.filter(pk__in=[hit.track_id for hit in hits]), False


@admin.register(Artist)
class ArtistAdmin(_ReadOnlyAdmin):
    list_display = ("name",)
    search_fields = ("^name",)
    ordering = ("name",)


@admin.register(Genre)
class GenreAdmin(_ReadOnlyAdmin):
    list_display = ("name",)
    search_fields = ("^name",)


@admin.register(CatalogueSettings)
class CatalogueSettingsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The one row, opened straight from the admin's front page."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row, _created = CatalogueSettings.objects.get_or_create(pk=1)
        return redirect("admin:tracks_cataloguesettings_change", row.pk)
