"""The catalogue's rows: tracks, who made them, what they are called, and the imports that brought them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracks.addresses import artist_url, genre_url
from tracks.jobs.work import Work, WorkQuerySet, one_in_flight
from tracks.phases import ImportPhase, PlaylistImportPhase


class Artist(models.Model):
    name = models.CharField(_("name"), max_length=500, unique=True)

    class Meta:
        verbose_name = _("artist")
        verbose_name_plural = _("artists")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return artist_url(self.pk)


class Genre(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("genre")
        verbose_name_plural = _("genres")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return genre_url(self.name)


class TrackQuerySet(models.QuerySet["Track"]):
    def one_per_recording(self) -> Self:
        """Only the track that stands for its recording (the most popular release)."""
        return self.filter(pk=models.F("recording_id"))


class Track(models.Model):
    """One id of the catalogue with its facts and audio features.

    `artist_names` and `genre_names` repeat the related rows, in order, so that a list of tracks is
    one query; the import writes both in one transaction. `recording` is the track that stands for
    all releases of the same performance (itself included). A fact that no imported file told is null,
    or blank where it is text.
    """

    spotify_id = models.CharField(_("Spotify id"), max_length=64, unique=True)
    title = models.CharField(_("title"), max_length=1000)
    album = models.CharField(_("album"), max_length=1000, blank=True)
    artist_names = models.JSONField(_("artists"), default=list)
    genre_names = models.JSONField(_("genres"), default=list)
    artists = models.ManyToManyField(
        Artist, through="Credit", related_name="tracks", verbose_name=_("artists")
    )
    genres = models.ManyToManyField(Genre, related_name="tracks", verbose_name=_("genres"))
    isrc = models.CharField(_("ISRC"), max_length=15, blank=True, db_index=True)
    release_date = models.CharField(_("release date"), max_length=10, blank=True)
    popularity = models.PositiveSmallIntegerField(
        _("popularity"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    duration_ms = models.PositiveIntegerField(_("duration in ms"), null=True, blank=True)
    explicit = models.BooleanField(_("explicit"), null=True)

    danceability = models.FloatField(_("danceability"))
    energy = models.FloatField(_("energy"))
    key = models.SmallIntegerField(_("key"), null=True)
    loudness = models.FloatField(_("loudness"))
    mode = models.SmallIntegerField(_("mode"), null=True)
    speechiness = models.FloatField(_("speechiness"))
    acousticness = models.FloatField(_("acousticness"))
    instrumentalness = models.FloatField(_("instrumentalness"))
    liveness = models.FloatField(_("liveness"))
    valence = models.FloatField(_("valence"))
    tempo = models.FloatField(_("tempo"))
    time_signature = models.SmallIntegerField(_("time signature"), null=True)

    recording_key = models.CharField(_("recording key"), max_length=200, db_index=True, editable=False)
    recording = models.ForeignKey(
        "self",
        verbose_name=_("recording"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="releases",
    )

    objects = TrackQuerySet.as_manager()

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")

    def __str__(self) -> str:
        return f"{self.title} – {', '.join(self.artist_names)}"

    def get_absolute_url(self) -> str:
        return reverse("track", args=[self.spotify_id])


class Credit(models.Model):
    """An artist of a track, by position: the first artist is position 0."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="credits")
    artist = models.ForeignKey(Artist, on_delete=models.CASCADE, related_name="credits")
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("credit")
        verbose_name_plural = _("credits")
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["track", "position"], name="one_artist_a_position"),)

    def __str__(self) -> str:
        return f"{self.artist} ({self.position})"


def source_name_of(files: Sequence[str | Path]) -> str:
    """What an import is called that was given no name: its files, without their folders."""
    return ", ".join(Path(file).name for file in files)[:200]


class CatalogueImport(Work):
    """One import of one or several files, with its report."""

    phases = ImportPhase

    files = models.JSONField(_("files"), default=list)
    source_name = models.CharField(_("source"), max_length=200)
    report = models.JSONField(_("report"), default=dict, blank=True)
    rejects_file = models.CharField(_("file of rejected rows"), max_length=500, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-pk",)
        default_permissions = ("view", "add", "cancel")
        constraints = (one_in_flight("one_import_at_a_time"),)

    def __str__(self) -> str:
        return f"#{self.pk} {self.source_name}"


class CatalogueSettings(models.Model):
    """One row: what an administrator says of the catalogue as a whole."""

    title = models.CharField(
        _("title"),
        max_length=200,
        blank=True,
        help_text=_("What pages call the catalogue; without it, the names given to its imports."),
    )

    class Meta:
        default_permissions = ("view", "change")
        verbose_name = _("title of the catalogue")
        verbose_name_plural = _("title of the catalogue")
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_settings"),)

    def __str__(self) -> str:
        return self.title


class PlaylistQuerySet(models.QuerySet["Playlist"]):
    def shown(self) -> Self:
        """Only those that pages may name; the others are for learning alone."""
        return self.filter(is_public=True)


class Playlist(models.Model):
    """A listener's own list of tracks. `source` and `source_id` say which it is when it comes again.

    `n_rows` counts the rows of its source, `n_tracks` those that the catalogue knows, each track
    once. `fingerprint` is a hash of all that an import writes, so that an unchanged one is left alone.
    """

    source = models.CharField(_("source"), max_length=200)
    source_id = models.CharField(_("id in its source"), max_length=200)
    name = models.CharField(_("name"), max_length=500, blank=True)
    owner = models.CharField(_("owner"), max_length=200, blank=True)
    is_public = models.BooleanField(_("may be shown"), default=False)
    n_rows = models.PositiveIntegerField(_("rows"), default=0)
    n_tracks = models.PositiveIntegerField(_("tracks"), default=0)
    fingerprint = models.CharField(max_length=64, editable=False)
    tracks = models.ManyToManyField(
        Track, through="PlaylistEntry", related_name="playlists", verbose_name=_("tracks")
    )

    objects = PlaylistQuerySet.as_manager()

    class Meta:
        verbose_name = _("playlist")
        verbose_name_plural = _("playlists")
        constraints = (models.UniqueConstraint(fields=["source", "source_id"], name="one_playlist_an_id"),)

    def __str__(self) -> str:
        return self.name or self.source_id


class PlaylistEntry(models.Model):
    """A track of a playlist; positions count its known tracks from 0."""

    playlist = models.ForeignKey(
        Playlist, on_delete=models.CASCADE, related_name="entries", db_index=False
    )  # the constraint's index begins with it
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="playlist_entries")
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        verbose_name = _("playlist entry")
        verbose_name_plural = _("playlist entries")
        constraints = (models.UniqueConstraint(fields=["playlist", "track"], name="one_entry_a_track"),)

    def __str__(self) -> str:
        return f"{self.playlist} {self.position}: {self.track}"


class PlaylistImport(Work):
    """One import of playlists: from which files, kept how, with its report."""

    phases = PlaylistImportPhase

    files = models.JSONField(_("files"), default=list)
    source_name = models.CharField(_("source"), max_length=200)
    options = models.JSONField(_("options"), default=dict)
    report = models.JSONField(_("report"), default=dict, blank=True)
    unmatched_file = models.CharField(_("file of rows without a match"), max_length=500, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("playlist import")
        verbose_name_plural = _("playlist imports")
        ordering = ("-pk",)
        default_permissions = ("view", "add", "cancel")
        constraints = (one_in_flight("one_playlist_import_at_a_time"),)

    def __str__(self) -> str:
        return f"#{self.pk} {self.source_name}"
