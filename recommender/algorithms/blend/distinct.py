"""Values each once. `numpy.unique` loads masked arrays, which nothing else that is served needs."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Integer = TypeVar("Integer", np.int32, np.int64)


def distinct(values: NDArray[Integer]) -> NDArray[Integer]:
    """The values (n,), each once, ascending."""
    ascending = np.sort(values)
    is_new = np.append(True, ascending[1:] != ascending[:-1])[: len(ascending)]
    once: NDArray[Integer] = ascending[is_new]
    return once
