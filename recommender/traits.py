"""Traits in words. A trait is a code, `feature:level`, so that a stored run reads well in every language.

Codes come from `algorithms.clustering.naming.trait_codes`; the words are relative to the catalogue
("fast" is faster than most of it), which is what a cluster's standardised centroid says.
"""

from collections.abc import Iterable
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

WORDS: dict[str, Promise] = {
    "energy:very_high": gettext_lazy("very energetic"),
    "energy:high": gettext_lazy("energetic"),
    "energy:low": gettext_lazy("calm"),
    "energy:very_low": gettext_lazy("very calm"),
    "acousticness:very_high": gettext_lazy("very acoustic"),
    "acousticness:high": gettext_lazy("acoustic"),
    "acousticness:low": gettext_lazy("electric"),
    "acousticness:very_low": gettext_lazy("very electric"),
    "instrumentalness:very_high": gettext_lazy("instrumental"),
    "instrumentalness:high": gettext_lazy("partly instrumental"),
    "instrumentalness:low": gettext_lazy("vocal"),
    "instrumentalness:very_low": gettext_lazy("vocal throughout"),
    "valence:very_high": gettext_lazy("very happy"),
    "valence:high": gettext_lazy("happy"),
    "valence:low": pgettext_lazy("mood of music", "sombre"),
    "valence:very_low": pgettext_lazy("mood of music", "dark"),
    "speechiness:very_high": gettext_lazy("spoken"),
    "speechiness:high": gettext_lazy("wordy"),
    "speechiness:low": gettext_lazy("hardly spoken"),
    "speechiness:very_low": gettext_lazy("never spoken"),
    "liveness:very_high": pgettext_lazy("recorded before an audience", "live"),
    "liveness:high": gettext_lazy("live-sounding"),
    "liveness:low": gettext_lazy("studio sound"),
    "liveness:very_low": gettext_lazy("dry studio sound"),
    "loudness:very_high": gettext_lazy("very loud"),
    "loudness:high": gettext_lazy("loud"),
    "loudness:low": gettext_lazy("quiet"),
    "loudness:very_low": gettext_lazy("very quiet"),
    "danceability:very_high": gettext_lazy("very danceable"),
    "danceability:high": gettext_lazy("danceable"),
    "danceability:low": gettext_lazy("less danceable"),
    "danceability:very_low": gettext_lazy("hardly danceable"),
    "tempo:very_high": gettext_lazy("very fast"),
    "tempo:high": gettext_lazy("fast"),
    "tempo:low": gettext_lazy("slow"),
    "tempo:very_low": gettext_lazy("very slow"),
}

# One adjective a feature and direction, short enough to stand before a genre in a name. A little more
# speech, audience or instruments than usual does not make music spoken, live or instrumental.
ADJECTIVES: dict[tuple[str, str], Promise] = {
    ("energy", "high"): gettext_lazy("energetic"),
    ("energy", "low"): gettext_lazy("calm"),
    ("acousticness", "high"): gettext_lazy("acoustic"),
    ("acousticness", "low"): gettext_lazy("electric"),
    ("instrumentalness", "very_high"): gettext_lazy("instrumental"),
    ("instrumentalness", "low"): gettext_lazy("vocal"),
    ("valence", "high"): gettext_lazy("happy"),
    ("valence", "low"): pgettext_lazy("mood of music", "dark"),
    ("speechiness", "very_high"): gettext_lazy("spoken"),
    ("speechiness", "high"): gettext_lazy("wordy"),
    ("liveness", "very_high"): pgettext_lazy("recorded before an audience", "live"),
    ("loudness", "high"): gettext_lazy("loud"),
    ("loudness", "low"): gettext_lazy("quiet"),
    ("danceability", "high"): gettext_lazy("danceable"),
    ("tempo", "high"): gettext_lazy("fast"),
    ("tempo", "low"): gettext_lazy("slow"),
}

RHYTHM = ("danceability", "tempo")


def traits_in_words(codes: Iterable[str]) -> list[str]:
    """The words of trait codes in the reader's language, in the codes' order.

    Raises KeyError for a code that is none.
    """
    return list(_in_words(tuple(codes), get_language()))


@lru_cache(maxsize=1024)
def _in_words(codes: tuple[str, ...], language: str | None) -> tuple[str, ...]:
    """Kept, because every answer names the traits of a cluster."""
    return tuple(str(WORDS[code]) for code in codes)


def traits_sentence(codes: Iterable[str]) -> str:
    """Traits as one phrase, the sound before the rhythm: "calm, acoustic, instrumental; slow".

    A cluster without traits is close to the whole catalogue in everything, and the phrase says so.
    """
    codes = list(codes)
    rhythm = [code for code in codes if code.partition(":")[0] in RHYTHM]
    sound = [code for code in codes if code not in rhythm]
    phrases = [", ".join(traits_in_words(part)) for part in (sound, rhythm) if part]
    return "; ".join(phrases) or _("close to the average of the catalogue")


def adjectives(codes: Iterable[str]) -> list[str]:
    """The words of trait codes that can stand before a genre in a name; the others are left out."""
    return [str(word) for word in map(_adjective, codes) if word is not None]


def adjective_codes(codes: Iterable[str]) -> list[str]:
    """Those of the codes that can stand in a name, as the weakest level that has the same word."""
    weakest = []
    for code in codes:
        feature, _separator, level = code.partition(":")
        weak = f"{feature}:{level.removeprefix('very_')}"
        found = weak if _adjective(weak) == _adjective(code) else code
        if _adjective(found) is not None:
            weakest.append(found)
    return weakest


def _adjective(code: str) -> Promise | None:
    feature, _separator, level = code.partition(":")
    return ADJECTIVES.get((feature, level)) or ADJECTIVES.get((feature, level.removeprefix("very_")))
