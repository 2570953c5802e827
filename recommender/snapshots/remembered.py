"""The latest lists of one run: it never changes, and well-loved tracks are asked for again and again."""

from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from recommender.algorithms.search.picking import Neighbours

MAX_LISTS = 4096

# Packed, because a list of 20 as Python objects takes four times as much.
_Packed = tuple["array[int]", "array[float]", dict[str, int]]


class Remembered:
    """The lists that were found for the latest `size` questions."""

    def __init__(self, size: int = MAX_LISTS) -> None:
        self._found: OrderedDict[Hashable, _Packed] = OrderedDict()
        self._size, self._lock = size, Lock()

    def find(self, question: Hashable, search: Callable[[], Neighbours]) -> Neighbours:
        """The answer of `search`, which is asked only when the question is new or long forgotten."""
        with self._lock:
            packed = self._found.get(question)
            if packed is not None:
                self._found.move_to_end(question)
        if packed is not None:
            return _unpacked(packed)
        found = search()
        with self._lock:
            self._found[question] = _packed(found)
            if len(self._found) > self._size:
                self._found.popitem(last=False)
        return found


def _packed(found: Neighbours) -> _Packed:
    return array("i", found.rows), array("d", found.distances), dict(found.left_out)


def _unpacked(packed: _Packed) -> Neighbours:
    rows, distances, left_out = packed
    return Neighbours(rows.tolist(), distances.tolist(), Counter(left_out))
