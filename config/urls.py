from django.contrib import admin
from django.urls import include, path

from config.health import healthz, readyz
from config.metrics import metrics
from config.well_known import robots_txt, security_txt
from recommender.api.site import api

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", api.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("robots.txt", robots_txt),
    path(".well-known/security.txt", security_txt),
    path("", include("tracks.urls")),
    path("", include("recommender.urls")),
]
