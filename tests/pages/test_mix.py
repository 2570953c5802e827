"""The pages of mixes: everything stands in the address, with and without JavaScript."""

import re
from html import unescape

import pytest

from recommender.mixes.requests import MAX_AVOIDED, MAX_SEEDS
from tests.factories import publish_run
from tests.pages.conftest import MARKUP

DEBUSSY = "clairdelune00000000001"


def address(seeds, avoid=(), **options):
    pairs = [("seed", track.spotify_id) for track in seeds] + [("avoid", track.spotify_id) for track in avoid]
    return "/mix/?" + "&".join(f"{name}={value}" for name, value in [*pairs, *options.items()])


def text_of(response):
    return unescape(response.content.decode())


def ids(response, name):
    return [pick.spotify_id for pick in response.context[name]]


def pressed(client, response, name, pick):
    """The page that a button of another leads to: its form's fields, and the button's own."""
    text = text_of(response)
    button = rf'<button type="submit" class="[^"]+" form="mix-change" name="{name}" value="{pick.spotify_id}"'
    assert name == "shun" or re.search(button, text)
    form = re.search(
        r'<form id="mix-change" method="get" action="/mix/" hidden[^>]*>((?s:.*?))</form>', text
    )[1]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    query = "&".join(f"{key}={value}" for key, value in [*fields, (name, pick.spotify_id)])
    return client.get(f"/mix/?{query}", follow=True)


def listed(response):
    return [row.spotify_id for row in response.context["rows"]]


def test_the_empty_mix_helps_to_begin(client, run):
    text = text_of(client.get("/mix/"))
    assert "Start from several tracks you like" in text
    assert "Search for one here" in text
    assert re.search(r'class="tag tag-link" href="/mix/\?seed=', text)
    assert 'aria-current="page">Mix' in text


def test_a_mix_shows_its_list_each_with_its_seed(client, run, catalogue):
    response = client.get(address(catalogue[:2], [catalogue[7]], limit=10, scope="everywhere"))
    text = text_of(response)
    assert f"Mix of {catalogue[0].title}, {catalogue[1].title}</h1>" in text
    assert len(listed(response)) == text.count('<li class="neighbour">') == 10
    assert all(row.reasons.startswith("from Title ") for row in response.context["rows"])
    assert "10 tracks, what fits best first, from 2 seeds, away from 1 avoided track." in text
    assert '<span id="request">Up to 10 from everywhere, 1 per artist</span>' in text
    assert len(text) < 50_000


def test_every_pick_can_be_taken_out_and_every_result_in(client, run, catalogue):
    response = client.get(address(catalogue[:2], [catalogue[7]], limit=10))
    first, avoided = response.context["seeds"][0], response.context["avoid"][0]
    without = pressed(client, response, "drop", first)
    assert ids(without, "seeds") == [catalogue[1].spotify_id]
    assert without.redirect_chain == [(f"{address(catalogue[1:2], [catalogue[7]], limit=10)}", 302)]
    assert ids(pressed(client, response, "drop", avoided), "avoid") == []
    row = response.context["rows"][0]
    taken, shunned = pressed(client, response, "take", row), pressed(client, response, "shun", row)
    assert ids(taken, "seeds")[-1] == row.spotify_id
    assert ids(shunned, "avoid")[-1] == row.spotify_id
    assert row.spotify_id not in listed(shunned)
    assert ids(pressed(client, response, "shun", first), "avoid")[-1] == first.spotify_id


def test_a_track_leads_into_the_mix_that_its_page_carries(client, run, catalogue):
    mix = client.get(address(catalogue[:2], [catalogue[7]]))
    track = client.get(mix.context["rows"][0].url)
    assert f'href="{track.context["seed_url"]}"' in text_of(track).replace("&amp;", "&")
    assert len(client.get(track.context["seed_url"]).context["seeds"]) == 3
    assert len(client.get(track.context["avoid_url"]).context["avoid"]) == 2
    alone = client.get(f"/tracks/{DEBUSSY}/?limit=10&scope=everywhere").context["seed_url"]
    assert alone == f"/mix/?seed={DEBUSSY}"


def test_search_adds_to_the_mix_with_and_without_htmx(client, run, catalogue):
    for path in (
        address(catalogue[:1], q="clair"),
        address(catalogue[:1], q="clair").replace("/?", "/search/?"),
    ):
        response = client.get(path)
        (hit,) = response.context["hits"]
        assert not hit.is_in_mix
        assert "Add Clair de lune to the mix" in text_of(response)
    assert "<html" not in text_of(response)
    assert "in the mix" in text_of(client.get(f"/mix/?seed={DEBUSSY}&q=clair"))
    assert "No track found for “qqxxzz”" in text_of(client.get("/mix/?q=qqxxzz"))


def test_htmx_gets_the_list_alone_and_history_the_whole_page(client, run, catalogue):
    path = address(catalogue[:2])
    part = client.get(path, headers={"HX-Request": "true"})
    assert "<html" not in text_of(part)
    assert 'id="mix-status" hx-swap-oob="innerHTML"' in text_of(part)
    assert "HX-Request" in part["Vary"]
    restored = client.get(path, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in text_of(restored)


def test_htmx_gets_a_changed_mix_and_its_address_or_is_led_to_the_whole_page(client, run, catalogue):
    first, second = catalogue[0], catalogue[1]
    part = client.get(address([first], take=second.spotify_id), headers={"HX-Request": "true"})
    assert part["HX-Push-Url"] == address([first, second])
    assert "<html" not in text_of(part)
    assert f"<title>Mix of {first.title}, {second.title} · Soundkin</title>" in text_of(part)
    for query, whole in (
        (address([first], drop=first.spotify_id), "/mix/"),
        (address([first], take=second.spotify_id, limit="x"), address([first, second], limit="x")),
    ):
        answer = client.get(query, headers={"HX-Request": "true"})
        assert (answer.content, answer["HX-Redirect"]) == (b"", whole)


def test_fields_left_blank_stay_out_of_every_link(client, run, catalogue):
    path = address(catalogue[:2], limit=10, min_tempo="", genre="", q="")
    part = client.get(path, headers={"HX-Request": "true"})
    assert part["HX-Replace-Url"] == address(catalogue[:2], limit=10)
    assert "min_tempo=&" not in text_of(part)
    filtered = client.get(address(catalogue[:2], genre="jazz", familiarity="hidden-gems", scope="everywhere"))
    taken = pressed(client, filtered, "take", filtered.context["rows"][0])
    assert "genre=jazz&familiarity=hidden-gems&scope=everywhere" in taken.redirect_chain[0][0]
    assert '<option value="jazz" selected>' in text_of(filtered)


def test_the_largest_mix_is_a_page_of_moderate_size(client, run, catalogue):
    seeds, avoid = catalogue[:MAX_SEEDS], catalogue[MAX_SEEDS : MAX_SEEDS + MAX_AVOIDED]
    response = client.get(address(seeds, avoid, limit=10, scope="everywhere"))
    assert f"{MAX_SEEDS} of at most {MAX_SEEDS}" in text_of(response)
    assert len(response.content) < 200_000
    too_many = client.get(address(catalogue[: MAX_SEEDS + 1]))
    assert too_many.status_code == 422
    last = too_many.context["seeds"][-1]
    assert last.spotify_id == catalogue[MAX_SEEDS].spotify_id
    assert pressed(client, too_many, "drop", last).status_code == 200


def test_several_seeds_have_several_clusters(client, run, catalogue):
    for n_seeds, line, choice in (
        (1, "from its cluster", "Its cluster"),
        (2, "from their clusters", "Their clusters"),
    ):
        page = client.get(address(catalogue[:n_seeds]))
        assert f"Up to 20 {line}, 1 per artist" in text_of(page)
        assert f"<span>{choice}</span>" in text_of(client.get(page.context["controls_url"]))


def test_what_cannot_be_mixed_is_said_and_can_be_mended(client, run, catalogue):
    response = client.get(f"/mix/?seed={DEBUSSY}&avoid={DEBUSSY}")
    assert response.status_code == 422
    assert "cannot be a seed and avoided at once" in text_of(response)
    mended = client.get(f"/mix/?seed={DEBUSSY}&avoid={DEBUSSY}&take={DEBUSSY}", follow=True)
    assert (mended.status_code, ids(mended, "seeds"), ids(mended, "avoid")) == (200, [DEBUSSY], [])
    many = client.get("/mix/?" + "&".join(f"seed=id{number}" for number in range(MAX_SEEDS + 1)))
    assert many.status_code == 422
    assert f"at most {MAX_SEEDS}" in text_of(many)


def test_unknown_ids_are_named(client, run, catalogue):
    response = client.get(f"/mix/?seed={DEBUSSY}&seed=nope&avoid=%00")
    assert response.status_code == 200
    assert "Not in this catalogue, and left out: nope" in text_of(response)
    alone = client.get("/mix/?seed=nope")
    assert alone.status_code == 404
    assert "none of the tracks to start from: nope" in text_of(alone)


@pytest.mark.parametrize("query", ["scope=moon", "limit=0", "limit=101", "per_artist=x", "genre=polka"])
def test_absurd_options_are_answered_with_what_can_be_asked(client, run, catalogue, query):
    assert client.get(f"/mix/?seed={DEBUSSY}&{query}").status_code == 422


def test_fewer_results_come_with_the_reason(client, run, catalogue):
    text = text_of(client.get(f"/mix/?seed={DEBUSSY}&min_tempo=249"))
    assert "No track passes all the filters here." in text
    assert "0 tracks" not in text and "Keep it" not in text
    assert f'href="/mix/?seed={DEBUSSY}">Without “Tempo at least 249 BPM”: ' in text
    assert f'href="/mix/?seed={DEBUSSY}&scope=everywhere&min_tempo=249">Look everywhere' in text


def test_a_track_that_is_sought_and_avoided_is_named(client, run):
    path = f"/mix/?seed={DEBUSSY}&avoid={DEBUSSY}"
    assert "cannot be a seed and avoided at once: Clair de lune." in text_of(client.get(path))
    part = client.get(path, headers={"HX-Request": "true", "HX-Target": "mix-list"})
    assert part.status_code == 422
    assert '<p id="problem" hx-swap-oob="innerHTML">A track cannot be' in text_of(part)


def test_options_that_cannot_be_are_told_in_the_form_of_the_mix(client, run, catalogue):
    response = client.get(address(catalogue[:2], min_tempo=120, max_tempo=90))
    assert response.status_code == 422
    text = text_of(response)
    assert "Tempo: no track has at least 120 BPM and at most 90 BPM." in text
    assert 'name="max_tempo" value="90"' in text
    assert ids(response, "seeds") == [track.spotify_id for track in catalogue[:2]]


def test_the_address_of_a_mix_is_in_the_parameters_of_the_api(client, run, catalogue):
    sent = address(catalogue[:1], min_energy_percent=5, only_key="", genre="")
    assert client.get(sent)["Location"] == address(catalogue[:1], min_energy="0.05")


def test_a_path_can_be_asked_for_between_two_of_the_mix(client, run, catalogue):
    mix = client.get(address(catalogue[:3]))
    assert 'action="/mix/path/"' in text_of(mix)
    a, b = catalogue[0], catalogue[2]
    path = (
        f"/mix/path/?seed={a.spotify_id}&seed={b.spotify_id}&start={a.spotify_id}&end={b.spotify_id}&steps=4"
    )
    response = client.get(path)
    assert f"From {a.title} to {b.title}" in text_of(response)
    assert len(response.context["rows"]) == 4
    assert "4 steps." in text_of(response)
    assert client.get(response.context["back"]).status_code == 200
    assert client.get(path.replace(f"end={b.spotify_id}", f"end={a.spotify_id}")).status_code == 422
    assert client.get(path.replace(f"end={b.spotify_id}", "end=nope")).status_code == 404
    assert client.get(path.replace("steps=4", "steps=51")).status_code == 422


def test_a_path_without_two_tracks_says_what_it_needs(client, run, catalogue):
    assert "Take two tracks into a mix first" in text_of(client.get("/mix/path/"))


def test_without_a_run_the_pages_help(client, catalogue):
    mix = client.get(address(catalogue[:2]))
    assert "There are no clusters yet" in text_of(mix)
    assert [pick.title for pick in mix.context["seeds"]] == [catalogue[0].title, catalogue[1].title]
    ends = f"start={catalogue[0].spotify_id}&end={catalogue[1].spotify_id}"
    assert "There are no clusters yet" in text_of(client.get(f"/mix/path/?{ends}"))


def test_every_name_is_text_whatever_it_contains(client, hostile, catalogue):
    publish_run()
    ends = f"seed={hostile.spotify_id}&seed={DEBUSSY}"
    for path in (
        f"/mix/?{ends}&q=script",
        f"/mix/?seed={DEBUSSY}&limit=100&scope=everywhere",
        f"/mix/path/?{ends}&start={hostile.spotify_id}&end={DEBUSSY}",
        f"/mix/?seed={MARKUP}",
    ):
        raw = client.get(path).content.decode()
        assert "<script>alert" not in raw
        assert "&lt;script&gt;" in raw


def test_the_pages_ask_the_database_few_questions(client, run, catalogue, django_assert_max_num_queries):
    path = address(catalogue[:20:2], [catalogue[31]], limit=100, scope="everywhere")
    client.get(path)
    with django_assert_max_num_queries(10):  # two of them for the ETag
        client.get(path)
