"""What forms ask for in units of people, as the parameters of the API."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from recommender.parameters.units import choice, in_parameters, name_in_form, needs_canonical_url, shown
from tracks.audio_features import AUDIO_FEATURES


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("min_energy_percent=60", "min_energy=0.6"),
        ("max_valence_percent=12.5", "max_valence=0.125"),
        ("target_liveness_percent=100", "target_liveness=1"),
        ("min_energy_percent=", "min_energy="),
        ("min_energy_percent=loud", "min_energy=loud"),
        ("min_energy_percent=nan", "min_energy=nan"),
        ("min_energy_percent=1e999", "min_energy=1e999"),
        ("min_energy_percent=60&min_energy=0.1", "min_energy=0.6"),
        ("min_energy=0.6&min_tempo=120&max_loudness=-5", "min_energy=0.6&min_tempo=120&max_loudness=-5"),
        ("min_tempo_percent=60&_percent=1&min_=2", "min_tempo_percent=60&_percent=1&min_=2"),
        ("only_key=5", "min_key=5&max_key=5"),
        ("only_key=2..7", "min_key=2&max_key=7"),
        ("only_mode=..0", "min_mode=&max_mode=0"),
        ("only_key=", "min_key=&max_key="),
        ("only_you=1&seed=a&seed=b", "only_you=1&seed=a&seed=b"),
    ],
)
def test_a_form_means_parameters(sent, meant):
    assert in_parameters(QueryDict(sent)) == QueryDict(meant)


FIELDS = ("min_energy", "min_energy_percent", "only_key", "only_", "_percent", "min_tempo", "genre", "seed")
TEXTS = ("", "5", "-1", "..", "2..", "nan", "1e999", "60", "x", "0.5")


@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.sampled_from(TEXTS))))
def test_what_is_in_parameters_stays_as_it_is(pairs):
    once = in_parameters(QueryDict(urlencode(pairs)))
    assert in_parameters(once) == once
    clean = [(name, value) for name, values in once.lists() for value in values if value]
    assert not needs_canonical_url(QueryDict(urlencode(clean))), "a page would redirect for ever"


def test_an_address_of_parameters_is_not_as_a_form_sends_it():
    assert not needs_canonical_url(QueryDict("min_energy=0.6&seed=a&seed=b&limit=20"))
    assert needs_canonical_url(QueryDict("min_energy_percent=60"))
    assert needs_canonical_url(QueryDict("min_energy=0.6&genre="))


@pytest.mark.parametrize("feature", AUDIO_FEATURES, ids=lambda feature: feature.name)
def test_every_value_comes_back_as_it_was(feature):
    for value in (feature.low, feature.high, feature.low + 0.57 * (feature.high - feature.low)):
        name = f"min_{feature.name}"
        sent = QueryDict(f"{name_in_form(name)}={shown(name, value)}")
        assert float(in_parameters(sent)[name]) == pytest.approx(value, abs=1e-12)
    assert shown("min_energy", 0.57) == "57"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(None, None, ""), (5.0, 5.0, "5"), (2.0, 7.0, "2..7"), (2.0, None, "2.."), (None, 7.0, "..7")],
)
def test_bounds_of_a_category_are_one_choice(low, high, text):
    assert choice(low, high) == text
