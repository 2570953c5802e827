"""The link of a mix: everything that made it, signed, so that no table has to remember it.

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

from recommender.mix_requests import CannotMix, MixRequest

SALT = "recommender.mix_links"
SEPARATOR = "~"  # neither in base64 nor in need of escaping in an address
LONGEST_TOKEN = 3500  # web servers refuse a request line above 4 KiB


class BrokenLink(LookupError):
    """A token that was not made here, or was cut off or changed on its way."""


@dataclass(frozen=True, slots=True)
class MixLink:
    """A mix and the run it was made from."""

    run_id: int
    request: MixRequest


def token_of(link: MixLink) -> str:
    """The token of a mix. Raises `CannotMix` when it would be too long for an address."""
    packed = zlib.compress(_adapter().dump_json(link), level=9)
    token = Signer(sep=SEPARATOR, salt=SALT).sign(urlsafe_base64_encode(packed))
    if len(token) > LONGEST_TOKEN:
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


@cache
def _adapter() -> TypeAdapter[MixLink]:
    return TypeAdapter(MixLink)
