"""The colours that carry meaning stand out from their ground, in light and in dark."""

import re
from pathlib import Path

import pytest

from recommender.pages.lists import PARTS
from recommender.pages.picture import N_COLOURS

STATIC = Path(__file__).parents[2] / "static" / "css"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in TOKEN.findall((STATIC / "tokens.css").read_text())}
GROUNDS = ("page", "card")
DRAWN = [
    *(f"part-{name}" for name in PARTS),
    *(f"cluster-{number}" for number in range(N_COLOURS)),
    "accent",
    "edge",
]
WRITTEN = ("ink", "muted", "accent", "accent-strong", "bad")


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_what_the_standard_says():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_what_is_drawn_stands_out_from_its_ground(scheme, ground):
    found = {name: contrast(COLOURS[name][scheme], COLOURS[ground][scheme]) for name in DRAWN}
    assert {name: round(value, 2) for name, value in found.items() if value < 3} == {}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", [*GROUNDS, "sunk", "accent-wash", "bad-wash"])
def test_what_is_written_can_be_read(scheme, ground):
    found = {name: contrast(COLOURS[name][scheme], COLOURS[ground][scheme]) for name in WRITTEN}
    assert {name: round(value, 2) for name, value in found.items() if value < 4.5} == {}


def test_every_part_is_drawn_in_its_colour_and_every_colour_is_a_token():
    track = (STATIC / "track.css").read_text()
    assert [name for name in PARTS if f".part-{name} {{ fill: var(--part-{name}); }}" not in track] == []
    listeners = [
        path.name
        for path in STATIC.glob("*.css")
        if not path.name.startswith(("tokens", "admin", "api-docs"))
    ]
    assert {name: re.findall(r"#[0-9a-f]{3,8}\b", (STATIC / name).read_text()) for name in listeners} == {
        name: [] for name in listeners
    }
