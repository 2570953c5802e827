"""Links to artists and genres."""

from django import template

from tracks import addresses

register = template.Library()
register.filter("artist_url", addresses.artist_url)
register.filter("genre_url", addresses.genre_url)
