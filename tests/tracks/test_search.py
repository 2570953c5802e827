import pytest

from tests.factories import make_track
from tracks.models import Track
from tracks.search import rebuild_index, search
from tracks.titles.folding import fold

pytestmark = pytest.mark.django_db

CATALOGUE = (
    ("Bohemian Rhapsody - Remastered 2011", ["Queen"], "A Night At The Opera", 82),
    ("Halo", ["Beyoncé"], "I AM... SASHA FIERCE", 80),
    ("Halo", ["Soil"], "Scars", 57),
    ("Halo Effect", ["Rush"], "Feedback", 90),
    ("Drunk in Love (feat. Jay-Z)", ["Beyoncé", "JAY-Z"], "BEYONCÉ", 75),
    ("Criminal", ["Fiona Apple"], "Tidal", 63),
    ("Hoppípolla", ["Sigur Rós"], "Takk...", 61),
    ("Back In Black", ["AC/DC"], "Back In Black", 85),
    ("So What", ["P!nk"], "Funhouse", 70),
    ("Praise The Lord", ["A$AP Rocky", "Skepta"], "TESTING", 78),
    ("夜に駆ける", ["YOASOBI"], "THE BOOK", 75),
    ("メルト", ["ryo", "初音ミク"], "supercell", 40),
    ("Группа крови", ["Кино"], "Группа крови", 56),
    ("Nour El Ein", ["عمرو دياب"], "نور العين", 50),
    ("사랑했나봐", ["윤도현"], "난 멋있어", 45),
    ("As It Was", ["Harry Styles"], "Harry's House", 95),
    ("???", ["Anonymous"], "17", 30),
    ("Blockbuster", ["Sweet"], "Blockbuster", 46),
)


@pytest.fixture
def catalogue() -> None:
    for title, artists, album, popularity in CATALOGUE:
        make_track(title=title, artists=artists, album=album, popularity=popularity)
    rebuild_index()


def titles(query: str, limit: int = 10) -> list[str]:
    return [hit.title for hit in search(query, limit).hits]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("bohemian rhapsody", "Bohemian Rhapsody - Remastered 2011"),
        ("rhapsody bohemian queen", "Bohemian Rhapsody - Remastered 2011"),
        ("queen night opera", "Bohemian Rhapsody - Remastered 2011"),
        ("beyonce halo", "Halo"),
        ("BEYONCÉ hal", "Halo"),
        ("sigur ros", "Hoppípolla"),
        ("hoppipolla", "Hoppípolla"),
        ("ac/dc", "Back In Black"),
        ("acdc", "Back In Black"),
        ("p!nk", "So What"),
        ("pink", "So What"),
        ("asap rocky", "Praise The Lord"),
        ("jay z", "Drunk in Love (feat. Jay-Z)"),
        ("jayz", "Drunk in Love (feat. Jay-Z)"),
        ("YOASOBI 夜に駆ける", "夜に駆ける"),
        ("駆け", "夜に駆ける"),
        ("初音ミク", "メルト"),
        ("кино", "Группа крови"),
        ("ГРУППА", "Группа крови"),
        ("دياب", "Nour El Ein"),
        ("사라", "사랑했나봐"),
        ("???", "???"),
    ],
)
def test_a_correct_query_finds_its_track_first(catalogue, query, title):
    result = search(query)

    assert result.hits[0].title == title
    assert not result.corrected


@pytest.mark.parametrize(
    ("query", "title", "reading"),
    [
        ("fionna aple", "Criminal", "fiona apple"),
        ("bohemian rapsody", "Bohemian Rhapsody - Remastered 2011", "bohemian rhapsody"),
        ("bohemain rhap", "Bohemian Rhapsody - Remastered 2011", "bohemian rhapsody"),
        ("bohemian rxap", "Bohemian Rhapsody - Remastered 2011", "bohemian rhapsody"),
        ("bohemian rhaaps", "Bohemian Rhapsody - Remastered 2011", "bohemian rhapsody"),
        ("bohemian rapso", "Bohemian Rhapsody - Remastered 2011", "bohemian rhapsody"),
        ("sigurros", "Hoppípolla", "sigur ros"),
        ("夜に駈ける", "夜に駆ける", None),
        ("夜にける", "夜に駆ける", None),
        ("夜駆に奔ける", None, None),
        ("夜駆にける", "夜に駆ける", None),
        ("групра крови", "Группа крови", "группа крови"),
        ("as it wsa", "As It Was", "as it was"),
        ("block buster", "Blockbuster", None),
    ],
)
def test_a_typing_error_in_any_word_is_forgiven(catalogue, query, title, reading):
    result = search(query)

    assert [hit.title for hit in result.hits[:1]] == ([title] if title else [])
    assert result.corrected == bool(title)
    assert reading is None or result.reading == reading


def test_a_single_letter_finds_the_popular_tracks_first(catalogue):
    assert titles("h")[:3] == ["As It Was", "Halo Effect", "Halo"]


def test_whole_names_come_before_beginnings_and_popularity_decides_among_equals(catalogue):
    hits = search("halo").hits

    assert [(hit.title, hit.artist_names) for hit in hits[:3]] == [
        ("Halo", ["Beyoncé"]),
        ("Halo", ["Soil"]),
        ("Halo Effect", ["Rush"]),
    ]


def test_a_title_without_its_suffix_is_a_whole_name(catalogue):
    make_track(title="Bohemian Rhapsody in Blue", artists=["Another"], popularity=99)
    rebuild_index()

    assert titles("bohemian rhapsody")[0] == "Bohemian Rhapsody - Remastered 2011"


def test_words_of_a_title_and_its_artist_come_before_words_of_an_album():
    make_track(title="One", artists=["U2"], album="Achtung Baby", popularity=20)
    make_track(title="With or Without You", artists=["U2"], album="One Best", popularity=90)
    rebuild_index()

    assert titles("u2 one") == ["One", "With or Without You"]


def test_releases_of_a_recording_are_one_hit_found_by_any_of_their_names():
    first = make_track(title="Heroes", artists=["David Bowie"], album="Heroes", popularity=70)
    make_track(title="Helden", artists=["David Bowie"], album="Christiane F.", recording=first, popularity=30)
    rebuild_index()

    for query in ("heroes", "helden", "christiane", "bowie"):
        assert [hit.spotify_id for hit in search(query).hits] == [first.spotify_id]


@pytest.mark.parametrize(
    "text",
    [
        "https://open.spotify.com/track/{id}?si=0123456789abcdef",
        "http://open.spotify.com/intl-de/track/{id}",
        "open.spotify.com/embed/track/{id}?utm_source=generator",
        "spotify:track:{id}",
        "  {id} ",
    ],
)
def test_a_pasted_link_uri_or_id_finds_the_track_itself(text):
    popular = make_track(spotify_id="4u7EnebtmKWzUH433cf5Qv", title="Old", popularity=90)
    release = make_track(spotify_id="5SuOikwiRyPMVoIQDJUgSV", title="Old", recording=popular, popularity=9)
    rebuild_index()

    hits = search(text.format(id=release.spotify_id)).hits

    assert [hit.track_id for hit in hits] == [release.pk]


def test_a_link_to_a_track_that_is_not_there_says_so(catalogue):
    result = search("https://open.spotify.com/track/0000000000000000000000")

    assert result.hits == ()
    assert result.missing_id == "0000000000000000000000"


def test_a_query_without_any_hit_suggests_words_of_the_catalogue(catalogue):
    result = search("beyonsay")

    assert result.hits == ()
    assert "beyonce" in result.suggestions


def test_one_word_too_many_still_finds_the_track(catalogue):
    result = search("halo beyonce lyrics")

    assert result.hits[0].artist_names == ["Beyoncé"]
    assert result.corrected
    assert result.reading == "halo beyonce"


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "\ud800", "\u200b", "'", '"', "%", "\\", "*", "a" * 100_000, "🙂", "-" * 500],
)
def test_strange_text_is_an_empty_or_ordinary_answer(catalogue, text):
    assert isinstance(search(text).hits, tuple)


@pytest.mark.parametrize(
    "text",
    [
        'halo" OR "criminal',
        "halo* AND criminal",
        "NEAR(halo criminal)",
        "halo' | 'criminal",
        "words:halo xyzzy",
    ],
)
def test_the_engines_own_syntax_is_only_text(catalogue, text):
    assert search(text) == search(fold(text))


@pytest.mark.parametrize(
    "query", ["i まっすぐ", "夜 a", "夜 駆", "a b", "ab cd", "夜に駆 ab 夜", "qq 夜にけ zz"]
)
def test_short_words_and_runs_that_are_nowhere_have_no_corrections_and_no_error(catalogue, query):
    assert len(search(query).hits) <= 10


def test_a_nameless_track_is_found_by_its_album():
    make_track(title="", artists=[""], album="Untitled Tape")
    rebuild_index()

    assert titles("untitled tape") == [""]
    assert titles("untitled taep") == [""]


def test_with_a_typing_error_too_titles_come_before_albums():
    make_track(title="Encore", artists=["Scooter"], album="Age of Love", popularity=10)
    make_track(title="Nessaja", artists=["Scooter"], album="Encore", popularity=90)
    make_track(title="Encore - Live", artists=["Scooter"], album="Live", popularity=5)
    rebuild_index()

    assert titles("encoer scooter") == ["Encore", "Encore - Live", "Nessaja"]


def test_the_limit_holds(catalogue):
    assert len(search("h", limit=2).hits) == 2
    assert len(search("halo", limit=1).hits) == 1


def test_a_clean_query_asks_the_database_once(catalogue, django_assert_num_queries):
    with django_assert_num_queries(1):
        search("halo beyonce")
    with django_assert_num_queries(1):
        search("h", limit=3)


def test_a_misspelt_query_asks_the_database_three_times(catalogue, django_assert_num_queries):
    with django_assert_num_queries(3):
        search("bohemian rapsody")


def test_a_hit_carries_what_a_list_shows(catalogue):
    hit = search("criminal").hits[0]
    track = Track.objects.get(title="Criminal")

    for name in ("spotify_id", "title", "album", "popularity", "duration_ms", "explicit", "genre_names"):
        assert getattr(hit, name) == getattr(track, name)
    assert hit.track_id == track.pk
    assert hit.explicit is False


def test_more_hits_than_were_asked_for_are_told(catalogue):
    assert search("h", limit=2).more
    assert not search("criminal", limit=2).more
