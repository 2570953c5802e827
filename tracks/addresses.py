"""The addresses of artists and genres. A page may link to a hundred: their beginnings are looked up once."""

from functools import lru_cache
from urllib.parse import quote

from django.urls import get_script_prefix, reverse
from django.utils.http import urlencode


def artist_url(pk: int) -> str:
    """The page of an artist (`Artist.pk`)."""
    return f"{_begin('artist', get_script_prefix())}{pk}/"


def genre_url(name: str) -> str:
    """The page of a genre. A name with a segment `.` or `..` is a query: browsers take them out of paths."""
    begin = _begin("genre", get_script_prefix())
    if any(segment in (".", "..") for segment in name.split("/")):
        return f"{begin}?{urlencode({'name': name})}"
    return f"{begin}{quote(name)}/"


@lru_cache(maxsize=16)
def _begin(view: str, script_prefix: str) -> str:
    """What all addresses of a view with one argument begin with."""
    return reverse(view, args=[0]).removesuffix("0/")
