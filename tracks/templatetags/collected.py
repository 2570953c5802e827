"""Static files for pages that must stand without them."""

from django import template
from django.templatetags.static import static

register = template.Library()


@register.simple_tag
def collected(path: str) -> str:
    """The address of a static file; "" where files were never collected, as `{% static %}` fails there."""
    try:
        return static(path)
    except ValueError:  # no manifest: an error page says its piece without a stylesheet
        return ""
