"""The name of a cluster as a code, so that it reads well in every language. Standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class NameForm(StrEnum):
    """What a name says beside adjectives: one or two genres, a family by one of them, a span, nothing."""

    GENRES = "genres"
    FAMILY = "family"
    SPAN = "span"
    SOUND = "sound"


Meaning = tuple[NameForm, frozenset[str], frozenset[str], int | None]


@dataclass(frozen=True, slots=True)
class NameCode:
    """A name: adjectives as trait codes, genres by name, and a number where no other words are left."""

    form: NameForm
    adjectives: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    number: int | None = None

    @property
    def meaning(self) -> Meaning:
        """What it says: "calm and acoustic" says the same as "acoustic and calm"."""
        return self.form, frozenset(self.adjectives), frozenset(self.genres), self.number

    @property
    def first_word(self) -> str:
        return (*self.adjectives, *self.genres, "")[0]

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "NameCode":
        """A name from what `dataclasses.asdict` made of it. Raises KeyError and ValueError for others."""
        return cls(
            NameForm(stored["form"]), tuple(stored["adjectives"]), tuple(stored["genres"]), stored["number"]
        )
