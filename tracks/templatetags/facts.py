"""Numbers as pages show them, and the facts of the catalogue for the footer."""

from django import template
from django.utils.formats import number_format

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


@register.inclusion_tag("parts/footer_facts.html")
def catalogue_line() -> dict[str, Catalogue]:
    """What is loaded, for the foot of every page."""
    return {"catalogue": catalogue()}
