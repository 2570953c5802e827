"""The link of a mix: its page, its files, and what becomes of it when clusters are made anew."""

import pytest

from recommender.answers.requests import RecommendationRequest
from recommender.mixes.links import MixLink, token_of
from recommender.mixes.requests import MixRequest
from tests.factories import publish_run
from tests.pages.test_mix import address, listed, text_of
from tracks.models import Track


def test_the_link_and_the_files_give_the_list(client, run, catalogue):
    response = client.get(address(catalogue[:2], [catalogue[7]], limit=10, scope="everywhere"))
    token = response.context["token"]
    linked = client.get(f"/mix/{token}/")
    assert f'href="/mix/{token}/"' in text_of(response)
    assert listed(linked) == listed(response)
    assert "the list that the link was made for" in text_of(linked)
    for download in response.context["downloads"]:
        assert f'href="{download.url}"' in text_of(response)
        assert client.get(download.url).status_code == 200


def test_a_link_keeps_its_tracks_when_the_clusters_are_made_anew(client, run, catalogue):
    before = client.get(address(catalogue[:2], limit=10))
    token, kept = before.context["token"], listed(before)
    publish_run(2)
    response = client.get(f"/mix/{token}/")
    assert response.status_code == 200
    assert [track.spotify_id for track in response.context["kept"].tracks] == kept
    assert f"run {run.pk} of the clusters" in text_of(response)
    assert len(listed(client.get(response.context["kept"].address))) == 10
    files = [client.get(each.url).content.decode() for each in response.context["downloads"]]
    assert all(track in file for file in files for track in kept)

    Track.objects.filter(spotify_id=kept[3]).delete()
    response = client.get(f"/mix/{token}/")
    assert [track.spotify_id for track in response.context["kept"].tracks] == kept[:3] + kept[4:]
    assert "1 of its tracks is no longer in the catalogue" in text_of(response)
    Track.objects.all().delete()
    assert "None of its tracks is in the catalogue any more" in text_of(client.get(f"/mix/{token}/"))


def test_a_link_keeps_its_tracks_when_its_run_gives_another_list(client, run, catalogue):
    request = MixRequest((catalogue[0].spotify_id,))
    tracks = tuple(track.pk for track in catalogue[10:13])
    response = client.get(f"/mix/{token_of(MixLink(run.pk, request, tracks))}/")
    assert [track.pk for track in response.context["kept"].tracks] == list(tracks)


def test_an_outdated_link_without_tracks_leads_to_the_mix_made_anew(client, run, catalogue):
    seeds = tuple(track.spotify_id for track in catalogue[:2])
    token = token_of(MixLink(run.pk, MixRequest(seeds, (), RecommendationRequest(limit=10))))
    assert len(listed(client.get(f"/mix/{token}/"))) == 10
    publish_run()
    response = client.get(f"/mix/{token}/")
    assert response.status_code == 409
    assert f"run {run.pk} of the clusters" in text_of(response)
    anew = client.get(response.context["anew"])
    assert len(listed(anew)) == 10


@pytest.mark.parametrize("token", ["x", "a~b", "%00", "x" * 3000])
def test_a_broken_link_is_not_found(client, run, token):
    assert client.get(f"/mix/{token}/").status_code == 404


def test_a_link_that_is_not_whole_says_so(client, run):
    response = client.get("/mix/abc/")
    assert response.status_code == 404
    assert "This link to a mix is not whole." in text_of(response)
