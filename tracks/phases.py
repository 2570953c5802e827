"""The phases of the imports, in order, and what they are called on a page."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportPhase(models.TextChoices):
    """Of an import of tracks."""

    READING = "reading", _("reading and checking the rows")
    SAVING = "saving", _("saving tracks, artists and genres")
    GROUPING = "grouping", _("finding recordings")
    INDEXING = "indexing", _("making the search index")


class PlaylistImportPhase(models.TextChoices):
    """Of an import of playlists."""

    READING = "reading", _("reading playlists and matching their tracks")
    SAVING = "saving", _("saving playlists")
