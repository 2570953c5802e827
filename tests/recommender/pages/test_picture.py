from dataclasses import dataclass, field

import numpy as np

from recommender.pages.picture import HEIGHT, MARGIN, WIDTH, picture


@dataclass
class Sampled:
    number: int
    points: list = field(default_factory=list)


def coordinates(cloud):
    return [tuple(map(int, dot.removesuffix("h0").split())) for dot in cloud.path.split("M")[1:]]


def test_every_point_is_a_dot_and_up_is_up():
    drawn = picture([Sampled(1, [[0, 0], [0, 2]]), Sampled(14, [[2, 0], [2, 2]])])
    left, right = map(coordinates, (drawn.clouds[0], drawn.clouds[1]))
    assert left == [(MARGIN, HEIGHT - MARGIN), (MARGIN, MARGIN)]
    assert right == [(WIDTH - MARGIN, HEIGHT - MARGIN), (WIDTH - MARGIN, MARGIN)]
    assert [cloud.colour for cloud in drawn.clouds] == [1, 2]
    assert drawn.n_points == 4


def test_far_points_stand_at_the_border_and_the_rest_keeps_its_room():
    points = np.random.default_rng(0).normal(size=(1000, 2)).tolist()
    drawn = picture([Sampled(1, [*points, [1e6, -1e6]])])
    dots = np.array(coordinates(drawn.clouds[0]))
    assert tuple(dots[-1]) == (WIDTH - MARGIN, HEIGHT - MARGIN)
    assert dots[:-1, 0].std() > WIDTH / 10
    assert dots.min() >= MARGIN
    assert (dots <= (WIDTH - MARGIN, HEIGHT - MARGIN)).all()


def test_a_cloud_is_labelled_at_its_middle_and_the_origin_is_known():
    drawn = picture([Sampled(1, [[-1, -1], [0, 0], [1, 1]])])
    assert (drawn.clouds[0].label_x, drawn.clouds[0].label_y) == (WIDTH // 2, HEIGHT // 2)
    assert (drawn.origin_x, drawn.origin_y) == (WIDTH // 2, HEIGHT // 2)


def test_points_that_all_coincide_are_drawn():
    assert len(coordinates(picture([Sampled(1, [[3, 3], [3, 3]])]).clouds[0])) == 2


def test_without_points_there_is_no_picture():
    assert picture([]) is None
    assert picture([Sampled(1)]) is None
