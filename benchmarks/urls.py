from django.http import HttpRequest, JsonResponse
from django.urls import include, path


def empty(request: HttpRequest) -> JsonResponse:
    """The floor: what every request pays before a page does anything."""
    return JsonResponse({})


urlpatterns = [path("benchmark/empty", empty), path("", include("config.urls"))]
