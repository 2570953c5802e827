"""The spaces that clusters can be fitted in. The web process reads the names, so nothing numeric here."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FeatureSpace(models.TextChoices):
    """What of a track clusters are made of."""

    CONTEXT = "context", _("audio in context")
    AUDIO = "audio", _("audio")
    LISTENERS = "listeners", _("audio + listeners")
