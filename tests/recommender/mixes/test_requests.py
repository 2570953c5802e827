import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.answers.recommendations import RecommendationRequest
from recommender.mixes.requests import MAX_AVOIDED, MAX_SEEDS, CannotMix, MixRequest, mix_request

USUAL = RecommendationRequest()
IDS = st.lists(st.text("abc ", max_size=3), max_size=12)


def test_repeated_and_empty_ids_are_folded_away_in_their_order():
    assert mix_request(["b", " a", "b", ""], ["c", "c"], USUAL) == MixRequest(("b", "a"), ("c",), USUAL)


@pytest.mark.parametrize("seeds", [[], [""], ["  "]])
def test_a_mix_of_nothing_says_what_it_needs(seeds):
    with pytest.raises(CannotMix, match="at least one track"):
        mix_request(seeds, ["a"], USUAL)


def test_as_many_as_the_limit_are_taken_and_one_more_is_refused_with_the_limit():
    most = [f"id{number}" for number in range(MAX_SEEDS)]
    avoided = [f"no{number}" for number in range(MAX_AVOIDED)]

    assert len(mix_request(most * 3, avoided * 3, USUAL).seeds) == MAX_SEEDS
    with pytest.raises(CannotMix, match=f"seeds can name at most {MAX_SEEDS} tracks; it names 5000"):
        mix_request([f"id{number}" for number in range(5000)], [], USUAL)
    with pytest.raises(CannotMix, match=f"avoid can name at most {MAX_AVOIDED} tracks"):
        mix_request(most, [*avoided, "another"], USUAL)


def test_a_seed_that_is_avoided_too_is_named():
    with pytest.raises(CannotMix, match="cannot be a seed and avoided at once: b"):
        mix_request(["a", "b"], ["b"], USUAL)


def test_of_many_only_a_few_are_named():
    ids = [f"id{number}" for number in range(9)]

    with pytest.raises(CannotMix, match="id0, id1, id2, id3, id4 and 4 more"):
        mix_request(ids, ids, USUAL)


@given(seeds=IDS, avoid=IDS)
def test_no_request_repeats_or_contradicts_itself(seeds, avoid):
    try:
        request = mix_request(seeds, avoid, USUAL)
    except CannotMix:
        wanted = {each.strip() for each in seeds} - {""}
        assert not wanted or wanted & {each.strip() for each in avoid}
        return
    both = [*request.seeds, *request.avoid]
    assert len(both) == len(set(both))
    assert set(request.seeds) == {each.strip() for each in seeds} - {""}
