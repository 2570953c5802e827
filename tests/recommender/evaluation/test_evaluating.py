"""Judging on a toy catalogue whose listeners' tastes are known."""

import builtins

import numpy as np
import pytest
from django.db import transaction

from recommender.algorithms.evaluation.measures import split_playlists
from recommender.evaluation import held_out, weighing
from recommender.evaluation.evaluating import NothingToJudge, Options, evaluate
from recommender.evaluation.held_out import only
from recommender.evaluation.results import Setting
from recommender.evaluation.tables import as_json, as_markdown
from recommender.fitting.blend_arrays import blend_arrays
from tests.recommender.evaluation.toy_playlists import as_arrays, data_and_clusters, lists_of_tastes, tastes

pytestmark = [pytest.mark.django_db, pytest.mark.once]

QUICK = Options(questions=2, lists=40, library=False)


@pytest.fixture(scope="module")
def toy(django_db_setup, django_db_blocker):
    """The ground, its clusters and playlists: read once, as nothing here asks the database again."""
    with django_db_blocker.unblock(), transaction.atomic():
        playlists = as_arrays(lists_of_tastes(tastes()))
        data, clustered = data_and_clusters()
        transaction.set_rollback(True)
    return data, clustered, playlists


@pytest.fixture(scope="module")
def evaluation(toy):
    return evaluate(*toy, QUICK)


def row_of(evaluation, n_seeds: int, setting: Setting):
    return next(row for row in evaluation.tables[n_seeds] if row.setting == setting)


def test_the_table_has_every_blend_scope_and_cap_beside_the_baselines(evaluation):
    found = {row.setting for row in evaluation.tables[1]}

    scopes = ("cluster", "nearby", "everywhere")
    learnt = {Setting(b, s, with_, c) for b in ("balanced", "listeners") for s in scopes
              for with_ in (False, True) for c in (0, 5)}  # fmt: skip
    sound = {Setting("sound", s, False, c) for s in scopes for c in (0, 5)}
    simple = {Setting(name) for name in ("random", "popular", "popular_in_genre", "audio")}
    assert found == learnt | sound | simple
    assert {row.setting for row in evaluation.tables[5]} == found


def test_what_listeners_share_is_found_only_by_learning_from_them(evaluation):
    for n_seeds in (1, 5):
        learnt = row_of(evaluation, n_seeds, Setting("listeners", "everywhere", True)).figures["ndcg"]
        content = row_of(evaluation, n_seeds, Setting("listeners", "everywhere", False)).figures["ndcg"]
        assert learnt.low > content.high


def test_sound_everywhere_without_cap_is_the_audio_baseline_from_one_seed(evaluation):
    sound = row_of(evaluation, 1, Setting("sound", "everywhere"))
    audio = row_of(evaluation, 1, Setting("audio"))

    # The nearest release of a recording may be another than the one that stands for it.
    assert sound.figures["ndcg"].mean == pytest.approx(audio.figures["ndcg"].mean, rel=0.1)


def test_no_list_has_a_duplicate_or_an_artist_over_the_cap_and_intervals_hold_their_means(evaluation):
    for row in (*evaluation.tables[1], *evaluation.tables[5], *evaluation.whole):
        assert row.worst["most_duplicates"] == 0
        if row.setting.cap:
            assert row.worst["most_of_artist"] <= row.setting.cap
        for interval in row.figures.values():
            assert interval.low <= interval.mean <= interval.high


def test_the_same_input_gives_the_same_table_and_another_seed_another(toy, evaluation):
    first = as_json(evaluation)
    other = as_json(evaluate(*toy, Options(questions=1, folds=1, lists=5, library=False, random_state=1)))

    assert as_json(evaluate(*toy, QUICK)) == first
    assert first["tables"] != other["tables"]


def test_nothing_is_learnt_from_the_playlists_that_are_asked_about(toy, monkeypatch):
    learnt_from: list[set[int]] = []

    def spy(catalogue, X, playlists=None, **options):
        if playlists is not None:
            learnt_from.append(set(playlists.playlists.tolist()))
        return blend_arrays(catalogue, X, playlists, **options)

    monkeypatch.setattr(held_out, "blend_arrays", spy)
    evaluate(*toy, QUICK)

    folds = [set(fold.tolist()) for fold in split_playlists(60, 3, random_state=0)]
    assert [set(range(60)) - fold for fold in folds] == learnt_from[:3]


def test_vectors_do_not_change_with_what_a_held_out_playlist_holds(toy):
    data, _clustered, playlists = toy
    lists = [part.tolist() for part in np.split(playlists.tracks, playlists.indptr[1:-1])]
    training = np.arange(20, 60)
    changed = as_arrays([[pk + 1 for pk in each] if n < 20 else each for n, each in enumerate(lists)])
    before, after = (data.blended(only(each, training)).arrays for each in (playlists, changed))

    assert before.listeners.shape[1] > 0
    assert np.array_equal(before.listeners, after.listeners)
    assert np.array_equal(before.familiarity, after.familiarity)


def test_too_few_playlists_are_refused_with_what_to_do(toy):
    data, clustered, playlists = toy
    with pytest.raises(NothingToJudge, match="import_playlists"):
        evaluate(data, clustered, only(playlists, np.arange(9)), QUICK)


def test_without_the_library_its_rows_are_left_out_by_name(toy, monkeypatch):
    real = builtins.__import__

    def importing(name, *rest, **options):
        if name.startswith("implicit"):
            raise ImportError(name)
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", importing)
    evaluation = evaluate(*toy, Options(questions=1, folds=1, lists=10, n_seeds=(1,)))

    assert any("implicit" in text for text in evaluation.left_out)
    assert "implicit==0.7.3" in as_markdown(evaluation)


def test_the_library_stands_in_its_best_setting_beside_the_blends(toy):
    pytest.importorskip("implicit", reason="the baselines of the library implicit")
    evaluation = evaluate(*toy, Options(questions=1, folds=1, lists=10, n_seeds=(1,)))
    rows = {row.setting.method: row for row in evaluation.tables[1] if row.setting.detail}

    assert set(rows) == {"als", "bm25"}
    random = row_of(evaluation, 1, Setting("random")).figures["ndcg"]
    assert all(row.figures["ndcg"].low > random.high for row in rows.values())
    assert any(ratio.name == "over_library" for ratio in evaluation.ratios)


def test_weights_chosen_on_training_playlists_alone_turn_to_the_listeners(toy, monkeypatch):
    monkeypatch.setattr(weighing, "QUESTIONS", 2)
    options = Options(questions=1, folds=1, lists=10, n_seeds=(1,), library=False, nested=True)
    evaluation = evaluate(*toy, options)

    chosen = evaluation.weights[-1]
    assert chosen["listeners"] > chosen["sound"]
    assert row_of(evaluation, 1, Setting("chosen", "everywhere", True))


def test_the_tables_are_one_line_a_method(evaluation):
    text = as_markdown(evaluation)

    assert "## From 1 seed\n" in text
    assert "## From 5 seeds\n" in text
    assert "| balanced, with listeners, nearby, at most 5 of an artist |" in text
    assert as_json(evaluation)["questions"]["1"] == evaluation.n_questions[1]
