"""The genres that two tracks share, and how rare that is where it tells something."""

from collections.abc import Sequence
from functools import lru_cache, reduce
from statistics import median

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from recommender.algorithms.blend.distance import is_member
from recommender.snapshots.snapshot import Snapshot

GENRES_NAMED = 2
TELLING_RATIO = 2  # a genre twice as rare as most, or twice as common, is worth a figure
MIN_PERCENT = 0.1  # below, the tracks are counted


def genre_reasons(
    snapshot: Snapshot,
    seeds: Sequence[Sequence[str]],
    numbers: Sequence[int],
    others: Sequence[Sequence[str]],
) -> list[list[str]]:
    """The one or two rarest genres that each track shares with its seed, `seeds[numbers[i]]`."""
    genres, language = _genres_of(snapshot), get_language()
    ordered = [
        sorted(seed, key=lambda genre: (genres.counts.get(genre, snapshot.n_tracks), genre)) for seed in seeds
    ]
    shared = (
        tuple(genre for genre in ordered[number] if genre in theirs)[:GENRES_NAMED]
        for number, theirs in zip(numbers, others, strict=True)
    )
    return [[genres.in_words(names, language)] if names else [] for names in shared]


class _Genres:
    """The genres of a run: how many tracks carry each, and every reason once it was asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.n_tracks = snapshot.n_tracks
        self.rows = {name: snapshot.rows_of_genre(number) for number, name in enumerate(snapshot.meta.genres)}
        self.counts = {name: len(rows) for name, rows in self.rows.items()}
        self.usual = float(median(self.counts.values())) if self.counts else 0.0
        self._reasons: dict[tuple[tuple[str, ...], str | None], str] = {}

    def in_words(self, names: tuple[str, ...], language: str | None) -> str:
        """The reason of sharing these genres, the rarest first."""
        key = names, language
        if key not in self._reasons:
            self._reasons[key] = self._reason(names)
        return self._reasons[key]

    def _reason(self, names: tuple[str, ...]) -> str:
        template = _("both %(genre)s") if len(names) == 1 else _("both %(genre)s and %(other)s")
        reason = template % dict(zip(("genre", "other"), names, strict=False))
        if not self.rows.keys() >= set(names):  # some came after the run
            return reason
        count = len(reduce(_in_both, [self.rows[name] for name in names]))
        if not self._is_telling(count, names):
            return reason
        return _("%(reason)s, as %(share)s") % {"reason": reason, "share": self._share_in_words(count)}

    def _is_telling(self, count: int, names: tuple[str, ...]) -> bool:
        """One genre is judged by the usual one; two together by the rarer of them."""
        if len(names) > 1:
            return count * TELLING_RATIO <= self.counts[names[0]]
        return count * TELLING_RATIO <= self.usual or count >= TELLING_RATIO * self.usual

    def _share_in_words(self, count: int) -> str:
        percent = 100 * count / self.n_tracks
        if percent >= MIN_PERCENT:
            return _("%(percent)s %% of all tracks are") % {"percent": number_format(round(percent, 1), 1)}
        return ngettext("only %(count)d track is", "only %(count)d tracks are", count) % {"count": count}


def _in_both(rows: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.int32]:
    return rows[is_member(rows, others)]


@lru_cache(maxsize=2)
def _genres_of(snapshot: Snapshot) -> _Genres:
    return _Genres(snapshot)
