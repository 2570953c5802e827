"""`manage.py evaluate_recommendations`: from the database and from a file, and what it refuses."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recommender.runs.refitting import RefitParameters, perform_refit, start_refit
from tests.recommender.evaluation.toy_playlists import lists_of_tastes, store, tastes
from tracks.models import Playlist, Track

pytestmark = pytest.mark.django_db(transaction=True)

FAST = ("--questions", "1", "--folds", "1", "--lists", "5", "--no-library", "--verbosity", "0")


def evaluate(*arguments: str) -> str:
    out = StringIO()
    call_command("evaluate_recommendations", *arguments, *FAST, stdout=out)
    return out.getvalue()


@pytest.fixture
def lists() -> list[list[int]]:
    """A published run of a toy catalogue, and playlists that are stored nowhere yet."""
    drawn = lists_of_tastes(tastes(150), n_playlists=45)
    run, _created = start_refit(RefitParameters(2))
    perform_refit(run)
    return drawn


def as_file(lists: list[list[int]], folder: Path) -> str:
    ids = dict(Track.objects.values_list("pk", "spotify_id"))
    rows = [f"list {number},{ids[pk]}" for number, pks in enumerate(lists) for pk in pks]
    path = folder / "lists.csv"
    path.write_text("\n".join(["playlist_name,track_id", *rows]) + "\n")
    return str(path)


def test_a_file_is_judged_without_being_stored_as_the_stored_playlists_are(lists, tmp_path):
    of_file = evaluate(as_file(lists, tmp_path))
    assert not Playlist.objects.exists()

    store(lists)
    assert evaluate() == of_file
    assert "## From 5 seeds" in of_file


def test_clusters_that_were_made_from_playlists_are_remarked(lists):
    store(lists)
    run, _created = start_refit(RefitParameters(2, feature_space="listeners"))
    perform_refit(run)

    assert "made from playlists too" in evaluate()


def test_json_and_markdown_are_written_where_asked(lists, tmp_path):
    store(lists)
    said = evaluate("--json", str(tmp_path / "t.json"), "--markdown", str(tmp_path / "t.md"))
    figures = json.loads((tmp_path / "t.json").read_text())

    assert said == ""
    assert "| audio only |" in (tmp_path / "t.md").read_text()
    first = figures["tables"]["1"][0]["figures"]["ndcg"]
    assert first["low"] <= first["mean"] <= first["high"]
    assert figures["options"]["folds"] == 1


def test_without_playlists_it_says_to_import_them(lists):
    with pytest.raises(CommandError, match="import_playlists"):
        evaluate()


def test_without_a_run_it_says_to_make_one():
    with pytest.raises(CommandError, match="refit_clusters"):
        evaluate()


def test_a_file_of_unknown_tracks_or_none_at_all_is_refused(lists, tmp_path):
    unknown = tmp_path / "unknown.csv"
    unknown.write_text("playlist_name,track_id\na,0000000000000000000000\n")
    with pytest.raises(CommandError, match="Import tracks first"):
        evaluate(str(unknown))
    with pytest.raises(CommandError, match=r"missing\.csv"):
        evaluate(str(tmp_path / "missing.csv"))


@pytest.mark.parametrize(
    "arguments", [("--questions", "0"), ("--folds", "x"), ("--folds", "4"), ("--lists", "-1")]
)
def test_counts_out_of_range_are_refused(arguments):
    with pytest.raises(CommandError, match=arguments[0]):
        call_command("evaluate_recommendations", *arguments, "--verbosity", "0", stdout=StringIO())


def test_a_table_that_cannot_be_written_is_told(lists, tmp_path):
    store(lists)
    with pytest.raises(CommandError, match="Cannot write"):
        evaluate("--json", str(tmp_path / "nowhere" / "t.json"))
