"""Cells as numbers, a whole column at a time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass
class Numbers:
    """A column `(n,)` of float64, NaN where `empty` or `no_number`."""

    values: NDArray[np.float64]
    empty: Mask
    no_number: Mask

    def outside(self, low: float, high: float) -> Mask:
        """Where the value is beyond one of the bounds, which are allowed themselves."""
        outside: Mask = (self.values < low) | (self.values > high)
        return outside

    def broken(self) -> Mask:
        """Where the value is finite, but not whole."""
        broken: Mask = np.isfinite(self.values) & (self.values != np.floor(self.values))
        return broken


def read_numbers(cells: list[str], *, decimal_comma: bool = False) -> Numbers:
    """Read decimal numbers; `decimal_comma` also takes "0,5", as spreadsheets save in much of Europe.

    "nan" is no number, "inf" is read as infinity, and grouping ("1,000", "1_000") is refused.
    """
    if not any(cells):
        empty = np.ones(len(cells), dtype=np.bool_)
        return Numbers(np.full(len(cells), np.nan), empty, ~empty)
    if decimal_comma:
        cells = [cell.replace(",", ".") for cell in cells]
    try:
        values = np.array(list(map(float, cells)), dtype=np.float64)
    except ValueError:
        values = np.array(list(map(_float_or_nan, cells)), dtype=np.float64)
    unread = np.isnan(values)
    if "_" in "".join(cells):  # Python would read what nobody else does: 1_000
        unread |= np.array(["_" in cell for cell in cells], dtype=np.bool_)
    if not unread.any():
        return Numbers(values, unread, unread)
    empty = np.zeros(len(cells), dtype=np.bool_)
    empty[[row for row in np.flatnonzero(unread) if not cells[row].strip()]] = True
    return Numbers(np.where(unread, np.nan, values), empty, unread & ~empty)


def _float_or_nan(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return np.nan
