import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

from recommender import views

PATHS = ("/", "/?q=title", "/search/live/?q=title", "/clusters/", "/clusters/1/", "/clusters/99/", "/nope",
         "/tracks/clairdelune00000000001/", "/mix/",
         "/mix/?seed=clairdelune00000000001&q=title", "/mix/path/")  # fmt: skip


@pytest.mark.parametrize(
    "template", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"]
)
def test_error_pages_stand_without_database_or_context_and_lead_on(template):
    text = render_to_string(template)
    assert re.search(r"<h1>[^<]{10,}</h1>", text)
    assert 'class="button" href="/"' in text


def test_our_own_mistake_is_admitted_without_its_details(client, run, monkeypatch):
    def broken(*_args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(views, "recommend", broken)
    client.raise_request_exception = False
    response = client.get("/tracks/clairdelune00000000001/")
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()
    assert "secret" not in response.content.decode()


def test_a_form_without_its_token_is_explained(db):
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert "The form was too old" in response.content.decode()


@pytest.mark.parametrize("path", PATHS)
def test_no_page_has_inline_script_or_style_and_the_policy_forbids_them(client, run, path):
    response = client.get(path)
    text = response.content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
