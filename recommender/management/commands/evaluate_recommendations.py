"""`manage.py evaluate_recommendations`: how good the recommendations are, measured on real playlists."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from recommender.evaluation.evaluating import Evaluation, NothingToJudge, Options
from recommender.evaluation.judging_runs import NoRunToJudge, judge_active_run
from recommender.evaluation.tables import as_json, as_markdown
from recommender.snapshots.store import SnapshotUnavailable
from tracks.importing.refusals import ImportRefused
from tracks.jobs.commands import ProgressBar, TeachingCommand

OF_FOLDS = 3


class Command(TeachingCommand):
    help = (
        "Measure the recommendations of the active run on playlists held out from learning.\n\n"
        "Whole playlists are held out, a third at a time; listener vectors and the library's\n"
        "models learn from the others alone. Each question shows one track of a held-out\n"
        "playlist, or five, and looks for the rest of it among 50 answers. Recordings are\n"
        "counted, not ids. Beside every blend and scope, with and without listeners and the\n"
        "artist cap, stand lists that any method must beat: random, most popular, popular in\n"
        "the genre, audio only, and ALS and BM25 of the library implicit (a development\n"
        "requirement; without it these two are left out).\n\n"
        "nDCG@50: 1 when all of the playlist comes first. hit@10: one found among ten.\n"
        "Cold: no seed stands in more than one training playlist. Coverage: share of the\n"
        "catalogue in some list of these questions; reachability: in some list of drawn seeds.\n"
        "Popularity bias: points of popularity above the playlist's own. Largest share: of the\n"
        "lists, that one track stands in.\n\n"
        "The same input, options and seed give the same table. It exits with 1 when nothing\n"
        "could be measured. docs/evaluation.md says more."
    )

    examples = (
        "evaluate_recommendations                        the imported playlists",
        "evaluate_recommendations playlist_songs.csv     a file, without storing it",
        "evaluate_recommendations --folds 1 --questions 1 --lists 100    in a minute",
        "evaluate_recommendations --questions 4 --lists 10000 --nested --json table.json",
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths",
            nargs="*",
            type=Path,
            metavar="FILE",
            help="playlists to judge by, in any form that import_playlists reads; nothing is stored "
            "(default: those that are imported)",
        )
        add_count(parser, "--questions", 2, 1, "most questions of one playlist; of five seeds half as many")
        add_count(parser, "--folds", OF_FOLDS, 1, f"how many of the {OF_FOLDS} thirds are judged in turn")
        add_count(parser, "--lists", 500, 0, "drawn seeds for the whole lists and reachability; 0: all")
        add_count(parser, "--random-state", 0, 0, "seed of all random choices")
        parser.add_argument(
            "--nested",
            action="store_true",
            help="also choose weights on training playlists alone, from a neutral start: slower",
        )
        parser.add_argument("--no-library", action="store_true", help="leave ALS and BM25 out")
        parser.add_argument("--json", type=Path, metavar="PATH", help="also write all figures as JSON")
        parser.add_argument(
            "--markdown", type=Path, metavar="PATH", help="write the tables there instead of printing them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["folds"] > OF_FOLDS:
            raise CommandError(_("--folds must be at most %d.") % OF_FOLDS)
        evaluation = self.evaluated(options)
        if options["json"]:
            write(options["json"], json.dumps(as_json(evaluation), indent=1) + "\n")
        if options["markdown"]:
            write(options["markdown"], as_markdown(evaluation))
        else:
            self.stdout.write(as_markdown(evaluation))

    def evaluated(self, options: dict[str, Any]) -> Evaluation:
        asked = Options(
            questions=options["questions"],
            folds=options["folds"],
            of_folds=OF_FOLDS,
            lists=options["lists"],
            nested=options["nested"],
            library=not options["no_library"],
            random_state=options["random_state"],
        )
        with ProgressBar(shown=options["verbosity"] > 0) as bar:
            try:
                return judge_active_run(
                    options["paths"], asked, lambda what, part: bar.show(what, int(100 * part))
                )
            except (NoRunToJudge, NothingToJudge, SnapshotUnavailable, ImportRefused) as error:
                raise CommandError(str(error)) from error
            except KeyboardInterrupt:
                raise CommandError(_("Interrupted. Nothing was stored.")) from None


def add_count(parser: CommandParser, name: str, default: int, least: int, text: str) -> None:
    """An option that takes a whole number of at least `least`."""

    def count(value: str) -> int:
        try:
            number = int(value)
        except ValueError as error:
            raise argparse.ArgumentTypeError(_("%s is no whole number") % value) from error
        if number < least:
            raise argparse.ArgumentTypeError(_("must be at least %d") % least)
        return number

    parser.add_argument(name, type=count, default=default, metavar="N", help=f"{text} (default {default})")


def write(path: Path, text: str) -> None:
    try:
        path.write_text(text)
    except OSError as error:
        values = {"path": path, "reason": error.strerror}
        raise CommandError(_("Cannot write %(path)s: %(reason)s.") % values) from error
