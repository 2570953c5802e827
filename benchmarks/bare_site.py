"""The memory floor: Django, numpy and the API library imported, and one view that answers nothing."""

import django
import numpy  # noqa: F401
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest
from django.urls import path

settings.configure(
    SECRET_KEY="bare",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "ninja"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
)
django.setup()

from ninja import NinjaAPI  # noqa: E402

api = NinjaAPI()


@api.get("empty")
def empty(request: HttpRequest) -> dict[str, str]:
    return {}


urlpatterns = [path("benchmark/", api.urls)]
application = get_wsgi_application()
