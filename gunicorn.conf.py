"""The web server: `gunicorn config.wsgi` reads this. Addresses and sizes come from the environment."""

import ctypes
import gc
import os
import shutil
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PROCESS", "web")
# One request is one thread's work: a matrix product that wakes other threads costs several times itself.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from django.conf import settings

bind = f"{settings.HOST}:{settings.PORT}"
worker_class = "gthread"
workers = settings.WEB_PROCESSES
threads = settings.WEB_THREADS
preload_app = True  # code is loaded once and shared; the snapshot is mapped, and shared anyway
limit_request_line = 8190  # its highest: a mix stands in the address, and can be a hundred tracks long
timeout = 60
graceful_timeout = 20
max_requests = 20_000  # a leak, should there be one, has an end
max_requests_jitter = 2_000
control_socket_disable = True
logconfig_dict = settings.LOGGING

# Options of glibc's `mallopt` by their numbers: one pool of memory for all threads, which take turns anyway;
# and large arrays outside of it, given back when they go. By itself the library raises that bound, and after
# a while of requests side by side a tenth of the memory lies between arrays that are gone.
M_ARENA_MAX, M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -8, -1, -3
MEMORY = {M_ARENA_MAX: 1, M_MMAP_THRESHOLD: 1 << 20, M_TRIM_THRESHOLD: 4 << 20}

metrics_folder = settings.DATA_DIR / "metrics" / str(settings.PORT)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics_folder)
metrics_folder.mkdir(parents=True, exist_ok=True)


def on_starting(arbiter: Any) -> None:
    """Refuse to start without static files: every page names them. Figures begin at zero."""
    if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").is_file():
        sys.exit(
            "Soundkin cannot start. The static files are not collected: "
            "run `python manage.py collectstatic --noinput` first."
        )
    shutil.rmtree(metrics_folder)
    metrics_folder.mkdir()


def when_ready(arbiter: Any) -> None:
    """Make the API's description for all workers, so that nobody waits for it. Then keep what is loaded out
    of the sight of the garbage collector, which would write to all of it in every worker, and so make each
    a copy of its own (docs of Python's `gc.freeze`)."""
    from django.urls import get_script_prefix
    from django.utils import translation

    from recommender.api.site import openapi_document

    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            openapi_document(get_script_prefix(), language)
    gc.collect()
    gc.freeze()


def post_fork(arbiter: Any, worker: Any) -> None:
    """Set how memory is kept; only glibc needs it."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        for option, value in MEMORY.items():
            libc.mallopt(option, value)


def child_exit(arbiter: Any, worker: Any) -> None:
    """Let go of what only a living process may report."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)
