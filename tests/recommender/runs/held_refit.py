"""`refit_clusters` that holds in one phase, so that a test can cancel, interrupt or kill it right there.

Run as `python -m tests.recommender.runs.held_refit PHASE…`: one refit a phase, one after the other, each in
a forked process, as starting Python with all its libraries takes longer than a refit. After one that was
killed, SIGUSR1 starts the next.
"""

import multiprocessing
import signal
import sys
import time

import django

held: list[str] = []


def hold(place: str) -> None:
    """Stop here, computing, if this is the place."""
    if place == held[-1]:
        tell(f"holding in {place} as {multiprocessing.current_process().pid}")
        busy_for(3600)


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def hold_in_phases() -> None:
    """Let the refit stop as soon as it reports the phase that is held."""
    from tracks.jobs.supervision import Supervision

    report = Supervision.progress

    def report_and_hold(self: Supervision, reached: str, percent: float) -> None:
        report(self, reached, percent)
        hold(reached)

    Supervision.progress = report_and_hold


def hold_in_transaction() -> None:
    """Let the refit stop inside the transaction that publishes it, with everything written."""
    from recommender.models import ClusteringRun

    finish = ClusteringRun.finish

    def finish_and_hold(self: ClusteringRun, **fields: object) -> None:
        finish(self, **fields)
        hold("transaction")

    ClusteringRun.finish = finish_and_hold


def busy_for(seconds: float) -> None:
    """Compute, as a fit would: nothing in here looks at the clock of the supervision."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(10_000))


def refit_held_in(place: str) -> None:
    """Run the command; only a held choice has to choose, which takes longest."""
    from django.core.management import CommandError, call_command

    held.append(place)
    try:
        call_command("refit_clusters", n_clusters=None if place == "choosing" else 3)
    except CommandError as error:
        tell(str(error))
        sys.exit(1)


def main() -> None:
    django.setup()
    from recommender.runs import pipeline  # noqa: F401  loaded once, before the forks

    hold_in_phases()
    hold_in_transaction()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # which ends the daemonic process too
    endings = []
    for place in sys.argv[1:]:
        process = multiprocessing.get_context("fork").Process(
            target=refit_held_in, args=(place,), daemon=True
        )
        process.start()
        process.join()
        endings.append(process.exitcode)
        if process.exitcode == -signal.SIGKILL:
            signal.sigwait([signal.SIGUSR1])
    sys.exit(max(0, *endings))


if __name__ == "__main__":
    main()
