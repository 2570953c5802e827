"""Who may change something: a signed-in user with the permission, and the CSRF token of the session."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from recommender.api.errors import ApiError


class PermittedSession(APIKeyCookie):
    """Session of a user who has the permission; with a POST also the header X-CSRFToken."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self, permission: str) -> None:
        super().__init__()
        self.permission = permission

    def __call__(self, request: HttpRequest) -> Any:
        return self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The signed-in user, or None when nobody is signed in. Raises `ApiError` without the permission."""
        if not request.user.is_authenticated:
            return None
        if not request.user.has_perm(self.permission):
            text = _("This needs the permission %(permission)s.")
            raise ApiError(403, text % {"permission": self.permission})
        if check_csrf(request):
            raise ApiError(403, _("The CSRF token is missing or wrong: send it as X-CSRFToken."))
        return request.user
