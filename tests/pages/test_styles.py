"""A page loads the stylesheet of every class it uses."""

import re
from pathlib import Path

import pytest

from tests.pages.test_errors import PATHS

pytestmark = pytest.mark.once

STATIC = Path(__file__).parents[2] / "static" / "css"
STYLES = {path.name: set(re.findall(r"\.([a-z][\w-]*)", path.read_text())) for path in STATIC.glob("*.css")}
OURS = set().union(*(names for sheet, names in STYLES.items() if not sheet.startswith("admin")))


@pytest.mark.parametrize("path", [*PATHS, "/?q=qqxxzz", "/?q=spotify:track:4u7EnebtmKWzUH433cf5Qv"])
def test_every_class_of_a_page_has_its_style(client, run, path):
    text = client.get(path, follow=True).content.decode()
    if "<html" not in text:
        text += client.get("/").content.decode()  # a part of the search page
    loaded = set(re.findall(r'href="[^"]*css/([\w-]+\.css)"', text))
    used = {name for names in re.findall(r'class="([^"]*)"', text) for name in names.split()}
    styled = set().union(*(STYLES[sheet] for sheet in loaded))
    assert (used & OURS) - styled == set()
