from recommender.pages.curve import candidates_curve


def candidate(n_clusters: int, silhouette: float, stability: float) -> dict:
    return {"n_clusters": n_clusters, "silhouette": silhouette, "stability": stability}


def test_better_is_higher_and_more_clusters_further_right():
    curve = candidates_curve([candidate(2, 0.5, 1.0), candidate(4, 0.25, 0.0)], chosen=4)
    silhouette, stability = curve.lines
    assert (silhouette.name, stability.name) == ("silhouette", "stability")
    assert silhouette.marks[0].x < silhouette.marks[1].x
    assert silhouette.marks[0].y < silhouette.marks[1].y
    assert stability.marks[1].y == curve.baseline
    assert [mark.is_chosen for mark in silhouette.marks] == [False, True]


def test_a_negative_silhouette_stays_on_the_canvas():
    curve = candidates_curve([candidate(2, -0.4, 0.5)], chosen=2)
    assert curve.lines[0].marks[0].y == curve.baseline
    assert curve.lines[0].points == f"{curve.left:.1f},{curve.baseline}"


def test_without_candidates_there_is_no_curve():
    assert candidates_curve([], chosen=8) is None
