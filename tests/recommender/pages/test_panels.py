import pytest

from recommender.answers.summaries import GenreShare
from recommender.pages.panels import colour_of, genre_bars


def test_genre_bars_are_as_long_as_their_shares():
    bars = genre_bars((GenreShare("tango", 0.4, 12.34), GenreShare("jazz", 0.05, 1.26)))
    assert [(bar.genre, bar.percent, bar.share, bar.lift) for bar in bars] == [
        ("tango", 100, "40", "12"),
        ("jazz", 12, "5.0", "1.3"),
    ]


def test_no_genres_are_no_bars():
    assert genre_bars(()) == []


@pytest.mark.parametrize(("number", "colour"), [(1, 1), (12, 0), (25, 1)])
def test_colours_come_round_again(number, colour):
    assert colour_of(number) == colour


def test_the_share_of_a_small_cluster_says_how_sure_it_is():
    small, large = GenreShare("tango", 0.24, 9.0, 0.18, 0.3), GenreShare("jazz", 0.24, 9.0, 0.23, 0.25)
    assert [bar.share for bar in genre_bars((small, large))] == ["24 ± 6.0", "24"]
