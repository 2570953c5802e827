"""`manage.py import_playlists`: what the admin's upload does, in this process and without a broker."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext_lazy as _

from tracks.import_command import ImportCommand
from tracks.jobs.supervision import ProgressListener
from tracks.models import PlaylistImport
from tracks.playlists.imports import perform_import
from tracks.playlists.queue import PlaylistOptions, start_import
from tracks.playlists.wording import put_into_words


class Command(ImportCommand):
    put_into_words = staticmethod(put_into_words)
    rejects_field = "unmatched_file"
    rejected = _("unread")
    rejects_label = _("Rows without a match")
    help = (
        "Import listeners' playlists, for learning which tracks go together.\n\n"
        "It reads, told apart by content, plain or gzipped, in any number and mixture:\n"
        "  tables   CSV or Parquet with a playlist and a track on each row (playlist_id and/or\n"
        "           playlist_name; track_id, ISRC, or title and artist; playlist_owner if known)\n"
        "  exports  CSV with the tracks of one playlist (Exportify and others), named by the file\n"
        "  slices   JSON of the Million Playlist Dataset (mpd.slice.0-999.json)\n"
        "  folders  of all of these, with the folders in them\n\n"
        "A row is matched to the catalogue by its id, else its ISRC, else its title and first\n"
        "artist. Unknown tracks are not created: import tracks first (import_tracks). A track\n"
        "counts once in a playlist. The report says how many rows matched how; the others are\n"
        "listed in a CSV file.\n\n"
        "A playlist is known again by its source and its id there (playlist_id, pid, or the path\n"
        "of an export below its folder): the same import again changes nothing, and a changed\n"
        "playlist is replaced as a whole. It is all or nothing: when a file is broken, when you\n"
        "press Ctrl-C, or when the machine stops, the playlists stay as they were. It exits with\n"
        "1 when nothing was imported, and with 0 when all was there already.\n\n"
        "Playlists are private: learnt from, and never shown. Only --public lets pages show them."
    )

    examples = (
        "import_playlists playlist_songs.csv",
        "import_playlists exports/ --owner alice",
        "import_playlists mpd/data/ --source mpd",
        "import_playlists editorial.csv.gz --public",
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="FILE", help="a file, or a folder of files, of playlists"
        )
        parser.add_argument(
            "--source",
            default="",
            metavar="LABEL",
            help="where the playlists are from: of equal ids only those of one source are the same playlist "
            "(default: a table's file name, the folder's name of exports, mpd for slices)",
        )
        parser.add_argument(
            "--owner",
            default="",
            metavar="NAME",
            help="whose playlists these are, so that one listener with many of them is not learnt from more "
            "than others (default: what the files say, else unknown)",
        )
        shown = parser.add_mutually_exclusive_group()
        shown.add_argument("--public", action="store_true", help="pages may show these playlists")
        shown.add_argument(
            "--private",
            action="store_false",
            dest="public",
            help="for learning only, never shown (this is the default)",
        )

    def start(self, options: dict[str, Any]) -> PlaylistImport:
        wanted = PlaylistOptions(options["source"], options["owner"], options["public"])
        return start_import(options["paths"], wanted)

    def perform_import(self, work: PlaylistImport, on_progress: ProgressListener) -> None:
        perform_import(work, on_progress)
