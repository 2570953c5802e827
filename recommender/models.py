"""The clusters' rows: runs, their clusters, and which track belongs where in which run."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommender.algorithms.clustering.name_codes import NameCode
from recommender.choices import Phase
from recommender.cluster_names import name_in_words
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


class ClusterQuerySet(models.QuerySet["Cluster"]):
    def top_level(self) -> Self:
        """The clusters themselves, without their sub-clusters."""
        return self.filter(parent=None)


class Cluster(models.Model):
    """A group in a run, or with a `parent` a sub-cluster: a group in a cluster of the same run.

    `number` and name follow the matching cluster of the run before. `label` is the fitted integer, the
    position among the clusters, or among all sub-clusters, in the snapshot; `number` is what people see and
    bookmark, a sub-cluster's within its cluster. `name_code` is what the name says, put into words when
    shown; `name` the same in the language of the site, and all there is of runs of older versions.
    `traits` are codes (`"acousticness:high"`) put into words when shown; `genres` is a
    list of `{"genre", "share", "lift", "low", "high"}`, `missing` one of genres that are common elsewhere;
    `centroid` is in the features' own units; `known_examples` are the ids (`Track.pk`) of well-known typical
    tracks, `examples` of those nearest the centroid; `points` are sampled PCA coordinates for the picture.
    """

    run = models.ForeignKey(ClusteringRun, on_delete=models.CASCADE, related_name="clusters")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="subclusters"
    )
    label = models.PositiveSmallIntegerField(_("label"))
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=120)
    name_code = models.JSONField(_("name as a code"), default=dict)
    size = models.PositiveIntegerField(_("size"))
    traits = models.JSONField(_("traits"), default=list)
    genres = models.JSONField(_("genres"), default=list)
    missing = models.JSONField(_("missing genres"), default=list)
    centroid = models.JSONField(_("centroid"), default=dict)
    known_examples = models.JSONField(_("known examples"), default=list)
    examples = models.JSONField(_("examples"), default=list)
    points = models.JSONField(_("points"), default=list)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=["run", "label"], condition=models.Q(parent=None), name="one_cluster_a_label"
            ),
            models.UniqueConstraint(
                fields=["run", "number"], condition=models.Q(parent=None), name="one_cluster_a_number"
            ),
            models.UniqueConstraint(
                fields=["run", "label"], condition=~models.Q(parent=None), name="one_subcluster_a_label"
            ),
            models.UniqueConstraint(fields=["parent", "number"], name="one_subcluster_a_number"),
        )

    def __str__(self) -> str:
        return self.name_in_words

    def get_absolute_url(self) -> str:
        if self.parent is not None:
            return reverse("subcluster", args=[self.parent.number, self.number])
        return reverse("cluster", args=[self.number])

    @property
    def name_in_words(self) -> str:
        """The name in the reader's language."""
        return name_in_words(NameCode.of(self.name_code) if self.name_code else self.name)


class Assignment(models.Model):
    """The cluster of a track in one run, with its distance to the centroid in scaled units.

    `subcluster` is None where the cluster is not split.
    """

    # No index of its own: the one of (run, track) serves, and each costs time in every refit.
    run = models.ForeignKey(
        ClusteringRun, on_delete=models.CASCADE, related_name="assignments", db_index=False
    )
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="assignments")
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="assignments")
    subcluster = models.ForeignKey(
        Cluster, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    distance = models.FloatField(_("distance to the centroid"))

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = (models.UniqueConstraint(fields=["run", "track"], name="one_cluster_a_track_and_run"),)

    def __str__(self) -> str:
        return f"{self.track_id} → {self.cluster_id}"
