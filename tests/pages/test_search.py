import pytest
from django.utils import timezone

from tests.factories import make_track, publish_run
from tests.pages.conftest import MARKUP
from tracks.jobs.work import Status
from tracks.models import CatalogueImport
from tracks.search import rebuild_index

LIVE = "/search/live/"
DEBUSSY = "clairdelune00000000001"


def hits(response):
    return [hit.title for hit in response.context["result"].hits]


def test_the_empty_search_says_what_is_here_and_offers_a_beginning(client, run):
    CatalogueImport.objects.create(
        status=Status.DONE, source_name="my_tracks.csv", finished_at=timezone.now()
    )
    text = client.get("/").content.decode()
    assert "121 tracks from my_tracks.csv" in text
    assert "Begin with one that many know" in text
    assert 'href="/clusters/1/"' in text
    assert "https://open.spotify.com/track/" in text


def test_an_empty_catalogue_says_how_to_fill_it(client, db):
    rebuild_index()
    text = client.get("/").content.decode()
    assert "The catalogue is empty" in text
    assert "import_tracks" in text


def test_without_a_run_the_search_works_and_shows_no_clusters(client, catalogue):
    assert "Or begin with a cluster" not in client.get("/").content.decode()
    assert hits(client.get("/", {"q": "clair de lune"})) == ["Clair de lune"]


def test_a_search_works_without_javascript_and_forgives_a_typo(client, catalogue):
    response = client.get("/", {"q": "debusy"})
    assert hits(response) == ["Clair de lune"]
    assert f'href="/tracks/{DEBUSSY}/"' in response.content.decode()
    assert "debussy" in response.content.decode()


@pytest.mark.parametrize(
    "pasted",
    [DEBUSSY, f"spotify:track:{DEBUSSY}", f" https://open.spotify.com/intl-de/track/{DEBUSSY}?si=1 "],
)
def test_a_pasted_link_goes_straight_to_the_track(client, catalogue, pasted):
    response = client.get("/", {"q": pasted})
    assert (response.status_code, response.url) == (302, f"/tracks/{DEBUSSY}/")
    assert client.get(LIVE, {"q": pasted})["HX-Redirect"] == f"/tracks/{DEBUSSY}/"


def test_a_link_to_a_track_that_is_not_here_says_so(client, catalogue):
    text = client.get("/", {"q": "https://open.spotify.com/track/0000000000000000000zzz"}).content.decode()
    assert "That track is not in this catalogue" in text


def test_no_result_helps(client, run):
    text = client.get("/", {"q": "qqxxzzqq"}).content.decode()
    assert "No track found for “qqxxzzqq”" in text
    assert "Try fewer words" in text
    assert "Or begin with a cluster" in text


def test_the_live_part_is_only_the_hits_and_moves_the_address_along(client, catalogue):
    response = client.get(LIVE, {"q": "clair & lune"})
    assert response["HX-Replace-Url"] == "/?q=clair+%26+lune"
    text = response.content.decode()
    assert "<html" not in text
    assert text.count('class="hit-link"') == len(hits(response)) == 1
    assert 'id="search-status" hx-swap-oob="innerHTML"' in text
    assert client.get(LIVE)["HX-Replace-Url"] == "/"


@pytest.mark.parametrize(
    "query", ["\x00", "\x00clair", "a" * 5000, "\ud800", "%", "' OR 1=1 --", '"*"', "\u202e"]
)
def test_binary_and_absurd_queries_are_answered(client, catalogue, query):
    for path in ("/", LIVE):
        assert client.get(path, {"q": query.encode("utf-8", "surrogatepass")}).status_code == 200


def test_titles_and_queries_are_text_whatever_they_contain(client, hostile):
    rebuild_index()
    publish_run(1)
    for path in ("/", LIVE):
        text = client.get(path, {"q": MARKUP}).content.decode()
        assert "<script>alert" not in text
        assert "<b>" not in text
    assert "&lt;script&gt;alert(&#x27;title&#x27;)" in client.get("/", {"q": "script alert"}).content.decode()


def test_a_live_search_asks_the_database_few_questions(client, catalogue, django_assert_max_num_queries):
    client.get(LIVE, {"q": "title"})
    with django_assert_max_num_queries(2):
        client.get(LIVE, {"q": "title"})


def test_other_methods_are_refused(client, db):
    assert client.post("/").status_code == 405


def test_well_known_tracks_are_popular_ones_of_different_artists_and_genres(client, db):
    make_track("a" * 22, "First", ["One"], ["pop"], popularity=90)
    make_track("b" * 22, "Same artist", ["One"], ["jazz"], popularity=80)
    make_track("c" * 22, "Same genre", ["Two"], ["pop"], popularity=70)
    make_track("d" * 22, "Other", ["Three"], ["jazz"], popularity=60)
    rebuild_index()
    well_known = client.get("/").context["catalogue"].well_known
    assert [track.title for track in well_known] == ["First", "Other"]


def test_two_pasted_links_open_a_mix_of_both(client, catalogue):
    pasted = f"spotify:track:{DEBUSSY} https://open.spotify.com/track/0000000000000000000zzz"
    mix = f"/mix/?seed={DEBUSSY}&seed=0000000000000000000zzz"
    assert client.get("/", {"q": pasted}).url == mix
    assert client.get(LIVE, {"q": pasted})["HX-Redirect"] == mix


def test_a_link_to_an_album_says_what_it_is_and_what_to_do(client, catalogue):
    text = client.get("/", {"q": "https://open.spotify.com/album/5SuOikwiRyPMVoIQDJUgSV"}).content.decode()
    assert "This is a link to an album" in text
    assert "Copy link" in text


def test_more_hits_are_a_link_that_needs_no_javascript(client, db):
    for number in range(40):
        make_track(title=f"Evening {number}", artists=[f"Band {number}"])
    rebuild_index()
    assert 'href="/?q=evening"' in client.get(LIVE, {"q": "evening"}).content.decode()
    page = client.get("/", {"q": "evening"})
    assert len(hits(page)) == 30
    assert 'href="/?q=evening&amp;limit=100"' in page.content.decode()
    whole = client.get("/?q=evening&limit=100")
    assert len(hits(whole)) == 40
    assert "More tracks" not in whole.content.decode()


def test_a_cut_query_says_so(client, catalogue):
    assert "only its beginning" in client.get("/", {"q": "clair " * 100}).content.decode()


def test_a_page_without_all_words_shows_its_groups(client, db):
    make_track(title="Billie Jean", artists=["The Civil Wars"])
    make_track(title="Beat It", artists=["Michael Jackson"])
    rebuild_index()
    text = client.get("/", {"q": "billie jean michael jackson"}).content.decode()
    assert "No track has all the words" in text
    assert text.index("Called “billie jean”") < text.index("By Michael Jackson")
