"""One parser of titles: the song, what only tells releases apart, and credits of guests."""

import re
from functools import lru_cache

from tracks.titles.folding import fold

_BRACKETS = frozenset(")]")
_LAST_PART = re.compile(r"(.+?\S)\s*(?: [-–—] ((?:(?! [-–—] ).)+)|\(([^()]+)\)|\[([^\[\]]+)\])\s*")
_WORDS = re.compile(r"[^\W_]+")
# All words of a part must be of these, and one must say that only the release differs.
_TELLING_WORDS = frozenset({"remaster", "remastered", "deluxe", "expanded", "anniversary", "bonus"})
_TELLING = (*_TELLING_WORDS, "version")
_OTHER_WORDS = frozenset({"digital", "digitally", "super", "track", "edition", "version", "special", "the"})
_YEAR, _ORDINAL = re.compile(r"(?:19|20)\d\d"), re.compile(r"\d+(?:st|nd|rd|th)")

_CUT_WORDS = frozenset(
    {"radio", "single", "album", "original", "edit", "mix", "mono", "stereo", "full", "length"}
)
_CUT_NOUNS = frozenset({"edit", "mono", "stereo", "version", "mix"})
_SOURCE = re.compile(r"\s*(?:music )?from\b", re.IGNORECASE)
_SUFFIX = re.compile(r"\s[-–—(\[]")
_CREDIT = re.compile(r"\s*(?:feat|ft|featuring|with)\b", re.IGNORECASE)
_CROSS = re.compile(r"(?<=\S)\s+[x×]\s+(?=\S)")  # "X" is a part of names, as in "TOMORROW X TOGETHER"
_TRAILING_CREDIT = re.compile(r"\s(?:feat|ft)\.?\s.*|\sfeaturing\s.*", re.IGNORECASE)


def base_title(title: str) -> str:
    """The title without what only tells releases apart: "Yesterday - Remastered 2009" → "Yesterday"."""
    if title[-1:] not in _BRACKETS and " - " not in title and " – " not in title and " — " not in title:
        return title
    lowered = title.lower()
    if not any(word in lowered for word in _TELLING):  # as most parts say something else
        return title
    while (match := _LAST_PART.fullmatch(title)) and _is_edition(match[match.lastindex or 0]):
        title = match[1]
    return title


def song_title(title: str) -> str:
    """The title without editions, studio cuts, sources and guests, which search shows as one song.

    "Stayin' Alive - From \\"Saturday Night Fever\\"" → "Stayin' Alive". Live recordings, remixes and
    other performances keep their words. Wider than `base_title`, which decides about recordings.
    """
    while match := _LAST_PART.fullmatch(title):
        part = match[match.lastindex or 0]
        if not (_is_edition(part) or _is_cut(part) or _SOURCE.match(part) or _CREDIT.match(part)):
            break
        title = match[1]
    return _TRAILING_CREDIT.sub("", title) or title


def title_stem(title: str) -> str:
    """What stands before the first dash or bracket, whatever follows: "Halo (Remix)" → "Halo"."""
    suffix = _SUFFIX.search(title, 1)
    return title[: suffix.start()] if suffix else title


def credited_names(text: str) -> list[str]:
    """The names that an `x` joins: "Bad Bunny x Jhayco" → Bad Bunny, Jhayco; other text is one name.

    Only a small letter or the sign × between two others: Malcolm X, X Ambassadors and Lil Nas X are names.
    """
    return _CROSS.split(text)


@lru_cache(maxsize=65_536)  # the popular tracks come in most lists of hits
def song_key(title: str, artist: str) -> str:
    """What all releases and studio cuts of a song by one artist have in common, however they are spelt."""
    folded = fold(song_title(title)) or title
    words = [word.removesuffix("g") if word.endswith("ing") else word for word in folded.split()]
    name = fold(artist) or artist
    song, singer = (" ".join(word for word in text if word != "and") for text in (words, name.split()))
    return f"{song or folded}\x1f{singer or name}"


def _is_edition(part: str) -> bool:
    words = _WORDS.findall(part.lower())
    years = [word for word in words if _YEAR.fullmatch(word)]
    known = _TELLING_WORDS.union(_OTHER_WORDS, years, filter(_ORDINAL.fullmatch, words))
    telling = not _TELLING_WORDS.isdisjoint(words) or ("version" in words and bool(years))
    return telling and known.issuperset(words)


def _is_cut(part: str) -> bool:
    words = _WORDS.findall(part.lower())
    known = _CUT_WORDS.union(_TELLING_WORDS, _OTHER_WORDS, filter(_YEAR.fullmatch, words))
    return not _CUT_NOUNS.isdisjoint(words) and known.issuperset(words)
