"""Filters in words, and requests without some of them."""

from dataclasses import fields

from recommender.answers.filter_words import filters_in_words, without_filters
from recommender.answers.filters import NO_TRACK_FILTERS, TrackFilters

ALL = TrackFilters(
    genres=("jazz", "pop"),
    exclude_genres=("tango",),
    explicit=True,
    min_popularity=10,
    max_popularity=90,
    minimum=(("energy", 0.25), ("key", 2.0), ("mode", 1.0)),
    maximum=(("tempo", 120.0), ("key", 5.0), ("mode", 1.0)),
    target=(("valence", 0.5),),
)


def test_every_filter_is_named_in_words():
    assert [each.words for each in filters_in_words(ALL)] == [
        "Genre jazz or pop",
        "Not the genre tango",
        "Only explicit words",
        "Popularity at least 10",
        "Popularity at most 90",
        "Energy at least 25 %",
        "Key at least D",
        "Key at most F",
        "Mode major",
        "Tempo at most 120 BPM",
    ]
    assert filters_in_words(TrackFilters(explicit=False))[0].words == "No explicit words"
    assert filters_in_words(NO_TRACK_FILTERS) == []


def test_each_can_be_dropped_and_the_others_stay():
    for dropped in filters_in_words(ALL):
        left = set(filters_in_words(without_filters(ALL, dropped.names)))
        assert left == set(filters_in_words(ALL)) - {dropped}


def test_without_all_of_them_only_the_targets_are_left():
    names = [name for each in filters_in_words(ALL) for name in each.names]
    left = without_filters(ALL, names)
    assert left.target == ALL.target
    assert not left.any_exclude


def test_no_kind_of_filter_is_forgotten():
    known = {field.name for field in fields(TrackFilters)}
    assert {field.name for field in fields(TrackFilters) if getattr(ALL, field.name)} == known
