"""The picture of a run: a sample of its tracks on the two main axes of the feature space, as SVG data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.choices import N_COLOURS
from recommender.traits import adjectives

WIDTH, HEIGHT, MARGIN = 1000, 640, 48
KEPT_PERCENT = (0.1, 99.9)
WORDS_AN_END = 3


class SampledCluster(Protocol):
    """What the picture needs of a cluster; `points` are PCA coordinates (n_sampled, 2)."""

    @property
    def number(self) -> int: ...

    @property
    def points(self) -> Sequence[Sequence[float]]: ...


@dataclass(frozen=True, slots=True)
class Cloud:
    """The dots of one cluster as one SVG path, and where its number stands."""

    number: int
    colour: int
    path: str
    label_x: int
    label_y: int


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis by what the features that load on it say at its `low` and its `high` end."""

    low: str
    high: str
    explained: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Clouds on a canvas of `width` × `height`, with the pixel coordinates of the space's origin.

    `x_axis` and `y_axis` are None when the run did not keep what loads on them.
    """

    width: int
    height: int
    clouds: tuple[Cloud, ...]
    origin_x: int
    origin_y: int
    n_points: int
    x_axis: Axis | None
    y_axis: Axis | None


def picture(clusters: Sequence[SampledCluster], axes: Sequence[Mapping[str, Any]] = ()) -> Picture | None:
    """The clusters' sampled points on one canvas; None when the run kept none.

    The canvas shows the middle 99.8 % of each axis; the few points beyond stand at its border.
    """
    drawn = [cluster for cluster in clusters if cluster.points]
    if not drawn:
        return None
    points = [np.asarray(cluster.points, dtype=np.float64) for cluster in drawn]
    low, high = np.percentile(np.concatenate(points), KEPT_PERCENT, axis=0)
    clouds = [
        _cloud(cluster.number, _pixels(xy, low, high)) for cluster, xy in zip(drawn, points, strict=True)
    ]
    origin_x, origin_y = _pixels(np.zeros((1, 2)), low, high)[0]
    x_axis, y_axis = (*map(_axis, axes), None, None)[:2]
    return Picture(
        width=WIDTH,
        height=HEIGHT,
        clouds=tuple(clouds),
        origin_x=int(origin_x),
        origin_y=int(origin_y),
        n_points=sum(map(len, points)),
        x_axis=x_axis,
        y_axis=y_axis,
    )


def _axis(stored: Mapping[str, Any]) -> Axis:
    """An axis from `{"explained": share, "loadings": [{"feature", "weight"}, …]}`, heaviest first."""
    ends = {
        "high": stored["loadings"],
        "low": [each | {"weight": -each["weight"]} for each in stored["loadings"]],
    }
    return Axis(
        low=_end_in_words(ends["low"]), high=_end_in_words(ends["high"]), explained=float(stored["explained"])
    )


def _end_in_words(loadings: Sequence[Mapping[str, Any]]) -> str:
    codes = [f"{each['feature']}:{'high' if each['weight'] > 0 else 'low'}" for each in loadings]
    return ", ".join(adjectives(codes)[:WORDS_AN_END])


def _pixels(points: NDArray[np.float64], low: NDArray[Any], high: NDArray[Any]) -> NDArray[np.int64]:
    """Coordinates (n, 2) as whole pixels inside the margins; y grows downwards on a screen."""
    span = np.where(high > low, high - low, 1.0)
    inside = np.clip((points - low) / span, 0, 1)
    inside[:, 1] = 1 - inside[:, 1]
    size = np.array([WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN])
    pixels: NDArray[np.int64] = np.rint(MARGIN + inside * size).astype(np.int64)
    return pixels


def _cloud(number: int, pixels: NDArray[np.int64]) -> Cloud:
    label_x, label_y = np.median(pixels, axis=0)
    path = "".join(f"M{x} {y}h0" for x, y in pixels.tolist())
    return Cloud(number, number % N_COLOURS, path, int(label_x), int(label_y))
