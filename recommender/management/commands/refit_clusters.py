"""`manage.py refit_clusters`: what the admin button does, in this process and without a broker."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from recommender.choices import FeatureSpace
from recommender.evaluation.verdict import challenge_text, first_text, kept_back_text
from recommender.models import ClusteringRun
from recommender.runs.choice_words import choice_in_words
from recommender.runs.refitting import (
    MAX_CLUSTERS,
    MIN_CLUSTERS,
    InvalidParameters,
    RefitParameters,
    in_flight_text,
    perform_refit,
    start_refit,
)
from tracks.jobs.commands import WorkCommand
from tracks.jobs.work import Status


class Command(WorkCommand):
    help = (
        "Cluster the catalogue anew and make the result the run that pages answer from.\n\n"
        "The nine continuous audio features are standardised, drawn to what a track's genres and\n"
        "artist make one expect, and clustered with KMeans; what playlists say is learnt; the run\n"
        "is scored, its clusters are named, and numbers and names of clusters that stayed the\n"
        "same are kept. It is kept but not made active when its clusters are unstable (below 0.7), or when\n"
        "held-out playlists find it worse than the active run. Until it is published, the run before it\n"
        "answers. Only one refit runs at a time; Ctrl-C cancels this one. It exits with 1 when nothing\n"
        "was published."
    )

    examples = (
        "refit_clusters                      choose the number of clusters from the data",
        "refit_clusters --n-clusters 12      exactly 12 clusters",
        "refit_clusters --random-state 7     other random starts, same method",
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--n-clusters",
            type=int,
            metavar="N",
            help=f"{MIN_CLUSTERS} to {MAX_CLUSTERS}; without it the number is chosen from the data: "
            "the best silhouette among those that other samples of the tracks confirm",
        )
        parser.add_argument(
            "--random-state",
            type=int,
            default=0,
            metavar="SEED",
            help="seed of all random choices (default 0); the same seed and catalogue give the same run",
        )

        parser.add_argument(
            "--feature-space",
            choices=FeatureSpace.values,
            default=FeatureSpace.CONTEXT.value,
            help="what clusters are made of: audio features drawn to what genres and artist make one expect "
            "(context, the default), as they are (audio), or drawn to what playlists make one expect too "
            "(listeners)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            parameters = RefitParameters(
                options["n_clusters"], options["random_state"], options["feature_space"]
            )
        except InvalidParameters as error:
            raise CommandError(str(error)) from error
        run, created = start_refit(parameters)
        if not created:
            raise CommandError(in_flight_text(run))
        self.perform(run, perform_refit, show_bar=options["verbosity"] > 0)

    def report(self, run: ClusteringRun) -> None:
        if run.status != Status.DONE:
            return
        self.stdout.write(
            (
                _("%(run)s is published: %(tracks)d tracks in %(clusters)d clusters, %(seconds).1f s.")
                if run.is_active
                else _("%(run)s is kept: %(tracks)d tracks in %(clusters)d clusters, %(seconds).1f s.")
            )
            % {
                "run": run,
                "tracks": run.n_tracks,
                "clusters": run.fitted["n_clusters"],
                "seconds": run.duration.total_seconds() if run.duration else 0,
            }
        )
        self.stdout.write(choice_in_words(run))
        for text in (kept_back_text(run), first_text(run), challenge_text(run)):
            if text:
                self.stdout.write(text)
        for cluster in run.clusters.top_level():
            self.stdout.write(f"  {cluster.number:>4}  {cluster.size:>8}  {cluster.name}")
