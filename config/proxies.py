"""Who is asking, when proxies stand in front."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address that the outermost of our `PROXIES` proxies saw; a client's own claim is not believed."""
    forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if not settings.PROXIES or not forwarded:
        return str(request.META.get("REMOTE_ADDR", ""))
    addresses = forwarded.split(",")
    return addresses[-min(settings.PROXIES, len(addresses))].strip()
