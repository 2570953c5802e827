"""The curve of the candidates that were measured to choose `n_clusters`, as data for an SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 560, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 34


@dataclass(frozen=True, slots=True)
class Mark:
    """A candidate on the canvas, with its figures for the label."""

    x: float
    y: float
    n_clusters: int
    value: float
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One measure over all candidates; `points` is an SVG polyline."""

    name: str
    marks: tuple[Mark, ...]

    @property
    def points(self) -> str:
        return " ".join(f"{mark.x},{mark.y}" for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Curve:
    """Silhouette and stability by number of clusters, both on one axis from 0 to 1."""

    width: int
    height: int
    baseline: float
    left: int
    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, str], ...]


def candidates_curve(candidates: Sequence[dict[str, Any]], chosen: int | None) -> Curve | None:
    """The curve of a run's stored candidates, or None when none were measured."""
    if not candidates:
        return None
    numbers = [each["n_clusters"] for each in candidates]
    lines = tuple(_line(name, candidates, numbers, chosen) for name in ("silhouette", "stability"))
    ticks = tuple((_y(value), f"{value:.1f}") for value in (0.0, 0.5, 1.0))
    return Curve(WIDTH, HEIGHT, _y(0.0), LEFT, lines, ticks)


def _line(
    name: str, candidates: Sequence[dict[str, Any]], numbers: Sequence[int], chosen: int | None
) -> Line:
    first, span = min(numbers), max(1, max(numbers) - min(numbers))
    marks = [
        Mark(
            x=round(LEFT + (WIDTH - LEFT - RIGHT) * (each["n_clusters"] - first) / span, 1),
            y=_y(each[name]),
            n_clusters=each["n_clusters"],
            value=each[name],
            is_chosen=each["n_clusters"] == chosen,
        )
        for each in candidates
    ]
    return Line(name, tuple(marks))


def _y(value: float) -> float:
    inside = min(1.0, max(0.0, value))
    return round(HEIGHT - BOTTOM - inside * (HEIGHT - TOP - BOTTOM), 1)
