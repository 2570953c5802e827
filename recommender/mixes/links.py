"""The link of a mix: its tracks and everything that made it, signed, so that no table has to remember it.

A token is the same for the same mix of the same run. It names a run of this installation, so it is signed
with its SECRET_KEY; with the old key among SECRET_KEY_FALLBACKS, links outlive a change of keys.
"""

import zlib
from dataclasses import dataclass
from functools import cache

from django.core.signing import BadSignature, Signer
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from recommender.answers.cards import TrackCard, UnknownTrack, cards_of, cards_of_ids
from recommender.mixes.mixing import Mix, mix
from recommender.mixes.requests import CannotMix, MixRequest
from recommender.parameters.mix_address import MixAddress
from recommender.snapshots.store import SnapshotUnavailable, active_run_id

SALT = "recommender.mixes.links"
SEPARATOR = "~"  # neither in base64 nor in need of escaping in an address
MAX_TOKEN_LENGTH = 7000  # our web server, as others, refuses a request line above 8 KiB


class BrokenLink(LookupError):
    """A token that was not made here, or was cut off or changed on its way."""


class OutdatedMix(Exception):
    """The run of a mix is not the active one any more; the text says where to make the mix anew.

    `reason` says the first alone, `address` is where.
    """

    def __init__(self, link: "MixLink") -> None:
        self.address = str(MixAddress.of(link.request.seeds, link.request.avoid, link.request.options))
        text = _("This list was made from run %(run)d of the clusters, which is not the active one any more.")
        self.reason = text % {"run": link.run_id}
        super().__init__(self.reason + " " + _("Make the mix anew: %(address)s") % {"address": self.address})


@dataclass(frozen=True, slots=True)
class MixLink:
    """A mix, the run it was made from, and its tracks (`Track.pk`) in order; older links hold no tracks."""

    run_id: int
    request: MixRequest
    tracks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list that would be another one today: its tracks that are still in the catalogue, and its seeds."""

    link: MixLink
    tracks: list[TrackCard]
    seeds: list[TrackCard]

    @property
    def address(self) -> str:
        """Where to make the mix again with today's clusters."""
        request = self.link.request
        return str(MixAddress.of(request.seeds, request.avoid, request.options))


def token_of(link: MixLink) -> str:
    """The token of a mix. Raises `CannotMix` when it would be too long for an address."""
    packed = zlib.compress(_adapter().dump_json(link), level=9)
    token = Signer(sep=SEPARATOR, salt=SALT).sign(urlsafe_base64_encode(packed))
    if len(token) > MAX_TOKEN_LENGTH:
        raise CannotMix(_("The link of this mix would be too long: name fewer tracks or filters."))
    return token


def read_token(token: str) -> MixLink:
    """What a token holds. Raises `BrokenLink`."""
    try:
        packed = Signer(sep=SEPARATOR, salt=SALT).unsign(token)
        return _adapter().validate_json(zlib.decompress(urlsafe_base64_decode(packed)))
    except (BadSignature, ValidationError) as error:
        text = _("This link to a mix is not whole. Copy it again, or make the mix anew.")
        raise BrokenLink(text) from error


def link_of(mix: Mix) -> MixLink:
    """What the link of a mix has to hold."""
    return MixLink(mix.run_id, mix.request, tuple(result.track.pk for result in mix.results))


def shared_list(token: str) -> Mix | KeptList:
    """The tracks that a token was made for: with their reasons while its run still gives this very list.

    Raises `BrokenLink`; for a link that holds no tracks also `OutdatedMix`, and what `mix` raises.
    """
    link = read_token(token)
    if not link.tracks:
        return linked_mix(token)
    if active_run_id() == link.run_id:
        try:
            found = mix(link.request)
        except (CannotMix, UnknownTrack, SnapshotUnavailable):
            pass  # the tracks are known without it
        else:
            if link_of(found) == link:
                return found
    cards = cards_of(link.tracks, None)
    seeds = cards_of_ids(link.request.seeds, None)
    return KeptList(
        link,
        [cards[pk] for pk in link.tracks if pk in cards],
        [seeds[each] for each in link.request.seeds if each in seeds],
    )


def linked_mix(token: str) -> Mix:
    """The list that a token was made for. Raises `BrokenLink`, `OutdatedMix`, and what `mix` raises."""
    link = read_token(token)
    if active_run_id() != link.run_id:
        raise OutdatedMix(link)
    found = mix(link.request)
    if found.run_id != link.run_id:  # another run was made active just now
        raise OutdatedMix(link)
    return found


@cache
def _adapter() -> TypeAdapter[MixLink]:
    return TypeAdapter(MixLink)
