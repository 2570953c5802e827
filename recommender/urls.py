from django.urls import path

from recommender.mixes.exports import FileFormat
from recommender.views import artists, browsing, clusters, genres, mixes, paths, tracks

urlpatterns = [
    path("tracks/<str:spotify_id>/", tracks.track, name="track"),
    path("tracks/<str:spotify_id>/controls/", tracks.track_controls, name="track-controls"),
    path("tracks/<str:spotify_id>/to/<str:other_id>/", tracks.track_distance, name="track-distance"),
    path("clusters/", clusters.clusters, name="clusters"),
    path("clusters/status/", clusters.run_status_part, name="run-status"),
    path("clusters/<int:number>/", clusters.cluster, name="cluster"),
    path("clusters/<int:number>/<int:subnumber>/", clusters.subcluster, name="subcluster"),
    path("artists/<int:pk>/", artists.artist, name="artist"),
    path("artists/<path:name>/", artists.artist_by_name),
    path("genres/", genres.genre_by_query, name="genres"),
    path("genres/<path:name>/", genres.genre, name="genre"),
    *(
        path(f"{cluster}{page}", view, extra)
        for cluster in ("clusters/<int:number>/", "clusters/<int:number>/<int:subnumber>/")
        for page, view, extra in (
            ("tracks/", browsing.cluster_tracks, {}),
            ("tracks/filters/", browsing.cluster_track_filters, {}),
            ("histograms/", browsing.cluster_histograms, {}),
            ("surprise/", browsing.cluster_surprise, {}),
            *((f"tracks.{each}", browsing.cluster_file, {"file_format": each}) for each in FileFormat),
        )
    ),
    path("mix/", mixes.mix_page, name="mix"),
    path("mix/search/", mixes.mix_search, name="mix-search"),
    path("mix/controls/", mixes.mix_controls, name="mix-controls"),
    path("mix/to/<str:other_id>/", mixes.mix_distance, name="mix-distance"),
    path("mix/path/", paths.mix_path, name="mix-path"),
    path("mix/<str:token>/", mixes.mix_link, name="mix-link"),
]
