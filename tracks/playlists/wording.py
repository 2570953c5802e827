"""What an import of playlists says, in sentences; stored are codes and figures."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from tracks.importing.wording import ReportText, cut_sentence, example_sentence, reason_sentence


def put_into_words(report: Mapping[str, Any]) -> ReportText:
    """The report of a `PlaylistImport` in the reader's language."""
    return ReportText(
        outcome=_outcome(report["playlists"]),
        figures=list(_figures(report)),
        remarks=[_("%(name)s holds no rows.") % file for file in report["files"] if not file["rows"]],
        reasons=[(reason_sentence(r["reason"], r["column"]), r["count"]) for r in report["reasons"]],
        examples=[example_sentence(example) for example in report["examples"]],
        cut=cut_sentence(report),
    )


def _outcome(playlists: Mapping[str, int]) -> str:
    if not playlists:
        return _("Nothing was imported.")
    if not (playlists["new"] or playlists["changed"]):
        return _("Nothing changed: the catalogue has all of these playlists already.")
    return _("The catalogue now has these playlists.")


def _figures(report: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    matched, playlists, stored = report["matched"], report["playlists"], report["stored"]
    yield _("rows read"), report["rows"]
    yield _("rows matched by id"), matched["id"]
    yield _("rows matched by ISRC"), matched["isrc"]
    yield _("rows matched by title and artist"), matched["names"]
    yield _("rows whose track is not in the catalogue"), report["unmatched"]
    yield _("rows that could not be read"), report["unreadable"]
    if playlists:
        yield _("rows that repeat a track of their playlist"), report["repeated"]
        yield _("playlists new"), playlists["new"]
        yield _("playlists changed"), playlists["changed"]
        yield _("playlists unchanged"), playlists["unchanged"]
        yield _("playlists without any match"), playlists["without_match"]
        yield _("playlists in the catalogue"), stored["playlists"]
        yield _("entries in them"), stored["entries"]
