"""What the pages of a cluster's tracks show, put into words and links before the template runs."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommender.answers.browsing import KNOWN, MAX_EXPORTED, SORTS, TITLE, TYPICAL, BrowseRequest, TrackPage
from recommender.answers.cards import TrackCard
from recommender.pages.filter_fields import Option
from recommender.parameters.browsing import sort_label
from tracks.feature_words import value_in_words
from tracks.templatetags.facts import grouped


@dataclass(frozen=True, slots=True)
class TrackRow:
    """A track by its place in the list. `figure` is the value it is sorted by, "" where that is no number."""

    rank: str
    spotify_id: str
    url: str
    title: str
    artists: str
    explicit: bool
    figure: str
    releases: str


def rows_of(found: TrackPage, request: BrowseRequest) -> list[TrackRow]:
    """The tracks of a page in their order."""
    return [
        TrackRow(
            rank=str(found.first + place),
            spotify_id=card.spotify_id,
            url=card.url,
            title=card.title,
            artists=", ".join(card.artists),
            explicit=bool(card.explicit),
            figure=_figure(card, request.sort),
            releases=_releases(n_releases) if n_releases else "",
        )
        for place, (card, n_releases) in enumerate(found.entries)
    ]


def _figure(card: TrackCard, sort: str) -> str:
    if sort == KNOWN:
        return "" if card.popularity is None else _("%(number)d of 100") % {"number": card.popularity}
    if sort in (TYPICAL, TITLE):
        return ""
    feature = sort.removeprefix("-")
    return value_in_words(feature, card.audio_features[feature])


def _releases(count: int) -> str:
    return ngettext("and %(count)d re-release", "and %(count)d re-releases", count) % {"count": count}


def sort_options(chosen: str) -> list[Option]:
    """Every sort there is."""
    return [Option(sort, sort_label(sort), sort == chosen) for sort in SORTS]


def status_in_words(found: TrackPage, request: BrowseRequest) -> str:
    """How many recordings there are, and what became of their re-releases."""
    count, folded = found.n_recordings, found.n_tracks - found.n_recordings
    facts = {"count": grouped(count)}
    if request.filters.any_exclude:
        text = ngettext(
            "%(count)s recording passes the filters.", "%(count)s recordings pass the filters.", count
        )
    else:
        text = ngettext("%(count)s recording.", "%(count)s recordings.", count)
    sentences = [text % facts]
    if folded:
        text = ngettext(
            "%(count)s re-release is folded into the best-known release of its recording.",
            "%(count)s re-releases are folded into the best-known release of their recording.",
            folded,
        )
        sentences.append(text % {"count": grouped(folded)})
    return " ".join(sentences)


def downloads_note(found: TrackPage) -> str:
    """How much of a long list a file holds."""
    if found.n_recordings > MAX_EXPORTED:
        return _("Save the first %(count)s as a file:") % {"count": grouped(MAX_EXPORTED)}
    return _("Save all as a file:")
