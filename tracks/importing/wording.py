"""What an import says, in sentences: stored are codes and figures, so each reader gets their language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracks.audio_features import AUDIO_FEATURES
from tracks.importing.chunks import Reason
from tracks.importing.validation import COUNTS

SENTENCES = {
    Reason.RAGGED: gettext_lazy("has more or fewer cells than the header"),
    Reason.OPEN_QUOTE: gettext_lazy("opens a quotation mark that is never closed"),
    Reason.NUL: gettext_lazy("%(column)s contains NUL characters"),
    Reason.UNDECODABLE: gettext_lazy("%(column)s is not valid text in the file's encoding"),
    Reason.MISSING: gettext_lazy("%(column)s is empty"),
    Reason.LOCAL_FILE: gettext_lazy("is a local file, which has no Spotify id"),
    Reason.NOT_AN_ID: gettext_lazy("%(column)s is not a track id, URI or link"),
    Reason.TOO_LONG: gettext_lazy("%(column)s is too long"),
    Reason.NO_FEATURES: gettext_lazy("has no audio features"),
    Reason.NOT_A_NUMBER: gettext_lazy("%(column)s is not a number"),
    Reason.NOT_WHOLE: gettext_lazy("%(column)s is not a whole number"),
    Reason.NOT_FINITE: gettext_lazy("%(column)s is infinite"),
    Reason.OUT_OF_RANGE: gettext_lazy("%(column)s is not between %(low)g and %(high)g"),
    Reason.NOT_YES_OR_NO: gettext_lazy("%(column)s is neither true nor false"),
}
RANGES = COUNTS | {feature.name: (feature.low, feature.high) for feature in AUDIO_FEATURES}


def reason_sentence(reason: str, column: str, field: str = "") -> str:
    """Why a row was rejected: "tempo is not a number". `column` may be the file's own name of `field`."""
    low, high = RANGES.get(field or column, (0, 0))
    return SENTENCES[Reason(reason)] % {"column": column, "low": low, "high": high}


@dataclass(frozen=True)
class ReportText:
    """A stored report in words: one outcome, figures, remarks on files, reasons with counts, examples.

    `cut` says that the file of rejected rows does not hold all of them; it is empty when it does.
    """

    outcome: str
    figures: list[tuple[str, int]]
    remarks: list[str]
    reasons: list[tuple[str, int]]
    examples: list[str]
    cut: str

    def readable_figures(self) -> list[tuple[str, str]]:
        """The figures with their digits in groups."""
        return [(label, number_format(figure, force_grouping=True)) for label, figure in self.figures]


def report_text(
    report: Mapping[str, Any], *, outcome: str, figures: list[tuple[str, int]], remarks: list[str]
) -> ReportText:
    """The text of a report of any kind: its reasons, examples and limit in words, and what the kind says."""
    examples = []
    for example in report["examples"]:
        sentence = reason_sentence(example["reason"], example["header"], example["column"])
        if example["value"]:
            sentence += f" ({example['value'][:60]})"
        examples.append(_("%(file)s, line %(line)d: %(sentence)s") % {**example, "sentence": sentence})
    cut = ""
    if rows := report.get("rejects_cut_after"):  # reports of older versions do not say
        cut = _("The file was cut at its limit: it holds only the first %(rows)s of these rows.")
        cut %= {"rows": number_format(rows, force_grouping=True)}
    reasons = [(reason_sentence(r["reason"], r["column"]), r["count"]) for r in report["reasons"]]
    return ReportText(outcome, figures, remarks, reasons, examples, cut)


def put_into_words(report: Mapping[str, Any]) -> ReportText:
    """The report of a `CatalogueImport` in the reader's language."""
    changes, catalogue = report["changes"], report["catalogue"]
    figures = [
        (_("rows read"), report["rows"]),
        (_("rows rejected"), report["rejected"]),
        (_("rows that repeat an earlier one whole"), report["repeats"]),
    ]
    if not changes:
        outcome = _("Nothing was imported.")
    else:
        figures += [
            (_("tracks new"), changes["new"]),
            (_("tracks updated"), changes["updated"]),
            (_("tracks unchanged"), changes["unchanged"]),
            (_("tracks in the catalogue"), catalogue["tracks"]),
            (_("recordings in the catalogue"), catalogue["recordings"]),
            (_("artists in the catalogue"), catalogue["artists"]),
            (_("genres in the catalogue"), catalogue["genres"]),
        ]
        outcome = _("Nothing changed: the catalogue has all of this already.")
        if changes["new"] or changes["updated"]:
            outcome = _("The catalogue now has these tracks.")
    remarks = [remark for file in report["files"] for remark in _remarks(file)]
    return report_text(report, outcome=outcome, figures=figures, remarks=remarks)


def _remarks(file: Mapping[str, Any]) -> Iterator[str]:
    if file["encoding"] not in ("", "utf-8", "utf-8-sig"):
        sentence = _("%(name)s is not UTF-8 and was read as %(encoding)s: check names with accents.")
        yield sentence % file
    if file["joined"] not in ("", ";"):
        yield _("%(name)s joins artists by “%(joined)s”, and was split there.") % file
    if file["left_empty"]:
        yield (
            ngettext(
                "%(name)s: %(left_empty)d release date or ISRC could not be read and was left empty.",
                "%(name)s: %(left_empty)d release dates and ISRCs could not be read and were left empty.",
                file["left_empty"],
            )
            % file
        )
    if not file["rows"]:
        yield _("%(name)s has a header, but no rows.") % file
