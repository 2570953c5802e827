import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_track
from tracks.search import rebuild_index, search
from tracks.titles.folding import tokens

pytestmark = pytest.mark.django_db

TITLES = (
    ("Bohemian Rhapsody", "Queen"),
    ("Blinding Lights", "The Weeknd"),
    ("Smells Like Teen Spirit", "Nirvana"),
    ("Hoppípolla", "Sigur Rós"),
    ("Dancing Queen", "ABBA"),
    ("Wonderwall", "Oasis"),
    ("Группа крови", "Кино"),
    ("Lucid Dreams", "Juice WRLD"),
    ("Summertime Sadness", "Lana Del Rey"),
    ("Where Is My Mind", "Pixies"),
)
with_catalogue = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def catalogue() -> dict[str, str]:
    tracks = {
        title: make_track(title=title, artists=[artist], album=f"Album of {artist}")
        for title, artist in TITLES
    }
    for number in range(30):  # more popular ones in the way
        make_track(title=f"Lights of Spirit {number}", artists=[f"Dream Mind {number}"], popularity=90)
    rebuild_index()
    return {title: track.spotify_id for title, track in tracks.items()}


def one_edit(word: str, draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["insert", "delete", "substitute", "transpose"]))
    at = draw(st.integers(0, len(word) - (2 if kind == "transpose" else 1)))
    letter = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyzкио7"))
    return {
        "insert": word[:at] + letter + word[at:],
        "delete": word[:at] + word[at + 1 :],
        "substitute": word[:at] + letter + word[at + 1 :],
        "transpose": word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    }[kind]


@st.composite
def misspelt_titles(draw: st.DrawFn) -> tuple[str, str]:
    title, artist = draw(st.sampled_from(TITLES))
    words = tokens(title)
    at = draw(st.sampled_from([i for i, word in enumerate(words) if len(word) >= 4]))
    words[at] = one_edit(words[at], draw)
    return title, " ".join(words + (tokens(artist) if draw(st.booleans()) else []))


@st.composite
def misspelt_beginnings(draw: st.DrawFn) -> tuple[str, str]:
    """The artist's name and the first letters, one of them wrong, of a word of the title."""
    title, artist = draw(st.sampled_from(TITLES))
    word = draw(st.sampled_from([word for word in tokens(title) if len(word) >= 5]))
    typed = one_edit(word[: draw(st.integers(4, len(word)))], draw)
    return title, " ".join([*tokens(artist), typed])


@with_catalogue
@given(misspelt=misspelt_titles())
def test_one_edit_in_any_word_of_a_title_still_finds_the_track(catalogue, misspelt):
    title, query = misspelt

    assert catalogue[title] in [hit.spotify_id for hit in search(query).hits]


@with_catalogue
@given(misspelt=misspelt_beginnings())
def test_one_edit_in_a_word_still_being_typed_finds_the_track(catalogue, misspelt):
    title, query = misspelt

    assert catalogue[title] in [hit.spotify_id for hit in search(query).hits]


@with_catalogue
@given(track=st.sampled_from(TITLES), data=st.data())
def test_the_order_of_the_words_does_not_matter(catalogue, track, data):
    title, artist = track
    words = data.draw(st.permutations([*tokens(title), *tokens(artist)]))

    assert search(" ".join(words)).hits[0].spotify_id == catalogue[title]


@with_catalogue
@given(track=st.sampled_from(TITLES), data=st.data())
def test_every_beginning_of_a_title_and_its_artist_finds_the_track(catalogue, track, data):
    text = " ".join(track)
    end = data.draw(st.integers(len(track[0]) // 2 + 1, len(text)))

    assert catalogue[track[0]] in [hit.spotify_id for hit in search(text[:end]).hits]


@with_catalogue
@given(text=st.text(max_size=300) | st.text(alphabet="\"'*^():-+&|!<>{}\\%_ andor", max_size=40))
def test_no_text_raises(catalogue, text):
    result = search(text)

    assert len(result.hits) <= 10
    assert len({hit.track_id for hit in result.hits}) == len(result.hits)


@with_catalogue
@given(text=st.sampled_from(["l", "lights", "queen", "dream mind", "ligths"]), limit=st.integers(1, 30))
def test_fewer_hits_are_the_first_of_more(catalogue, text, limit):
    few, many = search(text, limit).hits, search(text, 40).hits

    assert 0 < len(few) <= limit
    assert few == many[: len(few)]
