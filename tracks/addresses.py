"""The addresses of artists and genres, spelt out: a page may link to a hundred, and `reverse` is slow."""

from urllib.parse import quote

from django.urls import get_script_prefix
from django.utils.http import urlencode


def artist_url(pk: int) -> str:
    """The page of an artist (`Artist.pk`)."""
    return f"{get_script_prefix()}artists/{pk}/"


def genre_url(name: str) -> str:
    """The page of a genre. A name with a segment `.` or `..` is a query: browsers take them out of paths."""
    begin = f"{get_script_prefix()}genres/"
    if any(segment in (".", "..") for segment in name.split("/")):
        return f"{begin}?{urlencode({'name': name})}"
    return f"{begin}{quote(name)}/"
