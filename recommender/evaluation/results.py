"""What came of judging lists: figures by method, each with its interval, and ratios between methods."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recommender.algorithms.evaluation.judging import (
    RecordingFacts,
    coverage,
    figures_of,
    most_frequent,
    most_of_one_artist,
    shares_of,
)
from recommender.algorithms.evaluation.measures import (
    Interval,
    Question,
    bootstrap,
    bootstrap_ratio,
    by_playlist,
)

Lists = dict["Setting", NDArray[np.int64]]


@dataclass(frozen=True, slots=True, order=True)
class Setting:
    """How lists were made. A baseline has neither scope nor cap; `detail` says which settings it had.

    listeners: whether listener vectors were at hand. cap: the most tracks of one artist, 0 for no cap.
    """

    method: str
    scope: str = ""
    listeners: bool = False
    cap: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One method's line of a table; `worst` holds the extremes: most_of_artist and most_duplicates."""

    setting: Setting
    figures: Mapping[str, Interval]
    worst: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ratio:
    """One method's nDCG over another's on the same questions, or over a part of them.

    `target` is what is to be reached, None where there is none.
    """

    name: str
    n_seeds: int
    above: Setting
    below: Setting
    value: Interval
    target: float | None


@dataclass
class Outcome:
    """Lists of one number of seeds as they come in. `cold`: whether hardly a playlist knows the seeds."""

    facts: RecordingFacts
    questions: list[Question] = field(default_factory=list)
    cold: list[bool] = field(default_factory=list)
    figures: defaultdict[Setting, list[dict[str, float]]] = field(default_factory=lambda: defaultdict(list))
    lists: defaultdict[Setting, list[NDArray[np.int64]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, question: Question, lists: Lists, *, cold: bool) -> None:
        """Take the lists that all methods give for one question."""
        self.questions.append(question)
        self.cold.append(cold)
        for setting, ranked in lists.items():
            self.lists[setting].append(ranked)
            self.figures[setting].append(figures_of(ranked, question, self.facts))

    def by_playlist(self, setting: Setting, figure: str, *, cold: bool | None = None) -> NDArray[np.float64]:
        """A figure's mean for every playlist, or over its cold or warm questions only."""
        asked = [cold is None or each == cold for each in self.cold]
        questions = [question for question, kept in zip(self.questions, asked, strict=True) if kept]
        values = [each[figure] for each, kept in zip(self.figures[setting], asked, strict=True) if kept]
        return by_playlist(questions, values) if questions else np.empty(0)

    def mean(self, setting: Setting) -> float:
        """nDCG, the mean over playlists."""
        return float(self.by_playlist(setting, "ndcg").mean())

    def rows(self, settings: Iterable[Setting], random_state: int) -> list[Row]:
        return [self._row(setting, random_state) for setting in settings]

    def _row(self, setting: Setting, random_state: int) -> Row:
        names = self.figures[setting][0]
        figures = {
            name: bootstrap(self.by_playlist(setting, name), random_state=random_state) for name in names
        }
        for name, cold in (("ndcg_cold", True), ("ndcg_warm", False)):
            values = self.by_playlist(setting, "ndcg", cold=cold)
            if len(values):
                figures[name] = bootstrap(values, random_state=random_state)
        lists = self.lists[setting]
        figures["coverage"] = coverage(lists, self._groups(), self.facts.n)
        figures["largest_share"] = self._largest_share(lists, random_state)
        worst = {
            "most_of_artist": max(most_of_one_artist(ranked, self.facts) for ranked in lists),
            "most_duplicates": int(max(each["duplicates"] for each in self.figures[setting])),
        }
        return Row(setting, figures, worst)

    def _groups(self) -> NDArray[np.int64]:
        numbers = [question.playlist for question in self.questions]
        return np.unique(numbers, return_inverse=True)[1].astype(np.int64)

    def _largest_share(self, lists: Sequence[NDArray[np.int64]], random_state: int) -> Interval:
        """Of the recording that stands in most lists."""
        if not any(len(ranked) for ranked in lists):
            return Interval(0.0, 0.0, 0.0)
        shares = shares_of(most_frequent(lists), lists, self.questions)
        return bootstrap(shares, random_state=random_state)

    def ratio(
        self, above: Setting, below: Setting, random_state: int, *, cold: bool | None = None
    ) -> Interval | None:
        """nDCG of one over another with the interval, None where there is nothing to divide by."""
        pair = [self.by_playlist(setting, "ndcg", cold=cold) for setting in (above, below)]
        if not len(pair[0]) or not pair[1].any():
            return None
        return bootstrap_ratio(pair[0], pair[1], random_state=random_state)
