"""How the figures of judged lists are called and written. Pages load this: nothing numeric here."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommender.algorithms.evaluation.measures import Interval
from recommender.evaluation.results import Setting

MISSING = "–"


def decimal(digits: int) -> Callable[[float], str]:
    return lambda value: f"{value:.{digits}f}"


def percent(value: float) -> str:
    return f"{100 * value:.1f}"


Column = tuple[str, Promise, Callable[[float], str]]

COLUMNS: tuple[Column, ...] = (
    ("ndcg", gettext_lazy("nDCG@50"), decimal(4)),
    ("hit", gettext_lazy("hit@10, %"), percent),
    ("r_precision", gettext_lazy("R-precision"), decimal(4)),
    ("ndcg_cold", gettext_lazy("nDCG@50, cold"), decimal(4)),
    ("ndcg_warm", gettext_lazy("nDCG@50, warm"), decimal(4)),
    ("coverage", gettext_lazy("coverage, %"), percent),
    ("popularity_bias", gettext_lazy("popularity bias"), decimal(1)),
    ("same_artist", gettext_lazy("same artist, %"), percent),
    ("genre_precision", gettext_lazy("genre precision@10, %"), percent),
    ("largest_share", gettext_lazy("largest share, %"), percent),
)
WHOLE_COLUMNS: tuple[Column, ...] = (
    ("reachability", gettext_lazy("reachability, %"), percent),
    ("largest_share", gettext_lazy("largest share, %"), percent),
)
METHODS = {
    "random": gettext_lazy("random"),
    "popular": gettext_lazy("most popular"),
    "popular_in_genre": gettext_lazy("popular in the genre"),
    "audio": gettext_lazy("audio only"),
    "als": gettext_lazy("implicit ALS"),
    "bm25": gettext_lazy("implicit BM25"),
    "sound": gettext_lazy("sound"),
    "balanced": gettext_lazy("balanced"),
    "listeners": gettext_lazy("listeners"),
    "chosen": gettext_lazy("balanced, weights chosen nested"),
}


def setting_words(setting: Setting) -> str:
    """A method in one line: "balanced with listeners, nearby, at most 5 of an artist"."""
    words = str(METHODS[setting.method])
    if setting.detail:
        words += f" ({setting.detail})"
    if setting.scope:
        words += f", {_('with listeners') if setting.listeners else _('without listeners')}, {setting.scope}"
    if setting.cap:
        words += ", " + _("at most %(cap)d of an artist") % {"cap": setting.cap}
    return words


def interval_text(interval: Interval, form: Callable[[float], str]) -> str:
    return f"{form(interval.mean)} [{form(interval.low)}, {form(interval.high)}]"
