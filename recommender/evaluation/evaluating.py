"""Judge recommendations on playlists that were held out from learning. Performed by commands only.

Playlists are split, never the tracks of one; the listener side of every blend, and the library's
models, learn from the training playlists alone. docs/evaluation.md tells the protocol and its sources.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from recommender.algorithms.evaluation.blend_lists import Clustered
from recommender.algorithms.evaluation.measures import split_playlists
from recommender.evaluation.held_out import (
    MIN_PLAYLISTS,
    MIN_RECORDINGS,
    EvaluationData,
    only,
    questions_of,
    times_known,
)
from recommender.evaluation.library_baselines import LibraryMissing
from recommender.evaluation.methods import (
    Answerer,
    chosen_answerer,
    content_answerers,
    library_answerer,
    listener_answerer,
)
from recommender.evaluation.ratios import ratios_of
from recommender.evaluation.results import Lists, Outcome, Ratio, Row, Setting
from recommender.evaluation.weighing import chosen_weights
from recommender.evaluation.whole_lists import whole_lists
from recommender.fitting.blend_arrays import Blended
from tracks.playlists.arrays import PlaylistArrays

LIBRARY = ("als", "bm25")
COLD_PLAYLISTS = 1

Listener = Callable[[str, float], None]


class NothingToJudge(Exception):
    """There are too few playlists; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """questions: the most of a playlist with one seed; with several seeds half as many.

    folds: how many of the `of_folds` parts are judged in turn. lists: the seeds whose lists are looked
    at as a whole, 0 for all recordings. nested: also choose weights on the training playlists.
    """

    questions: int = 2
    folds: int = 3
    of_folds: int = 3
    n_seeds: tuple[int, ...] = (1, 5)
    lists: int = 500
    nested: bool = False
    library: bool = True
    random_state: int = 0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The tables by number of seeds, the whole lists, and the ratios; `left_out` names what is missing.

    remark: what to bear in mind when reading them, "" for nothing.
    """

    options: Options
    n_playlists: int
    n_recordings: int
    n_questions: dict[int, int]
    n_cold: dict[int, int]
    tables: dict[int, list[Row]]
    whole: list[Row]
    n_lists: int
    ratios: list[Ratio]
    weights: list[dict[str, float]]
    left_out: list[str]
    remark: str = ""


@dataclass
class _Judging:
    data: EvaluationData
    clustered: Clustered
    playlists: PlaylistArrays
    options: Options
    report: Listener
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    weights: list[dict[str, float]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def evaluate(
    data: EvaluationData,
    clustered: Clustered,
    playlists: PlaylistArrays,
    options: Options,
    on_progress: Listener = lambda what, fraction: None,
) -> Evaluation:
    """Judge all methods. Raises `NothingToJudge` with too few playlists of five recordings and more."""
    lists = data.lists_of(playlists)
    check_enough(lists)
    judging = _Judging(data, clustered, playlists, options, on_progress)
    judging.outcomes = {n_seeds: Outcome(data.facts) for n_seeds in options.n_seeds}
    on_progress(_("preparing the catalogue"), 0.0)
    content = content_answerers(data, clustered, random_state=options.random_state)
    folds = split_playlists(len(lists), options.of_folds, random_state=options.random_state)
    for fold in range(options.folds):
        _judge_fold(judging, lists, fold, folds[fold], content)
    tables = {n_seeds: _table(outcome, options) for n_seeds, outcome in judging.outcomes.items()}
    whole, n_lists = whole_lists(
        data, clustered, playlists, options.lists, options.random_state, _report_lists(on_progress)
    )
    return Evaluation(
        options=options,
        n_playlists=len(lists),
        n_recordings=data.facts.n,
        n_questions={n: len(outcome.questions) for n, outcome in judging.outcomes.items()},
        n_cold={n: sum(outcome.cold) for n, outcome in judging.outcomes.items()},
        tables=tables,
        whole=whole,
        n_lists=n_lists,
        ratios=_ratios(judging, tables),
        weights=judging.weights,
        left_out=judging.left_out,
    )


def check_enough(lists: Sequence[NDArray[np.int64]]) -> None:
    """Raise `NothingToJudge` when too few playlists can be asked about."""
    long_enough = sum(len(each) >= MIN_RECORDINGS for each in lists)
    if long_enough >= MIN_PLAYLISTS:
        return
    text = _(
        "There are %(found)d playlists with five or more recordings of the catalogue; at least %(fewest)d "
        "are needed. Import playlists first (import_playlists FILE), or name a file of playlists."
    )
    raise NothingToJudge(text % {"found": long_enough, "fewest": MIN_PLAYLISTS})


def _judge_fold(
    judging: _Judging,
    lists: list[NDArray[np.int64]],
    fold: int,
    judged: NDArray[np.int64],
    content: list[Answerer],
) -> None:
    training = np.setdiff1d(np.arange(len(lists)), judged)
    judging.report(_("learning from the other playlists"), fold / judging.options.folds * 0.9)
    answerers = [*content, *_learnt(judging, lists, training)]
    known = times_known(lists, training, judging.data.facts.n)
    options = judging.options
    for place, n_seeds in enumerate(options.n_seeds):
        most = options.questions if n_seeds == 1 else max(1, options.questions // 2)
        seed = options.random_state + fold
        questions = questions_of(lists, judged, n_seeds=n_seeds, most=most, random_state=seed)
        for number, question in enumerate(questions):
            found: Lists = {}
            for answerer in answerers:
                found |= answerer(question)
            cold = not (known[question.seeds] > COLD_PLAYLISTS).any()
            judging.outcomes[n_seeds].add(question, found, cold=cold)
            part = (place + number / len(questions)) / len(options.n_seeds)
            judging.report(_("judging lists"), (fold + part) / options.folds * 0.9)


def _learnt(judging: _Judging, lists: list[NDArray[np.int64]], training: NDArray[np.int64]) -> list[Answerer]:
    """What learns from the training playlists."""
    data, clustered, options = judging.data, judging.clustered, judging.options
    blended = data.blended(only(judging.playlists, training))
    answerers = [listener_answerer(data, blended, clustered)]
    if answerers[0] is None:
        _leave_out(judging, _("blends with listener data: too few playlists to learn from"))
    if options.library:
        try:
            held = [lists[number] for number in training.tolist()]
            answerers.append(library_answerer(data, held, random_state=options.random_state))
        except LibraryMissing:
            _leave_out(judging, _("ALS and BM25 of the library implicit: pip install implicit==0.7.3"))
    if options.nested:
        answerers += _nested(judging, training, blended)
    return [answerer for answerer in answerers if answerer]


def _nested(judging: _Judging, training: NDArray[np.int64], learnt: Blended) -> list[Answerer]:
    """`balanced` with the weights that the training playlists choose, without listener data and with."""
    data, options = judging.data, judging.options

    def report(fraction: float) -> None:
        judging.report(_("choosing weights on the training playlists"), fraction)

    weights = chosen_weights(
        data, judging.playlists, training, random_state=options.random_state, on_progress=report
    )
    judging.weights.append(weights)
    return [
        chosen_answerer(data.lister(each, judging.clustered), weights, listeners=bool(each.learnt_from))
        for each in (data.content, *([learnt] if learnt.learnt_from else []))
    ]


def _leave_out(judging: _Judging, text: str) -> None:
    if text not in judging.left_out:
        judging.left_out.append(text)


def _table(outcome: Outcome, options: Options) -> list[Row]:
    """All rows; of the library's models only the setting that turned out best on these very questions."""
    settings = [setting for setting in outcome.figures if setting.method not in LIBRARY]
    for name in LIBRARY:
        tried = [setting for setting in outcome.figures if setting.method == name]
        if tried:
            settings.append(max(tried, key=outcome.mean))
    return outcome.rows(_in_order(settings), options.random_state)


def _ratios(judging: _Judging, tables: dict[int, list[Row]]) -> list[Ratio]:
    ratios: list[Ratio] = []
    for n_seeds, outcome in judging.outcomes.items():
        settings = [row.setting for row in tables[n_seeds]]
        ratios += ratios_of(n_seeds, outcome, settings, judging.options.random_state)
    return ratios


def _in_order(settings: Sequence[Setting]) -> list[Setting]:
    """Baselines first, then the library's, then the blends, as they came."""
    return sorted(settings, key=lambda setting: (bool(setting.scope), setting.method in LIBRARY))


def _report_lists(on_progress: Listener) -> Callable[[float], None]:
    return lambda fraction: on_progress(_("looking at whole lists"), 0.9 + 0.1 * fraction)
