"""The form of an upload: one or several files, none of them too large."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files under one name, each checked as one."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        files = data if isinstance(data, (list, tuple)) else [data]
        cleaned = [super(_FilesField, self).clean(file, initial) for file in files or [None]]
        total = sum(file.size or 0 for file in cleaned)
        if total > settings.UPLOAD_LIMIT_MB * 1024**2:
            sentence = _("These are %(size)d MB, and %(most)d MB may be uploaded: use the command instead.")
            values = {"size": total // 1024**2, "most": settings.UPLOAD_LIMIT_MB}
            raise ValidationError(sentence % values)
        return cleaned


class UploadForm(forms.Form):
    """What an administrator fills in to import files."""

    uploads = _FilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy("CSV, gzipped CSV or Parquet; several files make one import."),
        allow_empty_file=True,  # the import says what is wrong with it
    )
    source_name = forms.CharField(
        label=gettext_lazy("Name of the source"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("What pages call these tracks; without it, “own files”."),
    )
