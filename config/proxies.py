"""Who is asking, when proxies stand in front."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The IP address that the outermost of our `PROXIES` proxies saw; a client's own claim is not believed.

    A port is cut off. What is not an address (`unknown`) is replaced by the address of the connection,
    that of the nearest proxy; "" when there is none (a Unix socket).
    """
    connected = _address(str(request.META.get("REMOTE_ADDR", "")))
    forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.PROXIES and forwarded:
        addresses = forwarded.split(",")
        seen = addresses[-min(settings.PROXIES, len(addresses))]
        return _address(seen) or connected
    return connected


def _address(text: str) -> str:
    """`1.2.3.4` of `1.2.3.4:5678`, `fe80::1` of `[fe80::1%eth0]:5678`; "" when it is no IP address."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        return ""
