"""The phases of a refit, in order, and what they are called on a page."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    LOADING = "loading", _("reading the catalogue")
    SCALING = "scaling", _("scaling the audio features")
    LEARNING = "learning", _("learning from genres, artists and playlists")
    CHOOSING = "choosing", _("choosing the number of clusters")
    FITTING = "fitting", _("fitting the clusters")
    SCORING = "scoring", _("scoring the clusters")
    DESCRIBING = "describing", _("describing and naming the clusters")
    ORDERING = "ordering", _("ordering the tracks for serving")
    JUDGING = "judging", _("judging on held-out playlists")
    WRITING = "writing", _("writing the snapshot")
    PUBLISHING = "publishing", _("publishing")


# The percent of the whole that is behind us when a phase begins: measured on 90,000 tracks.
BEGINS_AT = {
    False: dict(zip(Phase, (0, 8, 10, 22, 22, 32, 50, 55, 65, 90, 93), strict=True)),
    True: dict(zip(Phase, (0, 5, 7, 13, 48, 53, 64, 67, 73, 93, 95), strict=True)),
}


def begins_at(phase: Phase, *, choosing: bool) -> int:
    """Percent at which `phase` begins, with or without an automatic choice of `n_clusters`."""
    return BEGINS_AT[choosing][phase]


def phase_label(code: str) -> str:
    """A stored phase in the reader's language; "" while there is none."""
    return str(Phase(code).label) if code in Phase else ""
