"""An import in this process, and what the catalogue says after it, for tests."""

from pathlib import Path

from tests.tracks.track_files import FEATURES, write_csv
from tracks.importing.imports import import_tracks
from tracks.models import CatalogueImport, Track


def catalogue() -> list[tuple]:
    """Everything that the catalogue says, apart from internal ids."""
    tracks = Track.objects.order_by("spotify_id").prefetch_related("credits__artist", "genres")
    return [
        (
            track.spotify_id,
            track.title,
            track.album,
            track.artist_names,
            track.genre_names,
            [credit.artist.name for credit in track.credits.all()],
            sorted(genre.name for genre in track.genres.all()),
            (track.popularity, track.duration_ms, track.explicit, track.isrc, track.release_date),
            [getattr(track, name) for name in FEATURES],
            (track.recording_key, track.recording.spotify_id),
        )
        for track in tracks
    ]


def load(folder: Path, rows, **options) -> CatalogueImport:
    return import_tracks([write_csv(folder / "file.csv", rows, **options)])


def figures(work: CatalogueImport) -> dict[str, int]:
    return {"rows": work.report["rows"], "rejected": work.report["rejected"], **work.report["changes"]}
