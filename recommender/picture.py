"""The study's picture: a sample of the tracks on the two main axes of the scaled feature space, as SVG data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, MARGIN = 1000, 640, 48
KEPT_PERCENT = (0.5, 99.5)
N_COLOURS = 12


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
class Picture:
    """Clouds on a canvas of `width` × `height`, with the pixel coordinates of the space's origin."""

    width: int
    height: int
    clouds: tuple[Cloud, ...]
    origin_x: int
    origin_y: int
    n_points: int


def picture(clusters: Sequence[SampledCluster]) -> Picture | None:
    """The clusters' sampled points on one canvas; None when the run kept none.

    The canvas shows the middle 99 % of each axis; the few points beyond stand at its border.
    """
    drawn = [cluster for cluster in clusters if cluster.points]
    if not drawn:
        return None
    points = [np.asarray(cluster.points, dtype=np.float64) for cluster in drawn]
    low, high = np.percentile(np.concatenate(points), KEPT_PERCENT, axis=0)
    clouds = [_cloud(cluster.number, _pixels(xy, low, high)) for cluster, xy in zip(drawn, points, strict=True)]
    origin_x, origin_y = _pixels(np.zeros((1, 2)), low, high)[0]
    return Picture(WIDTH, HEIGHT, tuple(clouds), int(origin_x), int(origin_y), sum(map(len, points)))


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
