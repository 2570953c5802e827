from django.urls import path

from tracks import views

urlpatterns = [
    path("", views.search_page, name="search"),
    path("search/live/", views.live_search, name="live-search"),
]
