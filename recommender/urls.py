from django.urls import path

from recommender import views
from recommender.mixes import views as mix_views

urlpatterns = [
    path("tracks/<str:spotify_id>/", views.track, name="track"),
    path("clusters/", views.clusters, name="clusters"),
    path("clusters/status/", views.run_status_part, name="run-status"),
    path("clusters/<int:number>/", views.cluster, name="cluster"),
    path("mix/", mix_views.mix_page, name="mix"),
    path("mix/search/", mix_views.mix_search, name="mix-search"),
    path("mix/path/", mix_views.mix_path, name="mix-path"),
    path("mix/<str:token>/", mix_views.mix_link, name="mix-link"),
]
