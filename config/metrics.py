"""Figures for Prometheus: how long requests take, and how the catalogue and its clusters stand.

A request pays for one histogram by view and one counter by method, view and status. Every label has few
values whatever is asked for (all of the admin is one view), so that a flood of odd requests cannot make
the text long. Under several web processes the figures are kept in files that any of them can add up
(`PROMETHEUS_MULTIPROC_DIR`, set by gunicorn.conf.py).
"""

import os
import time
from collections.abc import Callable, Iterator

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from recommender.models import ClusteringRun
from recommender.runs.schedule import beat_status
from tracks.jobs.work import Status, Work
from tracks.models import CatalogueImport, Track

REQUESTS = Histogram(
    "soundkin_request_seconds",
    "Time to answer a request, without sending it.",
    ["view"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
ANSWERS = Counter("soundkin_requests", "Requests that were answered.", ["method", "view", "status"])
METHODS = {"GET", "HEAD", "POST"}


class MetricsMiddleware:
    """Observe every request that reaches Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in METHODS else "other"
        match = request.resolver_match
        view = match.view_name if match else "none"
        if match and match.namespace == "admin":
            view = "admin"
        REQUESTS.labels(view).observe(time.perf_counter() - started)
        ANSWERS.labels(method, view, response.status_code).inc()
        return response


class Standing(Collector):
    """What the database says now, asked when somebody reads the metrics."""

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("soundkin_tracks", "Tracks in the catalogue.", value=Track.objects.count())
        yield from _active_run()
        if sent := beat_status().last_sent_at:
            yield GaugeMetricFamily(
                "soundkin_beat_last_sent_timestamp_seconds",
                "When beat last sent a scheduled task.",
                value=sent.timestamp(),
            )
        work = GaugeMetricFamily(
            "soundkin_work", "Imports and refits, by how they stand.", labels=["kind", "status"]
        )
        _count(work, "import", CatalogueImport)
        _count(work, "refit", ClusteringRun)
        yield work


def _active_run() -> Iterator[Metric]:
    run = ClusteringRun.objects.active()
    number = run.pk if run else 0
    yield GaugeMetricFamily("soundkin_active_run", "The active run, 0 before the first.", value=number)
    if run and run.finished_at:
        age = (timezone.now() - run.finished_at).total_seconds()
        yield GaugeMetricFamily("soundkin_active_run_age_seconds", "Time since it was made.", value=age)


def _count(family: GaugeMetricFamily, kind: str, model: type[Work]) -> None:
    rows = model._default_manager.order_by().values_list("status").annotate(Count("pk"))
    counted = dict(rows)
    for status in Status.values:
        family.add_metric([kind, status], counted.get(status, 0))


def metrics(request: HttpRequest) -> HttpResponse:
    """All figures in Prometheus' text format."""
    standing = CollectorRegistry()
    standing.register(Standing())
    registry: CollectorRegistry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # the figures of all processes
        registry = CollectorRegistry()
        registry.register(MultiProcessCollector(None))  # type: ignore[no-untyped-call]
    text = generate_latest(registry) + generate_latest(standing)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)
