"""What is wrong with the rows of a chunk: of each row the first problem found."""

from collections.abc import Iterator

import numpy as np

from tracks.importing.chunks import Chunk, Reason, Reject
from tracks.importing.numbers import Mask


class Problems:
    """The first problem of each row, in the order in which the checks mark them."""

    def __init__(self, chunk: Chunk) -> None:
        self._chunk = chunk
        self._kinds: list[tuple[Reason, str]] = []
        self._kind_of_row = np.full(len(chunk.lines), -1, dtype=np.int32)

    def mark(self, mask: Mask | list[bool], reason: Reason, field: str = "") -> None:
        """Where `mask` `(n,)` is true, the row has this problem, unless it has one already."""
        mask = np.asarray(mask, dtype=np.bool_)
        if mask.any():
            self._kind_of_row[mask & (self._kind_of_row < 0)] = len(self._kinds)
            self._kinds.append((reason, field))

    def good(self) -> Mask:
        """The rows `(n,)` without a problem."""
        return self._kind_of_row < 0

    def rejects(self) -> Iterator[Reject]:
        """The rows with one, in the order of the file, with the cell to blame."""
        for row in np.flatnonzero(~self.good()).tolist():
            reason, field = self._kinds[self._kind_of_row[row]]
            cells = self._chunk.cells.get(field)
            yield Reject(self._chunk.lines[row], reason, field, cells[row] if cells else "")
