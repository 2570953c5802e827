from orjson import dumps

from tracks.search.documents import MAX_RELEASES, Document, gather_documents, name_term, name_words


def row(title: str, artists: list[str], album: str = "", recording: int = 1, track: int = 1):
    return recording, track, title, album, dumps(artists).decode()


def only(*rows) -> Document:
    (document,) = gather_documents(rows)
    return document


def test_a_document_has_the_title_the_artists_and_the_album():
    assert only(row("Halo", ["Beyoncé"], "I Am")) == (1, "_halo _beyonce", "halo beyonce i am")


def test_the_releases_of_a_recording_are_one_document_of_its_first_track():
    document = only(row("Heroes", ["Bowie"], "Heroes", 7, 7), row("Helden", ["Bowie"], "Rock", 7, 8))

    assert document == (7, "_heroes _bowie _helden", "heroes bowie helden rock")


def test_each_recording_is_a_document_in_the_given_order():
    rows = [row("B", ["x"], recording=2, track=2), row("A", ["x"], recording=1, track=1)]

    assert [document.track_id for document in gather_documents(rows)] == [2, 1]


def test_a_title_is_also_known_without_its_suffix():
    assert only(row("Halo - Live", [])).names.split() == ["_halo_live", "_halo"]
    assert only(row("Halo (Remix)", [])).names.split() == ["_halo_remix", "_halo"]
    assert only(row("(I Cant Get No)", [])).names.split() == ["_i_cant_get_no"]


def test_names_with_signs_inside_are_also_known_as_people_type_them():
    spellings = {"AC/DC": "_acdc", "JAY-Z": "_jayz", "P!nk": "_pink", "A$AP Rocky": "_asap_rocky"}
    spellings |= {"Ke$ha": "_kesha", "R.E.M.": "_rem", "Ty Dolla $ign": "_ty_dolla_sign"}

    for name, spelling in spellings.items():
        assert spelling in only(row("x", [name])).names.split()


def test_an_apostrophe_needs_no_second_spelling():
    assert only(row("Don't", ["Guns N' Roses"])).names == "_dont _guns_n_roses"


def test_a_recording_on_very_many_albums_keeps_a_bounded_document():
    releases = [row("Halo", ["x"], f"album{number}", 1, number + 1) for number in range(500)]

    assert len(only(*releases).words.split()) == MAX_RELEASES + 2


def test_a_nameless_track_is_an_empty_document():
    assert only(row("", [], "")) == (1, "", "")


def test_a_names_term_gives_its_words_back():
    assert name_words(name_term("halo effect")) == ["halo", "effect"]
