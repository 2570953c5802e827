"""Numbers as pages show them, and the facts of the catalogue for the footer."""

from django import template
from django.utils.formats import number_format

from tracks.catalogue import Catalogue
from tracks.catalogue import catalogue as current_catalogue

register = template.Library()


@register.filter
def grouped(number: float) -> str:
    """`89,741`: a number with the thousands apart, as the reader's language writes it."""
    return number_format(number, force_grouping=True)


@register.filter
def per_cent(share: float) -> str:
    """`23` of a share of 0.234."""
    return number_format(round(100 * share))


@register.simple_tag
def catalogue() -> Catalogue:
    return current_catalogue()
