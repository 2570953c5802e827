"""Refit: ask for a new clustering run, perform it, and choose the run that pages answer from.

The web process imports this module to ask, so nothing here may load scikit-learn, SciPy or pandas.
"""

from dataclasses import asdict, dataclass
from typing import Any

import structlog
from django.db import transaction
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from recommender.choices import FeatureSpace
from recommender.models import ClusteringRun
from recommender.runs.retention import prune_runs
from recommender.snapshots.store import SnapshotUnavailable, active_snapshot, open_snapshot
from tracks.jobs.queue import Queue
from tracks.jobs.supervision import ProgressListener
from tracks.jobs.work import Status
from tracks.models import CatalogueImport, Playlist, PlaylistImport, Track

log = structlog.get_logger(__name__)

MIN_CLUSTERS = 2
MAX_CLUSTERS = 256
MAX_SEED = 2**32 - 1
REFITS = Queue(ClusteringRun, "recommender.tasks.refit_clusters", "refits")


class InvalidParameters(ValueError):
    """What was asked for cannot be done; the text says what can."""


class CannotActivate(Exception):
    """This run cannot become the active one; the text says why."""


@dataclass(frozen=True, slots=True)
class RefitParameters:
    """What can be asked of a refit. `n_clusters` None means: chosen automatically.

    Raises `InvalidParameters` for values outside of `MIN_CLUSTERS` … `MAX_CLUSTERS`, of
    0 … `MAX_SEED`, and of the names in `FeatureSpace`.
    """

    n_clusters: int | None = None
    random_state: int = 0
    feature_space: str = FeatureSpace.CONTEXT.value

    def __post_init__(self) -> None:
        if self.feature_space not in FeatureSpace.values:
            text = _("feature_space must be one of: %(values)s.")
            raise InvalidParameters(text % {"values": ", ".join(FeatureSpace.values)})
        if self.n_clusters is not None:
            _check_range("n_clusters", self.n_clusters, MIN_CLUSTERS, MAX_CLUSTERS)
        _check_range("random_state", self.random_state, 0, MAX_SEED)


def _check_range(name: str, value: Any, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        text = _("%(name)s must be a whole number from %(low)d to %(high)d, not %(value)s.")
        raise InvalidParameters(text % {"name": name, "low": low, "high": high, "value": value})


def request_refit(
    parameters: RefitParameters | None = None, requested_by: Any = None
) -> tuple[ClusteringRun, bool]:
    """Queue a refit, or return the one in flight: `(run, created)`.

    Whoever wants it performed at once by a worker calls `refit_soon` instead.
    """
    return REFITS.request(parameters=asdict(parameters or RefitParameters()), requested_by=requested_by)


def refit_soon(
    parameters: RefitParameters | None = None, requested_by: Any = None
) -> tuple[ClusteringRun, bool]:
    """Ask for a refit by a worker, at once: `(run, created)`; the one in flight when there is one."""
    return REFITS.request_now(parameters=asdict(parameters or RefitParameters()), requested_by=requested_by)


def start_refit(
    parameters: RefitParameters | None = None, requested_by: Any = None
) -> tuple[ClusteringRun, bool]:
    """As `request_refit`, but claimed for this process, which then calls `perform_refit`."""
    return REFITS.start(parameters=asdict(parameters or RefitParameters()), requested_by=requested_by)


def needs_refit() -> bool:
    """Whether no run can answer, or tracks or playlists have changed since the newest published run began.

    They change by imports; playlists may be deleted in the admin, and tracks by a program.
    """
    try:
        if active_snapshot() is None:
            return True
    except SnapshotUnavailable:
        return True
    newest = ClusteringRun.objects.published().latest("pk")
    if Track.objects.count() != newest.n_tracks:
        return True
    if newest.fitted.get("n_playlists", n_playlists := Playlist.objects.count()) != n_playlists:
        return True
    later = {"status": Status.DONE, "finished_at__gt": newest.started_at}
    if PlaylistImport.objects.filter(**later).exists():
        return True
    changes = (work.report["changes"] for work in CatalogueImport.objects.filter(**later))
    return any(change["new"] or change["updated"] for change in changes)


def unchanged_since() -> ClusteringRun | None:
    """The run that read the catalogue as it is; None when a refit would find something new.

    It would of a run that a version without sub-clusters made.
    """
    if needs_refit():
        return None
    newest = ClusteringRun.objects.published().latest("pk")
    return newest if "n_subclusters" in newest.fitted else None


def request_scheduled_refit() -> ClusteringRun | None:
    """Queue a refit with the parameters of the active run, which somebody chose; None when none is needed."""
    if unchanged := unchanged_since():
        log.info("scheduled_refit_skipped", reason="nothing has changed", since_run=unchanged.pk)
        return None
    active = ClusteringRun.objects.active()
    run, _created = request_refit(RefitParameters(**active.parameters) if active else None)
    return run


def in_flight_text(run: ClusteringRun) -> str:
    """Why a second refit does not start: "A refit is already running, started at …"."""
    if run.started_at is None:
        return _("A refit is already queued (%(run)s).") % {"run": run}
    started = localize(localtime(run.started_at))
    return _("A refit is already running, started at %(time)s (%(run)s).") % {"time": started, "run": run}


def run_queued_refit() -> ClusteringRun | None:
    """Claim the queued run and perform it; None when there is none, or another worker was first."""
    return REFITS.perform_next(perform_refit)


def perform_refit(run: ClusteringRun, on_progress: ProgressListener | None = None) -> None:
    """Perform a claimed run: afterwards it is published and active, or cancelled.

    A failure is recorded on the run and raised again. Whatever the end, what is no longer needed
    of older runs is removed.
    """
    # Imported only where it is performed: fitting loads scikit-learn, which web processes do without.
    from recommender.runs.pipeline import fit_and_publish

    try:
        REFITS.perform(run, lambda supervision: fit_and_publish(run, supervision), on_progress)
    finally:
        prune_runs()


def activate(run: ClusteringRun) -> None:
    """Make a published run the active one. Raises `CannotActivate` when it is not whole any more."""
    if run.status != Status.DONE:
        raise CannotActivate(_("Run %(run)d was never published.") % {"run": run.pk})
    try:
        open_snapshot(run.pk)
    except SnapshotUnavailable as error:
        raise CannotActivate(_("The files of run %(run)d are no longer kept.") % {"run": run.pk}) from error
    with transaction.atomic():
        ClusteringRun.objects.deactivate_all()
        ClusteringRun.objects.filter(pk=run.pk).update(is_active=True)
    run.is_active = True
    log.info("run_activated", run=run.pk)
