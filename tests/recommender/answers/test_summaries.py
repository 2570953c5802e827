import pytest

from recommender.answers.summaries import cluster_examples, cluster_list, cluster_summary
from recommender.snapshots.store import SnapshotUnavailable, open_snapshot, snapshot_folder
from tests.factories import make_catalogue, publish_run
from tracks.models import Track

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    make_catalogue(60)
    return publish_run(n_clusters=3)


def test_clusters_are_listed_by_number_with_their_facts(run):
    summaries = cluster_list(run)

    assert [summary.number for summary in summaries] == [1, 2, 3]
    for summary, cluster in zip(summaries, run.clusters.order_by("number"), strict=True):
        assert (summary.name, summary.size, summary.label) == (cluster.name, cluster.size, cluster.label)
        assert [(g.genre, g.share, g.lift) for g in summary.genres] == [
            (row["genre"], row["share"], row["lift"]) for row in cluster.genres
        ]
        assert summary.centroid == cluster.centroid
        assert summary.traits in (["energetic"], ["calm"])
        assert summary.traits_sentence == summary.traits[0]


def test_numbers_need_not_follow_the_labels(run):
    for cluster in run.clusters.order_by("-label"):
        cluster.number = 10 * (9 - cluster.label)
        cluster.save()

    assert [(summary.number, summary.label) for summary in cluster_list(run)] == [(70, 2), (80, 1), (90, 0)]


def test_one_cluster_is_found_by_number(run):
    assert cluster_summary(run, 2) == cluster_list(run)[1]
    assert cluster_summary(run, 4) is None
    assert cluster_summary(run, 10**30) is None


def test_a_published_run_is_read_once(run, django_assert_num_queries):
    cluster_list(run)

    with django_assert_num_queries(0):
        cluster_list(run)


def test_two_runs_are_told_apart(run):
    other = publish_run(n_clusters=2)

    assert [len(cluster_list(each)) for each in (run, other, run)] == [3, 2, 3]


def test_examples_are_cards_nearest_the_centroid_first(run):
    summary = cluster_list(run)[0]

    snapshot = open_snapshot(run.pk)
    assert [card.pk for card in cluster_examples(snapshot, summary).nearest] == list(summary.example_ids)
    Track.objects.filter(pk=summary.example_ids[0]).delete()
    assert [card.pk for card in cluster_examples(snapshot, summary).nearest] == list(summary.example_ids[1:])


def test_a_run_without_files_is_refused(run):
    (snapshot_folder(run.pk) / "meta.json").unlink()

    with pytest.raises(SnapshotUnavailable):
        cluster_list(run)
