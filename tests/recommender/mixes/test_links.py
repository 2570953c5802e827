import base64
import random
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from recommender.answers.recommendations import RecommendationRequest, Scope
from recommender.mixes.links import MAX_TOKEN_LENGTH, BrokenLink, MixLink, read_token, token_of
from recommender.mixes.requests import MAX_AVOIDED, MAX_SEEDS, CannotMix, MixRequest

LETTERS = string.ascii_letters + string.digits
ID = st.integers(0, 2**128 - 1).map(lambda number: base64.b32encode(number.to_bytes(16)).decode()[:22])
OPTIONS = st.builds(
    RecommendationRequest,
    limit=st.integers(1, 100),
    scope=st.sampled_from(list(Scope)),
    per_artist=st.integers(0, 100),
)
LINKS = st.builds(
    MixLink,
    run_id=st.integers(1, 10**9),
    request=st.builds(
        MixRequest,
        seeds=st.lists(ID, min_size=1, max_size=MAX_SEEDS, unique=True).map(tuple),
        avoid=st.lists(ID, max_size=MAX_AVOIDED, unique=True).map(tuple),
        options=OPTIONS,
    ),
    tracks=st.lists(st.integers(1, 10**9), max_size=100, unique=True).map(tuple),
)
LINK = MixLink(7, MixRequest(("a" * 22, "b" * 22), ("c" * 22,)))


@given(link=LINKS)
@run(max_examples=30)
def test_a_token_holds_the_mix_and_fits_into_an_address(link):
    token = token_of(link)

    assert read_token(token) == link
    assert token == token_of(replace(link))
    assert len(token) <= MAX_TOKEN_LENGTH
    assert set(token) <= set(f"{LETTERS}-_~")


@given(place=st.integers(0, 10**6), letter=st.sampled_from(f"{LETTERS}-_~. \x00é/"))
def test_a_token_that_was_changed_anywhere_is_refused(place, letter):
    token = token_of(LINK)
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]

    if changed != token:
        with pytest.raises(BrokenLink, match="not whole"):
            read_token(changed)


@pytest.mark.parametrize(
    "text", ["", "~", "a~b", "\ud800", "😀" * 50, token_of(LINK)[:-1], token_of(LINK)[1:]]
)
def test_what_is_no_token_is_refused(text):
    with pytest.raises(BrokenLink):
        read_token(text)


def test_a_link_outlives_a_change_of_keys_while_the_old_one_is_named(settings):
    token = token_of(LINK)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key of enough letters to be one"

    with pytest.raises(BrokenLink):
        read_token(token)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert read_token(token) == LINK


def test_a_mix_too_long_for_an_address_is_refused_with_what_to_do():
    drawn = random.Random(0)
    ids = tuple("".join(drawn.choices(LETTERS, k=64)) for _ in range(MAX_SEEDS + MAX_AVOIDED))

    with pytest.raises(CannotMix, match="name fewer tracks"):
        token_of(MixLink(1, MixRequest(ids)))
