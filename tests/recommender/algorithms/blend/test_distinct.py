import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.algorithms.blend.distinct import distinct


@given(st.lists(st.integers(-5, 5)))
@settings(deadline=None)
def test_it_is_the_unique_of_numpy(values):
    found = distinct(np.array(values, np.int64))

    assert found.dtype == np.int64
    assert found.tolist() == np.unique(values).tolist()
