"""What an import of playlists says, in sentences; stored are codes and figures."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tracks.importing.wording import ReportText, report_text


def put_into_words(report: Mapping[str, Any]) -> ReportText:
    """The report of a `PlaylistImport` in the reader's language."""
    matched, playlists, stored = report["matched"], report["playlists"], report["stored"]
    figures = [
        (_("rows read"), report["rows"]),
        (_("rows matched by id"), matched["id"]),
        (_("rows matched by ISRC"), matched["isrc"]),
        (_("rows matched by title and artist"), matched["names"]),
        (_("rows whose track is not in the catalogue"), report["unmatched"]),
        (_("rows that could not be read"), report["unreadable"]),
    ]
    outcome = _("Nothing was imported.")
    if playlists:
        figures += [
            (_("rows that repeat a track of their playlist"), report["repeated"]),
            (_("playlists new"), playlists["new"]),
            (_("playlists changed"), playlists["changed"]),
            (_("playlists unchanged"), playlists["unchanged"]),
            (_("playlists without any match"), playlists["without_match"]),
            (_("playlists in the catalogue"), stored["playlists"]),
            (_("entries in them"), stored["entries"]),
        ]
        outcome = _("Nothing changed: the catalogue has all of these playlists already.")
        if playlists["new"] or playlists["changed"]:
            outcome = _("The catalogue now has these playlists.")
    remarks = [_("%(name)s holds no rows.") % file for file in report["files"] if not file["rows"]]
    return report_text(report, outcome=outcome, figures=figures, remarks=remarks)
