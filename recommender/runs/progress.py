"""How far a refit is, by its phases."""

from recommender.choices import Phase
from tracks.jobs.supervision import Supervision

# The percent of the whole that is behind us when a phase begins: measured on 90,000 tracks.
BEGINS_AT = {
    False: dict(zip(Phase, (0, 8, 10, 22, 22, 32, 50, 55, 65, 90, 93), strict=True)),
    True: dict(zip(Phase, (0, 5, 7, 13, 48, 53, 64, 67, 73, 93, 95), strict=True)),
}


def begins_at(phase: Phase, *, choosing: bool) -> int:
    """Percent at which `phase` begins, with or without an automatic choice of `n_clusters`."""
    return BEGINS_AT[choosing][phase]


class Reporter:
    """Progress in terms of the phases of a refit."""

    def __init__(self, supervision: Supervision, *, choosing: bool) -> None:
        self._supervision, self._choosing = supervision, choosing

    def __call__(self, phase: Phase, done: float = 0.0) -> None:
        """Report `phase` with the fraction of it that is done."""
        phases = list(Phase)
        begin = begins_at(phase, choosing=self._choosing)
        last = phase is phases[-1]
        end = 100 if last else begins_at(phases[phases.index(phase) + 1], choosing=self._choosing)
        self._supervision.progress(phase.value, begin + done * (end - begin))
