"""One spelling for all ways to write a name: what search, recordings and imports compare."""

import unicodedata

# Written without spaces between words: each character is a token, and a run of them a phrase.
SPACELESS_BLOCKS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # ideographic iteration mark, closing mark and zero
    (0x3041, 0x30FF),  # kana
    (0x3100, 0x312F),  # Bopomofo
    (0x31F0, 0x31FF),  # kana extensions
    (0x3400, 0x4DBF),  # CJK ideographs …
    (0x4E00, 0x9FFF),
    (0x20000, 0x3FFFF),  # … and their supplementary planes
)
# Letters that carry their "accent" inside, so that Unicode does not take them apart.
WHOLE_LETTERS = {
    **{"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"},
    **{"ŧ": "t", "ŋ": "n", "ə": "e", "ʻ": "", "ʼ": "", "ʾ": "", "ʿ": "", "ـ": "", "\u3099": "", "\u309a": ""},
    **{"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا", "ґ": "г"},
}
APOSTROPHES = frozenset("'`´‘’‛′＇")
INVISIBLE = ("VARIATION SELECTOR", "COMBINING", "MONGOLIAN FREE")


def is_spaceless(character: str) -> bool:
    """Whether the character belongs to a script that is written without spaces."""
    point = ord(character)
    return point > 0xDFF and any(first <= point <= last for first, last in SPACELESS_BLOCKS)


def _is_vowel_sign(mark: str) -> bool:
    # Class 0 and 9 are the vowel signs and viramas of Indic scripts: letters, not accents.
    return unicodedata.combining(mark) in (0, 9) and not unicodedata.name(mark, "").startswith(INVISIBLE)


def _fold_letter(character: str) -> str:
    if character in WHOLE_LETTERS:
        return WHOLE_LETTERS[character]
    kind = unicodedata.category(character)[0]
    if is_spaceless(character) and kind in "LNM":
        return f" {character} "
    if kind == "M":
        return character if _is_vowel_sign(character) else ""
    if kind == "N":
        return str(unicodedata.decimal(character, character))
    return character if kind == "L" else " "


def _decomposed(character: str) -> str:
    """Compatibility decomposition and case folding; kana keep their voicing, which is no accent."""
    whole = unicodedata.normalize("NFKC", character)
    if is_spaceless(whole[0]):
        return whole
    return unicodedata.normalize("NFKD", character).casefold()


def _fold_character(character: str) -> str:
    if character in APOSTROPHES or unicodedata.category(character) in ("Cf", "Cs"):
        return ""
    return "".join(map(_fold_letter, _decomposed(character)))


class _FoldingTable(dict[int, str]):
    """Folds each character once, when it is first met; `str.translate` does the rest."""

    def __missing__(self, point: int) -> str:
        folded = self[point] = _fold_character(chr(point))
        return folded


_TABLE = _FoldingTable()
# Most names are ASCII, of which no character becomes several: as bytes they fold in half the time.
_ASCII = bytes(ord(_TABLE[point] or " ") for point in range(128)).ljust(256)
_ASCII_DROPPED = bytes(point for point in range(128) if not _TABLE[point])


def _symbols(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c)[0] in "PS")


def fold(text: str) -> str:
    """The comparable form of a name: no case, no accents, no punctuation, single spaces.

    Apostrophes vanish (don't → dont), other punctuation separates. Characters of scripts written
    without spaces stand apart. Hangul is taken apart into its letters, so that half a syllable is a
    prefix. A name made of nothing but symbols ("???", "÷") keeps them. Idempotent.
    """
    if text.isascii():
        folded = text.encode().translate(_ASCII, _ASCII_DROPPED).decode()
    else:
        folded = unicodedata.normalize("NFC", text).translate(_TABLE)
    return " ".join(folded.split()) or _symbols(unicodedata.normalize("NFC", text))


def tokens(text: str) -> list[str]:
    """The words of a name, folded."""
    return fold(text).split()
