import pytest

from recommender.algorithms.search.picking import Neighbours
from recommender.answers.cards import UnknownTrack, card_of, cards_of, skip_deleted
from recommender.snapshots.store import active_snapshot
from tests.factories import FEATURES, SHARED, make_catalogue, make_track, publish_run
from tracks.models import Artist, Track

pytestmark = pytest.mark.django_db


def test_a_card_holds_the_tracks_facts():
    track = make_track(
        "abc_DEF-1",
        title="Zażółć <b>gęślą</b>",
        artists=["A, B", "C"],
        genres=["pop", "tango"],
        album="An Album",
        popularity=77,
        duration_ms=1234,
        explicit=True,
        key=None,
    )

    card = card_of("abc_DEF-1", None)

    assert (card.pk, card.recording_id, card.spotify_id) == (track.pk, track.pk, "abc_DEF-1")
    assert (card.title, card.artists, card.album) == ("Zażółć <b>gęślą</b>", ["A, B", "C"], "An Album")
    assert (card.genres, card.popularity, card.duration_ms) == (["pop", "tango"], 77, 1234)
    assert card.audio_features == FEATURES | SHARED | {"key": None}
    assert card.cluster is None
    assert card.url == track.get_absolute_url()
    artists = [Artist.objects.get(name=name) for name in ("A, B", "C")]
    assert card.artist_ids == [artist.pk for artist in artists]
    assert card.artist_links == [(artist.get_absolute_url(), artist.name) for artist in artists]


def test_a_card_names_its_artists_in_their_order_whichever_was_stored_first():
    make_track(artists=["Zoe"])
    track = make_track(artists=["Amy", "Zoe", "Bea"])
    alone = make_track(artists=[])

    cards = cards_of([track.pk, alone.pk], None)

    assert [name for _url, name in cards[track.pk].artist_links] == ["Amy", "Zoe", "Bea"]
    assert cards[track.pk].artist_ids[1] == Artist.objects.get(name="Zoe").pk
    assert cards[alone.pk].artist_links == []


@pytest.mark.parametrize("explicit", [True, False, None])
def test_explicit_is_true_false_or_unknown(explicit):
    track = make_track(explicit=explicit)

    assert card_of(track.spotify_id, None).explicit is explicit


def test_cards_name_the_cluster_of_the_run_and_of_later_tracks():
    tracks = make_catalogue(60)
    run = publish_run(n_clusters=3)
    snapshot = active_snapshot()
    twin = tracks[7]
    late = make_track(**{name: getattr(twin, name) for name in FEATURES})

    cards = cards_of([late.pk, *(track.pk for track in tracks)], snapshot)

    assert len(cards) == 61
    for assignment in run.assignments.select_related("cluster"):
        cluster = cards[assignment.track_id].cluster
        assert (cluster.number, cluster.name) == (assignment.cluster.number, assignment.cluster.name)
    assert cards[late.pk].cluster == cards[twin.pk].cluster


def test_many_cards_are_one_query(django_assert_num_queries):
    pks = [track.pk for track in make_catalogue(40)]

    with django_assert_num_queries(1):
        assert len(cards_of(pks, None)) == 40


def test_deleted_tracks_are_missing_and_nothing_asks_nothing(django_assert_num_queries):
    track = make_track()
    pk = track.pk
    Track.objects.all().delete()

    assert cards_of([pk], None) == {}
    with django_assert_num_queries(0):
        assert cards_of([], None) == {}


@pytest.mark.parametrize("spotify_id", ["", "nobody", "\x00", "' OR 1=1 --", "🎵"])
def test_an_unknown_id_has_no_card(spotify_id):
    make_track()

    with pytest.raises(UnknownTrack):
        card_of(spotify_id, None)


def test_behind_deleted_tracks_twice_as_many_rows_are_looked_at_each_time():
    make_catalogue(60)
    publish_run(n_clusters=1)
    snapshot = active_snapshot()
    Track.objects.filter(pk__in=snapshot.arrays.track_ids[:11].tolist()).delete()
    deleted: set[int] = set()
    looked_at: list[int] = []

    def search(n_rows: int) -> Neighbours:
        looked_at.append(n_rows)
        return Neighbours([row for row in range(60) if row not in deleted][:n_rows])

    found, cards = skip_deleted(search, 4, deleted, snapshot)

    assert found.rows == [11, 12, 13, 14]
    assert [card.pk for card in cards] == snapshot.arrays.track_ids[11:15].tolist()
    assert deleted == set(range(11))
    assert looked_at == [4, 8, 16, 4]
