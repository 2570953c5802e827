"""The phases of an import, in order, and what they are called on a page."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    READING = "reading", _("reading and checking the rows")
    SAVING = "saving", _("saving tracks, artists and genres")
    GROUPING = "grouping", _("finding recordings")
    INDEXING = "indexing", _("making the search index")


# The percent of the whole that is behind us when a phase begins: measured on 114,000 rows.
BEGINS_AT = {Phase.READING: 0, Phase.SAVING: 40, Phase.GROUPING: 65, Phase.INDEXING: 75}


def phase_label(code: str) -> str:
    """A stored phase in the reader's language; "" while there is none."""
    return str(Phase(code).label) if code in Phase else ""
