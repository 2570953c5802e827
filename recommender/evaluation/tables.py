"""An evaluation in words: Markdown for people, JSON for programs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommender.algorithms.evaluation.measures import Interval
from recommender.evaluation.evaluating import Evaluation
from recommender.evaluation.results import Ratio, Row
from recommender.evaluation.words import (
    COLUMNS,
    MISSING,
    WHOLE_COLUMNS,
    Column,
    decimal,
    interval_text,
    setting_words,
)

RATIOS = {
    "over_audio": gettext_lazy("over audio only"),
    "over_library": gettext_lazy("over the best of the library"),
    "over_library_cold": gettext_lazy("over the best of the library, cold seeds"),
    "over_library_warm": gettext_lazy("over the best of the library, warm seeds"),
    "cluster_share": gettext_lazy("cluster over everywhere"),
    "nearby_share": gettext_lazy("nearby over everywhere"),
    "chosen_share": gettext_lazy("weights chosen nested over the published ones"),
}


def as_markdown(evaluation: Evaluation) -> str:
    """The tables with what they were made from, and what each column says."""
    parts = [_introduction(evaluation)]
    for n_seeds, rows in evaluation.tables.items():
        title = ngettext("From %(count)d seed", "From %(count)d seeds", n_seeds) % {"count": n_seeds}
        asked = _("%(questions)d questions, %(cold)d of them cold.") % {
            "questions": evaluation.n_questions[n_seeds],
            "cold": evaluation.n_cold[n_seeds],
        }
        parts.append(f"## {title}\n\n{asked}\n\n{_rows_table(rows, COLUMNS)}")
    whole = _("Lists of 50 for %(count)s drawn seeds.") % {"count": f"{evaluation.n_lists:,}"}
    parts.append(f"## {_('Whole lists')}\n\n{whole}\n\n{_rows_table(evaluation.whole, WHOLE_COLUMNS)}")
    parts.append(f"## {_('Ratios of nDCG@50')}\n\n{_ratios_table(evaluation.ratios)}")
    parts += [evaluation.remark] if evaluation.remark else []
    parts += [_("Left out: %s.") % text for text in evaluation.left_out]
    return "\n\n".join(parts) + "\n"


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """The same figures, unrounded, as plain dictionaries."""
    return {
        "options": asdict(evaluation.options),
        "playlists": evaluation.n_playlists,
        "recordings": evaluation.n_recordings,
        "questions": {str(n): count for n, count in evaluation.n_questions.items()},
        "cold_questions": {str(n): count for n, count in evaluation.n_cold.items()},
        "tables": {str(n): [row_as_json(row) for row in rows] for n, rows in evaluation.tables.items()},
        "lists": evaluation.n_lists,
        "whole_lists": [row_as_json(row) for row in evaluation.whole],
        "ratios": [_ratio_as_json(ratio) for ratio in evaluation.ratios],
        "chosen_weights": evaluation.weights,
        "left_out": evaluation.left_out,
        "remark": evaluation.remark,
    }


def row_as_json(row: Row) -> dict[str, Any]:
    figures = {name: asdict(interval) for name, interval in row.figures.items()}
    return {**asdict(row.setting), "figures": figures, **row.worst}


def _introduction(evaluation: Evaluation) -> str:
    options = evaluation.options
    text = _(
        "%(playlists)d playlists, %(recordings)s recordings; %(folds)d of %(of_folds)d folds judged, at most "
        "%(questions)d questions a playlist, random state %(seed)d. In brackets: 95 %% intervals, bootstrap "
        "over playlists (coverage and reachability: jackknife)."
    )
    return text % {
        "playlists": evaluation.n_playlists,
        "recordings": f"{evaluation.n_recordings:,}",
        "folds": options.folds,
        "of_folds": options.of_folds,
        "questions": options.questions,
        "seed": options.random_state,
    }


def _rows_table(rows: Sequence[Row], columns: Sequence[Column]) -> str:
    head = [_("method"), *(str(title) for _name, title, _form in columns)]
    head += [_("most of an artist"), _("most duplicates")]
    body = [
        [
            setting_words(row.setting),
            *(_cell(row.figures, name, form) for name, _title, form in columns),
            str(row.worst["most_of_artist"]),
            str(row.worst["most_duplicates"]),
        ]
        for row in rows
    ]
    return _table(head, body)


def _cell(figures: Mapping[str, Interval], name: str, form: Callable[[float], str]) -> str:
    return interval_text(figures[name], form) if name in figures else MISSING


def _ratios_table(ratios: Sequence[Ratio]) -> str:
    head = [_("what"), _("seeds"), _("of"), _("ratio"), _("to reach"), _("reached")]
    return _table(head, [_ratio_cells(ratio) for ratio in ratios])


def _ratio_cells(ratio: Ratio) -> list[str]:
    target, reached = MISSING, MISSING
    if ratio.target is not None:
        target = f"{ratio.target:g}"
        reached = _("yes") if ratio.value.mean >= ratio.target else _("no")
    value = interval_text(ratio.value, decimal(2))
    return [str(RATIOS[ratio.name]), str(ratio.n_seeds), setting_words(ratio.above), value, target, reached]


def _ratio_as_json(ratio: Ratio) -> dict[str, Any]:
    return {
        "name": ratio.name,
        "n_seeds": ratio.n_seeds,
        "above": asdict(ratio.above),
        "below": asdict(ratio.below),
        "value": asdict(ratio.value),
        "target": ratio.target,
    }


def _table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
