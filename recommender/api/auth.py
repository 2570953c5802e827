"""Who may change something: a member of staff with a session, and the CSRF token that goes with it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from recommender.api.errors import ApiError


class StaffSession(APIKeyCookie):
    """Session of a member of staff; with a POST also the header X-CSRFToken."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        return self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The signed-in member of staff, or None when nobody is signed in. Raises `ApiError` for others."""
        if not request.user.is_authenticated:
            return None
        if not request.user.is_staff:
            raise ApiError(403, _("Only members of staff may do this."))
        if check_csrf(request):
            raise ApiError(403, _("The CSRF token is missing or wrong: send it as X-CSRFToken."))
        return request.user
