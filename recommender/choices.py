"""What a refit can be asked for and what it is doing. Web processes read the names: nothing numeric here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

N_COLOURS = 12  # of clusters, in static/css/tokens.css; a cluster has that of its number


class FeatureSpace(models.TextChoices):
    """What of a track clusters are made of."""

    CONTEXT = "context", _("audio in context")
    AUDIO = "audio", _("audio")
    LISTENERS = "listeners", _("audio + listeners")


class Phase(models.TextChoices):
    """The phases of a refit, in order."""

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
