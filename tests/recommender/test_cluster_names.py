import pytest
from django.utils import translation

from recommender.algorithms.clustering.name_codes import NameCode, NameForm
from recommender.cluster_names import name_in_words

CALM, ACOUSTIC, SLOW = "energy:low", "acousticness:high", "tempo:low"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (NameCode(NameForm.GENRES, (), ("classical", "piano")), "Classical and piano"),
        (NameCode(NameForm.GENRES, (CALM,), ("tango",)), "Calm tango"),
        (NameCode(NameForm.GENRES, (CALM, SLOW), ("tango",)), "Calm, slow tango"),
        (NameCode(NameForm.FAMILY, (), ("techno",)), "Techno and kin"),
        (NameCode(NameForm.FAMILY, (CALM,), ("techno",)), "Calm techno and kin"),
        (
            NameCode(NameForm.SPAN, (CALM, ACOUSTIC), ("tango", "jazz")),
            "Calm and acoustic, from tango to jazz",
        ),
        (NameCode(NameForm.SPAN, (), ("tango", "jazz")), "From tango to jazz"),
        (NameCode(NameForm.SOUND, (CALM,)), "Calm"),
        (NameCode(NameForm.SOUND, (CALM, ACOUSTIC, SLOW)), "Calm, acoustic and slow"),
        (NameCode(NameForm.SOUND), "Mixed"),
        (NameCode(NameForm.GENRES, (), ("tango",), 4), "Tango 4"),
        ("Acoustic calm tango", "Acoustic calm tango"),
    ],
)
def test_names_read_as_people_say_them(code, words):
    assert name_in_words(code) == words


def test_a_name_is_in_the_language_of_the_reader():
    code = NameCode(NameForm.SOUND, (CALM, ACOUSTIC))
    plain = name_in_words(code)
    with translation.override("en"):
        assert name_in_words(code) == plain
