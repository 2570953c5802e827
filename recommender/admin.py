"""The admin of the clusters: the runs, the button that makes a new one, and what came of each."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import PeriodicTask

from recommender.admin_forms import RefitForm
from recommender.evaluation.verdict import challenge_text, first_text, harness_table, kept_back_text
from recommender.models import ClusteringRun
from recommender.pages.curve import candidates_curve
from recommender.runs.choice_words import choice_in_words
from recommender.runs.comparison import compare_runs
from recommender.runs.figures import run_figures, score_text
from recommender.runs.refitting import (
    REFITS,
    CannotActivate,
    activate,
    in_flight_text,
    refit_soon,
    unchanged_since,
)
from recommender.runs.retention import kept_runs
from recommender.runs.schedule import beat_status
from recommender.traits import traits_sentence
from tracks.jobs.admin import WorkAdmin


@admin.register(ClusteringRun)
class ClusteringRunAdmin(WorkAdmin):
    """Runs are made and shown, never edited."""

    queue = REFITS
    folder = "admin/recommender/clusteringrun"

    list_display = (
        "__str__",
        "state",
        "active",
        "n_clusters",
        "silhouette",
        "stability",
        "n_tracks",
        "took",
        "requested_by",
        "created_at",
    )
    actions = ("compare",)
    change_list_template = f"{folder}/runs.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("status"))
    def state(self, work: Any) -> str:
        """No progress of a running one: it stands above the list, and follows the run."""
        if kept_back_text(work):
            return _("%(status)s, kept back") % {"status": work.get_status_display()}
        return str(work.get_status_display())

    @admin.display(description=gettext_lazy("active"))
    def active(self, run: ClusteringRun) -> str:
        """In words: Django's red cross would call every other run a fault."""
        return _("answers now") if run.is_active else ""

    @admin.display(description=gettext_lazy("clusters"))
    def n_clusters(self, run: ClusteringRun) -> str:
        return str(run.fitted.get("n_clusters", "–"))

    @admin.display(description=gettext_lazy("silhouette"))
    def silhouette(self, run: ClusteringRun) -> str:
        return score_text(run, "silhouette", 3)

    @admin.display(description=gettext_lazy("stability"))
    def stability(self, run: ClusteringRun) -> str:
        return score_text(run, "stability", 3)

    @admin.display(description=gettext_lazy("duration"))
    def took(self, run: ClusteringRun) -> str:
        return "–" if run.duration is None else f"{run.duration.total_seconds():.1f} s"

    @admin.action(description=gettext_lazy("Compare the two selected runs"), permissions=("view",))
    def compare(self, request: HttpRequest, queryset: QuerySet[ClusteringRun]) -> HttpResponse | None:
        ids = sorted(queryset.values_list("pk", flat=True))
        if len(ids) == 2:
            return HttpResponseRedirect(self.url("compare", *ids))
        self.message_user(request, _("Select two runs to compare."), messages.WARNING)
        return None

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, self._url_name
        own = [
            path("refit/", view(require_POST(self.refit_view)), name=name("refit")),
            path("progress/", view(self.progress_view), name=name("progress")),
            path("<int:run_id>/activate/", view(require_POST(self.activate_view)), name=name("activate")),
            path("<int:older>/compare/<int:newer>/", view(self.compare_view), name=name("compare")),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.queue.fail_dead()
        context = self._progress_context(request) | {"form": RefitForm(), "title": _("Clustering runs")}
        context |= {"beat": beat_status(), "unchanged_since": unchanged_since()}
        context |= self._last_ended() | (extra_context or {})
        return super().changelist_view(request, context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One run: its scores, how its number of clusters was chosen, and its clusters."""
        run = self.get_object(request, object_id)
        if run is None or not self.has_view_permission(request, run):
            return super().change_view(request, object_id, form_url, extra_context)
        clusters = [
            (cluster, traits_sentence(cluster.traits), run.origins_of(cluster.number))
            for cluster in run.clusters.top_level()
        ]
        context = {
            "title": str(run),
            "run": run,
            "one_run": [run],
            "figures": run_figures([run]),
            "curve": candidates_curve(run.fitted.get("candidates", []), run.fitted.get("n_clusters")),
            "choice": choice_in_words(run),
            "clusters": clusters,
            "retired": run.fitted.get("continuity", {}).get("retired", {}).items(),
            "harness": harness_table(run),
            "verdict": challenge_text(run),
            "kept_back": kept_back_text(run),
            "first": first_text(run),
            "may_activate": self.may(request, "activate") and run.pk in kept_runs() and not run.is_active,
        }
        return self.page(request, "run.html", context)

    def compare_view(self, request: HttpRequest, older: int, newer: int) -> HttpResponse:
        self.require(request, "view")
        runs = [get_object_or_404(ClusteringRun, pk=pk) for pk in (older, newer)]
        comparison = compare_runs(*runs)
        context = {
            "title": _("%(older)s and %(newer)s") % {"older": runs[0], "newer": runs[1]},
            "runs": runs,
            "comparison": comparison,
            "stayed": None if comparison.stayed is None else 100 * comparison.stayed,
        }
        return self.page(request, "comparison.html", context)

    def progress_view(self, request: HttpRequest) -> HttpResponse:
        """The live part of the list. When a run has begun or ended, htmx is told to load the page anew: its
        row is another."""
        self.require(request, "view")
        self.queue.fail_dead()
        context = self._progress_context(request)
        in_flight = context["work"]
        seen = request.GET.get("seen")
        context["is_news"] = in_flight is not None and in_flight.stage != seen
        response = render(request, f"{self.folder}/progress.html", context)
        if in_flight is None or (seen == "" and in_flight.stage):
            response["HX-Refresh"] = "true"
        return response

    def refit_view(self, request: HttpRequest) -> HttpResponse:
        self.require(request, "refit")
        form = RefitForm(request.POST)
        if not form.is_valid():
            for error in (text for texts in form.errors.values() for text in texts):
                messages.error(request, str(error))
            return HttpResponseRedirect(self.url("changelist"))
        run, created = refit_soon(form.parameters(), request.user)
        if created:
            self.log_addition(request, run, _("Asked for a refit."))
            messages.success(request, _("%(run)s is queued.") % {"run": run})
        else:
            messages.warning(request, in_flight_text(run))
        return HttpResponseRedirect(self.url("changelist"))

    def activate_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        self.require(request, "activate")
        run = get_object_or_404(ClusteringRun, pk=run_id)
        try:
            activate(run)
        except CannotActivate as error:
            messages.error(request, str(error))
        else:
            self.log_change(request, run, _("Made the active run."))
            messages.success(request, _("%(run)s is the active run now.") % {"run": run})
        return HttpResponseRedirect(self.url("changelist"))

    def watched_at(self, work: ClusteringRun) -> str:
        return self.url("changelist")

    def _progress_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "opts": self.opts,
            "work": ClusteringRun.objects.in_flight().first(),
            "progress_url": self.url("progress"),
            "may_refit": self.may(request, "refit"),
            "may_cancel": self.may(request, "cancel"),
        }

    def _last_ended(self) -> dict[str, Any]:
        """How the newest run ended, if it has."""
        newest = ClusteringRun.objects.order_by("-pk").first()
        if newest is None or newest.is_in_flight:
            return {}
        return {"ended": newest, "kept_back": kept_back_text(newest) if not newest.is_active else ""}


class ScheduleAdmin(PeriodicTaskAdmin):  # type: ignore[misc]
    """The library's page, its actions for those alone who may change a task."""

    change_form_template = None  # the library's has an inline script, which our policy forbids

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        return actions if self.has_change_permission(request) else {}


admin.site.unregister(PeriodicTask)
admin.site.register(PeriodicTask, ScheduleAdmin)
