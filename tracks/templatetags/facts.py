"""Numbers as pages show them, and the facts of the catalogue for the footer."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tracks.catalogue import Catalogue, catalogue

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
def loaded_catalogue() -> Catalogue:
    """What is loaded, for a page that says so only when there is nothing."""
    return catalogue()


@register.simple_tag
def catalogue_line() -> SafeString:
    """What is loaded, for the foot of every page."""
    return _line(catalogue(), get_language())


@lru_cache(maxsize=32)
def _line(loaded: Catalogue, language: str | None) -> SafeString:
    return render_to_string("parts/footer_facts.html", {"catalogue": loaded})
