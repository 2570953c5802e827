"""The clusters' rows: runs, their clusters, and which track belongs where in which run."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommender.choices import Phase
from tracks.jobs.work import Status, Work, WorkQuerySet, one_in_flight
from tracks.models import Track


class ClusteringRunQuerySet(WorkQuerySet):
    def active(self) -> "ClusteringRun | None":
        """The run that pages answer from, or None before the first."""
        return self.filter(is_active=True).first()

    def published(self) -> Self:
        return self.filter(status=Status.DONE)

    def deactivate_all(self) -> None:
        """To be called in the transaction that makes another run the active one."""
        active = self.filter(is_active=True)
        list(active.select_for_update().values_list("pk"))  # two at once: the second waits for the first
        active.update(is_active=False)


class ClusteringRun(Work):
    """One stored fitting of the catalogue. It never changes after it is published.

    `parameters` are what was asked for, `fitted` what came of it (the chosen `n_clusters` and why,
    the feature names), `scores` the figures of the run.
    """

    phases = Phase

    parameters = models.JSONField(_("parameters"), default=dict)
    fitted = models.JSONField(_("fitted"), default=dict, blank=True)
    scores = models.JSONField(_("scores"), default=dict, blank=True)
    n_tracks = models.PositiveIntegerField(_("tracks"), default=0)
    is_active = models.BooleanField(_("active"), default=False)

    objects = ClusteringRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("clustering run")
        verbose_name_plural = _("clustering runs")
        ordering = ("-pk",)
        default_permissions = ("view", "refit", "cancel", "activate")
        constraints = (
            one_in_flight("one_refit_at_a_time"),
            models.UniqueConstraint(
                fields=["is_active"], condition=models.Q(is_active=True), name="one_active_run"
            ),
        )

    def __str__(self) -> str:
        return _("Run %(number)d") % {"number": self.pk}

    @property
    def is_kept_back(self) -> bool:
        """Whether it was not made active by itself: playlists find it worse, or it is too unstable."""
        judged = self.scores.get("challenge", {}).get("worse"), self.scores.get("gate", {}).get("unstable")
        return any(judged)

    def heirs_of(self, number: int) -> list[int]:
        """The clusters with the members of a number that was given up, the largest part first."""
        return list(self._continuity("retired").get(str(number), []))

    def origins_of(self, number: int) -> list[int]:
        """The clusters of the run before that this one was made of; none where it simply continues one."""
        return list(self._continuity("origins").get(str(number), []))

    def _continuity(self, name: str) -> dict[str, list[int]]:
        found: dict[str, list[int]] = self.fitted.get("continuity", {}).get(name, {})
        return found


class Cluster(models.Model):
    """A group in a run. `number`, `name` and colour follow the matching cluster of the run before.

    `label` is the fitted integer, the position in the snapshot; `number` is what people see and
    bookmark. `traits` are codes (`"acousticness:high"`) put into words when shown; `genres` is a
    list of `{"genre", "share", "lift"}`; `centroid` is in the features' own units; `examples` are the
    ids (`Track.pk`) nearest the centroid; `points` are sampled PCA coordinates for the picture.
    """

    run = models.ForeignKey(ClusteringRun, on_delete=models.CASCADE, related_name="clusters")
    label = models.PositiveSmallIntegerField(_("label"))
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=120)
    size = models.PositiveIntegerField(_("size"))
    traits = models.JSONField(_("traits"), default=list)
    genres = models.JSONField(_("genres"), default=list)
    centroid = models.JSONField(_("centroid"), default=dict)
    examples = models.JSONField(_("examples"), default=list)
    points = models.JSONField(_("points"), default=list)

    class Meta:
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["run", "label"], name="one_cluster_a_label"),
            models.UniqueConstraint(fields=["run", "number"], name="one_cluster_a_number"),
            models.UniqueConstraint(fields=["run", "name"], name="one_cluster_a_name"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cluster", args=[self.number])


class Assignment(models.Model):
    """The cluster of a track in one run, with its distance to the centroid in scaled units."""

    # No index of its own: the one of (run, track) serves, and each costs time in every refit.
    run = models.ForeignKey(
        ClusteringRun, on_delete=models.CASCADE, related_name="assignments", db_index=False
    )
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="assignments")
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="assignments")
    distance = models.FloatField(_("distance to the centroid"))

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = (models.UniqueConstraint(fields=["run", "track"], name="one_cluster_a_track_and_run"),)

    def __str__(self) -> str:
        return f"{self.track_id} → {self.cluster_id}"
