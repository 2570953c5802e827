"""The file of all rows of an import that are in no playlist of the catalogue, each with its reason."""

from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from tracks.importing.chunks import Reject
from tracks.importing.rejects import RowsFile
from tracks.importing.reports import shown
from tracks.importing.wording import reason_sentence
from tracks.playlists.rows import Row


class UnmatchedFile(RowsFile):
    """Rows whose track the catalogue does not know, and rows that could not be read."""

    def __init__(self, path: Path) -> None:
        names = (_("file"), _("line"), _("playlist"), _("id"), _("title"), _("artists"), _("reason"))
        super().__init__(path, names)

    def write_unmatched(self, file_name: str, playlist: str, row: Row) -> None:
        """Append a row whose track is not in the catalogue."""
        self.write_row(
            [file_name, row.line, playlist, *map(shown, row.as_written), _("not in the catalogue")]
        )

    def write_unreadable(self, file_name: str, headers: Mapping[str, str], reject: Reject) -> None:
        """Append a row that could not be looked for; `headers` are the file's own names of columns."""
        reason = reason_sentence(reject.reason, headers.get(reject.column, reject.column), reject.column)
        self.write_row([file_name, reject.line, "", "", "", "", reason])
