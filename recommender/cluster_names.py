"""The name of a cluster in words, from its code, in the reader's language."""

from collections.abc import Sequence
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from recommender.algorithms.clustering.name_codes import NameCode, NameForm
from recommender.traits import adjectives


def name_in_words(name: NameCode | str) -> str:
    """The name of a cluster; text, of a run that an older version made, stays as it is."""
    return name if isinstance(name, str) else _in_words(name, get_language())


@lru_cache(maxsize=4096)
def _in_words(name: NameCode, language: str | None) -> str:
    """Kept, because every row of a list names a cluster."""
    sound = adjectives(name.adjectives)
    words = _spoken(sound, name)
    if name.number is not None:
        words = f"{words} {name.number}"
    return words[:1].upper() + words[1:]


def _spoken(sound: Sequence[str], name: NameCode) -> str:
    if name.form is NameForm.SOUND:
        return joined_by_and(sound) or _("mixed")
    if name.form is NameForm.SPAN:
        ends = {"first": name.genres[0], "second": name.genres[1]}
        if not sound:
            return _("from %(first)s to %(second)s") % ends
        return _("%(sound)s, from %(first)s to %(second)s") % (ends | {"sound": joined_by_and(sound)})
    music = joined_by_and(name.genres)
    if name.form is NameForm.FAMILY:
        music = _("%(genre)s and kin") % {"genre": music}
    if not sound:
        return music
    return _("%(adjectives)s %(music)s") % {"adjectives": ", ".join(sound), "music": music}


def joined_by_and(words: Sequence[str]) -> str:
    """ "calm", "calm and acoustic", "calm, acoustic and slow"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(second)s") % {"first": ", ".join(words[:-1]), "second": words[-1]}
