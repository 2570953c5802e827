import numpy as np
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.algorithms.blend.csr import taken_rows


@given(seed=st.integers(0, 1000), rows=st.lists(st.integers(0, 11), max_size=30))
@settings(deadline=None)
def test_rows_in_any_order_are_those_of_scipy(seed, rows):
    matrix = sp.random(12, 7, 0.3, "csr", random_state=seed)
    matrix.sort_indices()

    indptr, indices = taken_rows(matrix.indptr.astype(np.int64), matrix.indices, np.array(rows, np.int64))

    expected = [matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].tolist() for row in rows]
    assert [part.tolist() for part in np.split(indices, indptr[1:-1])][: len(rows)] == expected
    assert indptr[-1] == len(indices)
