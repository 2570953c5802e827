"""Playlists in the admin: the page that imports them, and the list of those that are there."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from tracks.admin_forms import UploadForm
from tracks.import_admin import ImportAdmin
from tracks.models import Playlist, PlaylistImport
from tracks.playlists.queue import PLAYLIST_IMPORTS, PlaylistOptions, import_playlists_soon
from tracks.playlists.rows import MAX_ID_LENGTH, MAX_OWNER_LENGTH
from tracks.playlists.wording import put_into_words

UPLOADS = "uploads"


class PlaylistUploadForm(UploadForm):
    """What an administrator fills in to import playlists."""

    source_name = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        max_length=MAX_ID_LENGTH,
        help_text=gettext_lazy(
            "Where they are from. Playlists of equal id and source are the same one, and are replaced. "
            "Without it: a table's file name, “mpd” for slices, “uploads” for exports."
        ),
    )
    owner = forms.CharField(
        label=gettext_lazy("Owner"),
        required=False,
        max_length=MAX_OWNER_LENGTH,
        help_text=gettext_lazy(
            "Whose playlists they are, so that one listener does not outweigh the others."
        ),
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("May be shown"),
        required=False,
        help_text=gettext_lazy("Otherwise they are for learning alone, and no page shows them."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["uploads"].help_text = gettext_lazy(
            "Tables and exports of playlists (CSV, Parquet), slices of the Million Playlist Dataset (JSON), "
            "gzipped or not; several files make one import."
        )

    def options(self) -> PlaylistOptions:
        """What was asked for, once the form is valid."""
        data = self.cleaned_data
        return PlaylistOptions(data["source_name"], data["owner"], data["is_public"], folder=UPLOADS)


@admin.register(PlaylistImport)
class PlaylistImportAdmin(ImportAdmin):
    """Imports of playlists."""

    queue = PLAYLIST_IMPORTS
    put_into_words = staticmethod(put_into_words)
    rejects_field = "unmatched_file"
    list_display = ("__str__", "state", "rows_read", "rows_matched", "requested_by", "created_at")
    upload_form = PlaylistUploadForm
    rejects_label = gettext_lazy("Download the rows without a match as CSV")
    upload_note = gettext_lazy(
        "Rows are matched to the catalogue by id, else ISRC, else title and artist; unknown tracks are not "
        "created, but listed. A playlist that has changed is replaced as a whole; all or nothing."
    )

    @admin.display(description=gettext_lazy("rows matched"))
    def rows_matched(self, work: PlaylistImport) -> str:
        return f"{sum(work.report['matched'].values()):,}" if work.report else "–"

    def import_soon(self, files: Sequence[Path], form: Any, user: Any) -> PlaylistImport:
        return import_playlists_soon(files, form.options(), requested_by=user)


@admin.register(Playlist)
class PlaylistAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What is there: an import writes playlists, an administrator may delete them or let them be shown."""

    list_display = ("__str__", "source", "owner", "is_public", "n_tracks", "n_rows")
    list_filter = ("is_public",)
    search_fields = ("^name", "=source_id", "=source", "=owner")
    fields = ("name", "source", "source_id", "owner", "is_public", "n_tracks", "n_rows")
    readonly_fields = ("name", "source", "source_id", "owner", "n_tracks", "n_rows")
    ordering = ("pk",)
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The playlists alone: a page that lists each of their entries would never end."""
        names = [str(playlist) for playlist in objs]
        return names, {str(self.opts.verbose_name_plural): len(names)}, set(), []
