import pytest

from tracks.search.queries import MAX_TERMS, parse, pasted_id, pasted_ids, pasted_kind


def words(text: str) -> list[tuple[str, ...]]:
    return [term.words for term in parse(text).terms]


def test_words_are_terms_and_the_last_is_still_being_typed():
    query = parse("  Sigur RÓS ")

    assert [term.words for term in query.terms] == [("sigur",), ("ros",)]
    assert [term.prefix for term in query.terms] == [False, True]
    assert query.name == "_sigur_ros"


def test_a_run_of_ideographs_is_one_term_and_a_space_parts_two():
    assert words("宇多田光") == [("宇", "多", "田", "光")]
    assert words("宇多田 光") == [("宇", "多", "田"), ("光",)]
    assert words("YOASOBI夜に") == [("yoasobi",), ("夜", "に")]
    assert not any(term.prefix for term in parse("夜に").terms)


def test_a_repeated_word_and_lone_signs_are_no_terms():
    assert words("go go - go!") == [("go",)]
    assert words("halo ???") == [("halo",)]


def test_signs_are_terms_where_there_is_nothing_else():
    assert words("???") == [("???",)]
    assert words("? ?") == [("??",)]


@pytest.mark.parametrize("text", ["", "  ", "\x00", "\ud800", "\u200b"])
def test_nothing_visible_has_no_terms(text):
    assert parse(text).terms == ()


def test_a_long_text_is_cut():
    assert len(parse("word " * 1000).terms) == 1
    assert len(parse(" ".join(map(str, range(1000)))).terms) == MAX_TERMS


@pytest.mark.parametrize(
    "text",
    [
        "https://open.spotify.com/album/5SuOikwiRyPMVoIQDJUgSV",
        "spotify:artist:5SuOikwiRyPMVoIQDJUgSV",
        "5SuOikwiRyPMVoIQDJUgS",
        "5SuOikwiRyPMVoIQDJUgSV halo",
        "a sentence about spotify tracks",
        "",
    ],
)
def test_other_texts_are_no_track_ids(text):
    assert pasted_id(text) is None


def test_several_pasted_links_are_several_ids():
    one, other = "5SuOikwiRyPMVoIQDJUgSV", "4u7EnebtmKWzUH433cf5Qv"
    text = f"https://open.spotify.com/track/{one}?si=1\nspotify:track:{other} spotify:track:{one}"

    assert pasted_ids(text) == [one, other]
    assert pasted_ids("nothing of the kind") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://open.spotify.com/album/5SuOikwiRyPMVoIQDJUgSV?si=1", "album"),
        ("https://open.spotify.com/intl-de/playlist/37i9dQZF1DX0XUsuxWHRQd", "playlist"),
        ("spotify:artist:5SuOikwiRyPMVoIQDJUgSV", "artist"),
        ("https://open.spotify.com/track/5SuOikwiRyPMVoIQDJUgSV", ""),
        ("the album leaf", ""),
    ],
)
def test_links_to_other_things_say_what_they_are(text, kind):
    assert pasted_kind(text) == kind


def test_a_text_that_is_cut_says_so():
    assert parse("word " * 1000).is_cut
    assert parse(" ".join(map(str, range(13)))).is_cut
    assert not parse(" ".join(map(str, range(12)))).is_cut
