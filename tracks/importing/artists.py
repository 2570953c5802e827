r"""Splitting a cell into artists, each file by the way it joins them itself.

"Tyler, The Creator" is one artist. Files that join with `;` say so; today's exports that join with
`, ` write a comma inside a name as `\,`; older ones join with a bare `,`, so that a comma followed by
a space belongs to a name. Only where names are joined by an unescaped `, ` must we know the names.
"""

import ast
import re
from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from tracks.importing.headers import normalised
from tracks.models import Artist


class Joined(StrEnum):
    """What stands between two artists of one cell."""

    SEMICOLON = ";"
    ESCAPED_COMMA = r"\,"
    BARE_COMMA = ","
    COMMA_SPACE = ", "


# Names that a `, ` must not take apart, besides those that the catalogue knows already.
NAMES_WITH_COMMAS = frozenset(
    {
        "Tyler, The Creator",
        "Earth, Wind & Fire",
        "Crosby, Stills & Nash",
        "Crosby, Stills, Nash & Young",
        "Emerson, Lake & Palmer",
        "Blood, Sweat & Tears",
        "Peter, Paul and Mary",
        "nothing,nowhere.",
        "Fear, and Loathing in Las Vegas",
        "Dave Dee, Dozy, Beaky, Mick & Tich",
        "Hamilton, Joe Frank & Reynolds",
        "Peter, Bjorn and John",
        "Now, Now",
        "Chunk! No, Captain Chunk!",
    }
)
MAX_PARTS = 6  # of a name with commas
SUFFIXES = frozenset({"Jr.", "Jr", "Sr.", "Sr", "II", "III"})
# These layouts hold one name, or join with `;`, so a rare comma is part of a name.
SEMICOLON_HEADERS = frozenset(map(normalised, ("artists", "track_artist")))
MIN_CELLS, MIN_SHARE = 20, 0.05
_BARE = re.compile(r",(?=\S)")
_UNESCAPED = re.compile(r"(?<!\\),\s*")


def how_joined(cells: Sequence[str], header: str) -> Joined:
    """How a file joins artists, seen from its first cells and its header."""
    if any("\\," in cell for cell in cells):
        return Joined.ESCAPED_COMMA
    with_comma = [cell for cell in cells if "," in cell]
    semicolons = sum(";" in cell for cell in cells)
    if semicolons > len(with_comma) or not with_comma:
        return Joined.SEMICOLON
    enough = len(with_comma) >= MIN_CELLS and len(with_comma) >= MIN_SHARE * len(cells)
    if not enough and (semicolons or normalised(header) in SEMICOLON_HEADERS):
        return Joined.SEMICOLON
    bare = sum(bool(_BARE.search(cell)) for cell in with_comma)
    return Joined.BARE_COMMA if 2 * bare > len(with_comma) else Joined.COMMA_SPACE


def split_artists(cell: str, joined: Joined, known: Collection[str] = NAMES_WITH_COMMAS) -> list[str]:
    """The artists of one cell, in order, each once; `known` names keep their commas."""
    if not (parts := read_list(cell)):
        if joined is Joined.SEMICOLON:
            parts = cell.split(";")
        elif "\\," in cell or joined is Joined.ESCAPED_COMMA:
            parts = [part.replace("\\,", ",") for part in _UNESCAPED.split(cell)]
        else:
            pieces = cell.split(",") if joined is Joined.COMMA_SPACE else _BARE.split(cell)
            parts = list(_rejoined(pieces, known))
    names = (" ".join(part.split()) for part in parts)
    return list(dict.fromkeys(filter(None, names)))


def _rejoined(parts: list[str], known: Collection[str]) -> Iterable[str]:
    """Put known names with commas together again, the longest first."""
    start = 0
    while start < len(parts):
        end = min(len(parts), start + MAX_PARTS)
        while end > start + 1 and ",".join(parts[start:end]).strip() not in known:
            if end == start + 2 and parts[start + 1].strip() in SUFFIXES:
                break
            end -= 1
        yield ",".join(parts[start:end])
        start = end


def known_names_with_commas() -> frozenset[str]:
    """`NAMES_WITH_COMMAS`, and those that the catalogue has from files that join artists otherwise."""
    return NAMES_WITH_COMMAS.union(Artist.objects.filter(name__contains=",").values_list("name", flat=True))


def read_list(cell: str) -> list[str]:
    """The names in a list as Python or JSON writes it; empty when it is none."""
    if not cell.startswith("["):
        return []
    try:
        value = ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    return [str(item) for item in value] if isinstance(value, list) else []
