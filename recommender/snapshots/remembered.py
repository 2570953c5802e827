"""The latest lists of one run: it never changes, and well-loved tracks are asked for again and again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Found = TypeVar("Found")
MOST_LISTS = 1024


class Remembered(Generic[Found]):
    """What was found for the latest `size` questions. What it hands out is shared: nobody changes it."""

    def __init__(self, size: int = MOST_LISTS) -> None:
        self._found: OrderedDict[Hashable, Found] = OrderedDict()
        self._size, self._lock = size, Lock()

    def find(self, question: Hashable, search: Callable[[], Found]) -> Found:
        """The answer of `search`, which is asked only when the question is new or long forgotten."""
        with self._lock:
            if question in self._found:
                self._found.move_to_end(question)
                return self._found[question]
        found = search()
        with self._lock:
            self._found[question] = found
            if len(self._found) > self._size:
                self._found.popitem(last=False)
        return found
