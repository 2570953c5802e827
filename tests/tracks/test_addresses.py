import pytest
from django.urls import reverse, set_script_prefix

from tracks.addresses import artist_url, genre_url


@pytest.mark.parametrize("prefix", ["/", "/music/"])
def test_addresses_are_those_of_the_pages(prefix):
    set_script_prefix(prefix)
    try:
        assert artist_url(17) == reverse("artist", args=[17])
        for name in ("tango", "r&b #1", "rock/metal", "シティ・ポップ", "100% pure?"):
            assert genre_url(name).lower() == reverse("genre", args=[name]).replace("&", "%26").lower()
        assert genre_url("..") == reverse("genres") + "?name=.."
    finally:
        set_script_prefix("/")
