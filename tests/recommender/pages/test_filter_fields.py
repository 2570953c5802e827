"""The fields of the filters, their hints, and what is wrong beside them."""

import pytest
from django.http import QueryDict

from recommender.answers.filters import NO_TRACK_FILTERS, TrackFilters
from recommender.pages.filter_fields import Option, filter_rows, mistakes_in, slots_of
from recommender.parameters.schema import InvalidQuery, read_request

USUAL = (("energy", 0.142, 0.969), ("loudness", -19.2, -3.4))


def rows_of(filters=NO_TRACK_FILTERS, *rest):
    return {row.name: row for row in filter_rows(filters, USUAL, *rest)}


def refused(query: str):
    with pytest.raises(InvalidQuery) as error:
        read_request(QueryDict(query))
    return error.value


def test_each_feature_is_asked_for_in_its_unit_with_where_most_tracks_lie():
    rows = rows_of()
    assert (rows["energy"].unit, rows["energy"].usual) == ("%", "usually 14 to 97")
    assert [(field.name, field.low, field.high) for field in rows["energy"].fields][:1] == [
        ("min_energy_percent", "0", "100")
    ]
    assert (rows["loudness"].unit, rows["loudness"].usual) == ("dB", "usually −19 to −3")
    assert (rows["tempo"].unit, rows["tempo"].usual) == ("BPM", "")
    assert list(rows)[:4] == ["popularity", "danceability", "energy", "valence"]


def test_what_is_no_amount_is_chosen_and_no_choice_is_lost():
    filters = TrackFilters(
        minimum=(("key", 2.0), ("mode", 0.0)), maximum=(("key", 7.0), ("mode", 0.0)), target=(("key", -1.0),)
    )
    rows = rows_of(filters)
    chosen = {
        field.name: next(option for option in field.options if option.chosen)
        for name in ("key", "mode", "time_signature")
        for field in rows[name].fields
    }
    assert {name: option.value for name, option in chosen.items()} == {
        "only_key": "2..7",
        "target_key": "-1",
        "only_mode": "0",
        "target_mode": "",
        "only_time_signature": "",
        "target_time_signature": "",
    }
    assert chosen["only_mode"].label == "minor"
    assert chosen["only_key"].label == "D to G"
    (only, _rather) = rows_of(TrackFilters(minimum=(("key", 2.0),)))["key"].fields
    assert only.options[-1] == Option("2..", "at least D", True)


def test_what_is_wrong_stands_in_its_row_with_what_was_typed():
    query = "min_energy=0.8&max_energy_percent=50&min_popularity=9&max_popularity=8&scope=cluster"
    error = refused(query)
    rows = rows_of(NO_TRACK_FILTERS, mistakes_in(QueryDict(query), error.problems))
    assert [field.value for field in rows["energy"].fields] == ["80", "50", ""]
    assert {name for name, row in rows.items() if row.problem} == {"energy", "popularity"}


def test_each_problem_has_its_place():
    slots = slots_of(refused("scope=moon&limit=0&min_energy=7&target_energy=x").problems)
    assert set(slots) == {"problem", "problem-energy"}
    assert "“Look in”" in slots["problem"] and "“How many”" in slots["problem"]
    assert "“Energy near to” must be a number." in slots["problem-energy"]
