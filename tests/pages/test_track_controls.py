"""What can be asked of a track's page: its settings and filters, and what cannot be."""

import re

import pytest

from recommender.parameters.labels import parameter_label
from tests.pages.test_track import HTMX, address, rows, text_of

pytestmark = pytest.mark.once


def test_all_settings_are_fetched_when_somebody_opens_them(client, run, catalogue):
    closed = client.get(address(catalogue[0], scope="nearby", seed=catalogue[1].spotify_id))
    assert closed.context["controls"] is None
    assert 'name="scope"' not in closed.content.decode()
    url = closed.context["controls_url"]
    part, whole = client.get(url, headers=HTMX).content.decode(), client.get(url).content.decode()
    for text in (part, whole):
        assert 'value="nearby" checked' in text
        assert f'name="seed" value="{catalogue[1].spotify_id}"' in text
    assert "<html" not in part
    assert f'action="/tracks/{catalogue[0].spotify_id}/"' in whole


def test_what_would_do_nothing_cannot_be_chosen_and_says_why(client, run, catalogue):
    text = client.get(address(catalogue[0]) + "controls/?blend=sound").content.decode()
    assert re.search(r'id="blend-listeners"[^>]* disabled', text)
    assert "No playlists were imported to compare by." in text
    assert re.search(r'<select[^>]* name="familiarity"[^>]* disabled', text)
    assert not re.search(
        r'<select[^>]* name="familiarity"[^>]* disabled',
        client.get(address(catalogue[0]) + "controls/").content.decode(),
    )


def test_controls_keep_what_was_asked(client, run, catalogue):
    response = client.get(address(catalogue[0], scope="everywhere", limit=50, per_artist=0))
    text = response.content.decode()
    assert response.context["request_line"] == "Up to 50 from everywhere"
    controls = client.get(response.context["controls_url"]).content.decode()
    assert 'value="everywhere" checked' in controls
    assert '<option value="50" selected>' in controls
    assert '<option value="0" selected>' in controls
    assert "out of 4 clusters" in text
    assert any(row.other_cluster for row in rows(response))
    assert 'class="chip other-cluster cluster-' in text


@pytest.mark.parametrize(
    "query",
    ["scope=moon", "limit=0", "limit=101", "limit=-1", "limit=1e1", "limit=²", "limit=%00",
     "limit=99999999999999999999", "per_artist=x", "blend=%FF", "min_energy=2", "max_tempo=fast"],
)  # fmt: skip
def test_absurd_parameters_are_answered_with_what_can_be_asked(client, run, catalogue, query):
    response = client.get(f"{address(catalogue[0])}?{query}")
    assert response.status_code == 422
    label = parameter_label(query.partition("=")[0])
    assert re.search(
        rf'<p class="field-problem" id="problem[-\w]*" role="alert">“{label}” must', text_of(response)
    )
    assert rows(response) == []


def test_what_contradicts_itself_is_said_beside_its_fields_which_keep_what_was_typed(client, run, catalogue):
    query = {"min_energy_percent": 80, "max_energy_percent": "50.5", "min_tempo": 120, "min_valence": 0.25}
    response = client.get(address(catalogue[0], **query))
    text = text_of(response)
    assert response.status_code == 422
    assert 'id="problem-energy" role="alert">Energy: no track has at least 80 % and at most 50.5 %.<' in text
    for name, value in (("max_energy_percent", "50.5"), ("min_tempo", "120"), ("min_valence_percent", "25")):
        assert re.search(rf'name="{name}" value="{value}"', text)
    assert re.search(r'name="min_energy_percent"[^>]* aria-invalid="true"', text)
    assert not re.search(r'name="min_tempo"[^>]* aria-invalid', text)
    assert '<details class="filters" open>' in text
    assert "Nothing is listed" in text


def test_an_unknown_genre_is_refused_on_the_page_with_similar_ones(client, run, catalogue):
    response = client.get(address(catalogue[0], genre="jaz", min_tempo=100))
    assert response.status_code == 422
    assert 'id="problem" role="alert">There is no genre jaz. Similar: jazz.<' in text_of(response)
    assert 'name="min_tempo" value="100"' in text_of(response)


def test_htmx_gets_what_is_wrong_for_the_places_beside_the_fields(client, run, catalogue):
    asked = HTMX | {"HX-Target": "neighbours"}
    response = client.get(address(catalogue[0], min_energy_percent=80, max_energy_percent=50), headers=asked)
    assert response.status_code == 422
    assert (response["HX-Reswap"], response["HX-Replace-Url"]) == ("none", "false")
    text = text_of(response)
    assert '<p id="problem-energy" hx-swap-oob="innerHTML">Energy: no track has' in text
    assert '<p id="neighbours-status" hx-swap-oob="innerHTML">The list is the one from before' in text
    assert "<html" not in text


def test_addresses_hold_what_was_asked_in_the_parameters_of_the_api(client, run, catalogue):
    form = {"limit": 20, "scope": "everywhere", "genre": "", "min_energy_percent": 12.5, "only_key": 5,
            "target_tempo": "", "seed": catalogue[1].spotify_id}  # fmt: skip
    clean = address(
        catalogue[0], seed=catalogue[1].spotify_id, scope="everywhere", min_energy=0.125, min_key=5, max_key=5
    )
    assert client.get(address(catalogue[0], **form))["Location"] == clean
    assert client.get(address(catalogue[0], **form), headers=HTMX)["HX-Replace-Url"] == clean
    text = text_of(client.get(clean))
    assert 'name="min_energy_percent" value="12.5"' in text
    assert '<option value="5" selected>F</option>' in text


def test_of_several_genres_each_is_sent_again(client, run, catalogue):
    text = text_of(client.get(f"{address(catalogue[0])}?genre=jazz&genre=classical"))
    assert '<option value="jazz" selected>' in text
    assert '<input type="checkbox" name="genre" value="classical" checked>classical' in text
