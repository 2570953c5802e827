import pytest
from django.utils import translation

from tracks.feature_words import (
    duration_in_words,
    exact_value_in_words,
    feature_bars,
    key_in_words,
)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("tempo", 117.6, "118 BPM"),
        ("tempo", 0.0, "no beat found"),
        ("loudness", -6.766, "−6.8 dB"),
        ("loudness", 1.25, "1.2 dB"),
        ("valence", 0.715, "72 %"),
        ("instrumentalness", 1.01e-06, "0 %"),
    ],
)
def test_a_value_is_written_in_its_own_unit(name, value, words):
    assert [bar.value for bar in feature_bars({name: value})] == [words]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("tempo", 118.5, "118,5 BPM"),
        ("tempo", 120.0, "120 BPM"),
        ("loudness", -6.75, "−6,75 dB"),
        ("energy", 0.57, "57 %"),
        ("energy", 0.125, "12,5 %"),
        ("energy", 1e-7, "0,00001 %"),
        ("key", 5.0, "F"),
        ("key", -1.0, "-1"),
        ("mode", 0.0, "minor"),
        ("time_signature", 4.0, "4"),
    ],
)
def test_a_value_that_was_asked_for_keeps_its_digits(name, value, words):
    with translation.override("de"):
        assert exact_value_in_words(name, value) == words


def test_bars_stay_inside_their_range_and_follow_the_reading_order():
    bars = feature_bars({"tempo": 260.0, "danceability": 0.5, "loudness": -60.0, "key": 3})
    assert [(bar.label, bar.percent) for bar in bars] == [
        ("Danceability", "50"),
        ("Tempo", "100"),
        ("Loudness", "0"),
    ]


def test_a_bar_shows_the_usual_value_only_where_it_is_known():
    energy, tempo = feature_bars({"tempo": 130.0, "energy": 0.2}, {"energy": 0.8})
    assert (energy.usual_percent, tempo.usual_percent) == ("80", "")


def test_bar_positions_are_digits_in_languages_with_a_decimal_comma_too():
    with translation.override("de"):
        (bar,) = feature_bars({"energy": 0.333}, {"energy": 0.1})
    assert (bar.percent, bar.usual_percent) == ("33", "10")


@pytest.mark.parametrize(
    ("key", "mode", "words"),
    [(1, 0, "C♯/D♭ minor"), (9, 1, "A major"), (9, None, "A"), (-1, 1, ""), (None, 1, "")],
)
def test_a_key_is_named_with_its_scale(key, mode, words):
    assert key_in_words(key, mode) == words


@pytest.mark.parametrize(
    ("duration_ms", "words"), [(230_666, "3:51"), (59_999, "1:00"), (3_723_000, "1:02:03"), (0, "")]
)
def test_a_duration_is_written_as_on_a_sleeve(duration_ms, words):
    assert duration_in_words(duration_ms) == words
