from django.urls import path

from recommender import views

urlpatterns = [
    path("tracks/<str:spotify_id>/", views.track, name="track"),
    path("clusters/", views.clusters, name="clusters"),
    path("clusters/status/", views.run_status_part, name="run-status"),
    path("clusters/<int:number>/", views.cluster, name="cluster"),
]
