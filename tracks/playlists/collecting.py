"""The playlists of all files of an import, gathered as arrays: twelve bytes a row."""

from array import array
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from tracks.importing.refusals import UnreadableFile
from tracks.playlists.rows import Head, Identity

NO_TRACK = -1
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Gathered:
    """`p` playlists: `n_rows` `(p,)` counts their rows; `tracks[indptr[i]:indptr[i + 1]]` are the known
    tracks (`Track.pk`) of playlist `i` in its order, each once; `repeated` counts rows dropped for that.
    """

    heads: list[Head]
    n_rows: Integers
    indptr: Integers
    tracks: Integers
    repeated: int

    def tracks_of(self, number: int) -> Integers:
        return self.tracks[self.indptr[number] : self.indptr[number + 1]]


class Gathering:
    """Takes rows one by one, file by file; rows of one playlist need not stand together."""

    def __init__(self) -> None:
        self._heads: dict[int, Head] = {}
        self._exports: dict[Identity, str] = {}
        self._playlists, self._tracks = array("i"), array("q")
        self._before = 0

    def begin_file(self) -> None:
        """From here on, playlists are numbered by the next file."""
        self._before = 1 + max(self._heads, default=-1)

    def add_heads(self, heads: dict[int, Head]) -> None:
        """Note playlists by their number in the file; of one told twice, the later head counts."""
        self._heads |= {self._before + number: head for number, head in heads.items()}

    def add_export(self, file_name: str) -> None:
        """Refuse a second file that claims to be the one playlist of an earlier one."""
        head = self._heads.get(self._before)
        if head is None:
            return
        other = self._exports.setdefault(head.identity, file_name)
        if other != file_name:
            sentence = _(
                "%(one)s and %(other)s would both be the playlist “%(name)s”: rename one, or put them "
                "into folders of different names below one folder."
            )
            raise UnreadableFile(sentence % {"one": other, "other": file_name, "name": head.name})

    def add_row(self, playlist: int, track: int | None) -> None:
        """Add a row of the current file's playlist; None where the catalogue does not know its track."""
        self._playlists.append(self._before + playlist)
        self._tracks.append(NO_TRACK if track is None else track)

    def name_of(self, playlist: int) -> str:
        """The name of the current file's playlist, as far as it is known by now."""
        head = self._heads.get(self._before + playlist)
        return head.name if head else ""

    def gathered(self) -> Gathered:
        """All playlists, those of one identity as one, in the order in which they came."""
        numbers: dict[Identity, int] = {}
        heads: dict[int, Head] = {}
        merged = np.zeros(1 + max(self._heads, default=-1), dtype=np.int64)
        for number, head in sorted(self._heads.items()):
            merged[number] = numbers.setdefault(head.identity, len(numbers))
            heads.setdefault(numbers[head.identity], head)
        playlists, tracks = (
            merged[np.array(self._playlists, dtype=np.int64)],
            np.array(self._tracks, dtype=np.int64),
        )
        known = np.flatnonzero(tracks != NO_TRACK)
        pairs = playlists[known] * (1 + tracks.max(initial=0)) + tracks[known]
        # Of each track of a playlist the first row; playlist by playlist, in the order of the rows.
        kept = np.sort(known[np.unique(pairs, return_index=True)[1]])
        kept = kept[np.argsort(playlists[kept], kind="stable")]
        counts = np.bincount(playlists[kept], minlength=len(heads))
        return Gathered(
            heads=list(heads.values()),
            n_rows=np.bincount(playlists, minlength=len(heads)),
            indptr=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            tracks=tracks[kept],
            repeated=len(known) - len(kept),
        )
