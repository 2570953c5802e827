"""Compressed sparse rows as two plain arrays. Served: numpy only."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def taken_rows(
    indptr: NDArray[np.int64], indices: NDArray[Any], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """The rows (m,) of a CSR structure in the order given: indptr int64 (m + 1,), and their indices."""
    starts = indptr[rows]
    lengths = indptr[rows + 1] - starts
    new_indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    shift = np.repeat(starts - new_indptr[:-1], lengths)
    return new_indptr, indices[np.arange(len(shift)) + shift]
