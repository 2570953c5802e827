"""The colours that carry meaning stand out from their ground, in light and in dark."""

import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from recommender.choices import N_COLOURS
from recommender.pages.lists import PARTS
from tests.pages.colour_vision import SIMULATIONS, ciede2000, difference

STATIC = Path(__file__).parents[2] / "static" / "css"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")
SHEETS = "".join((STATIC / name).read_text() for name in ("tokens.css", "track.css"))
COLOURS = {name: (light, dark) for name, light, dark in TOKEN.findall(SHEETS)}
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


@pytest.mark.parametrize(
    "one, other, expected",
    [
        ([50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425),
        ([50, 2.5, 0], [61, -5, 29], 22.8977),
        ([50, -1, 2], [50, 0, 0], 2.3669),
        ([6.7747, -0.2908, -2.4247], [5.8714, -0.0985, -2.2286], 0.6377),
        ([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082),
    ],
)
def test_differences_are_those_of_the_published_table(one, other, expected):
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("simulation, least", [(None, 10), *((name, 6) for name in SIMULATIONS)])
def test_cluster_colours_can_be_told_apart(scheme, simulation, least):
    colours = [COLOURS[f"cluster-{number}"][scheme] for number in range(N_COLOURS)]
    assert len(colours) == 12
    assert min(difference(*pair, simulation) for pair in combinations(colours, 2)) >= least


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_steps_of_a_cluster_colour_stand_out_from_their_ground_and_differ(scheme):
    mixes = re.findall(
        r'\[data-step="(\d)"\] \{ --colour: color-mix\(in srgb, var\(--hue\) (\d+)%, var\(--ink\)\); \}',
        (STATIC / "tokens.css").read_text(),
    )
    assert [step for step, _percent in mixes] == ["1", "2"]
    for number in range(N_COLOURS):
        hue, ink = COLOURS[f"cluster-{number}"][scheme], COLOURS["ink"][scheme]
        steps = [hue, *(mixed(hue, ink, int(percent)) for _step, percent in mixes)]
        assert min(contrast(step, COLOURS[ground][scheme]) for step in steps for ground in GROUNDS) >= 3
        assert min(difference(*pair) for pair in pairwise(steps)) > 3


def mixed(colour: str, other: str, percent: int) -> str:
    parts = (
        round((percent * int(colour[p : p + 2], 16) + (100 - percent) * int(other[p : p + 2], 16)) / 100)
        for p in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def test_every_part_is_drawn_in_its_colour_and_every_colour_is_a_token():
    track = (STATIC / "track.css").read_text()
    assert [name for name in PARTS if f".part-{name} {{ fill: var(--part-{name}); }}" not in track] == []
    listeners = [path for path in STATIC.glob("*.css") if not path.name.startswith(("admin", "api-docs"))]
    colour, token = re.compile(r"#[0-9a-f]{3,8}\b"), re.compile(r"^\s*--[\w-]+:")
    lines = [line for path in listeners for line in path.read_text().splitlines() if colour.search(line)]
    assert [line for line in lines if not token.match(line)] == []
