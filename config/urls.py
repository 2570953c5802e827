from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from config.health import healthz, readyz
from config.metrics import metrics
from config.well_known import favicon, robots_txt, security_txt
from recommender.api.site import api, openapi_json

admin.site.site_header = _("Soundkin administration")
admin.site.site_title = "Soundkin"
admin.site.index_title = _("Catalogue, playlists, clusters")

handler500 = "config.faults.server_error"

urlpatterns = [
    # Addresses are tried in this order: the most asked first.
    path("api/openapi.json", openapi_json),  # instead of the library's, which is made anew for everyone
    path("api/", api.urls),
    path("", include("recommender.urls")),
    path("", include("tracks.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("favicon.ico", favicon),
    path("robots.txt", robots_txt),
    path(".well-known/security.txt", security_txt),
]
