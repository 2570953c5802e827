"""Settings, read from the environment once; a bad value is refused with a sentence that names it."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from whitenoise.compress import Compressor

from config.environment import Environment
from config.logs import logging_config

# OpenMP's threads spin at each barrier by default. Beside another busy process they spin away the very
# time slices they wait for: on two cores a fit of 1 s was measured at 14 s, two fits at minutes. The
# library reads it once, when scikit-learn is loaded, so it is set before anything can load that.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(BASE_DIR / ".env")

IS_WEB = os.environ.get("PROCESS") == "web"  # config/wsgi.py and config/asgi.py say so; no setting
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret_key("SECRET_KEY", DATA_DIR / "secret-key")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
HOST = env.text("HOST", "127.0.0.1")
PORT = env.whole_number("PORT", 8000, 1, 65535)
WEB_PROCESSES = env.whole_number("WEB_PROCESSES", 2, 1, 256)
WEB_THREADS = env.whole_number("WEB_THREADS", 4, 1, 256)
PROXIES = env.whole_number("PROXIES", 0, 0, 10)
SECURITY_CONTACT = env.text("SECURITY_CONTACT")
CATALOGUE = env.text("CATALOGUE")
CATALOGUE_URL = env.url("CATALOGUE_URL", ("https", "http"))
RUNS_KEPT = env.whole_number("RUNS_KEPT", 5, 1, 1000)
UPLOAD_LIMIT_MB = env.whole_number("UPLOAD_LIMIT_MB", 1024, 1, 1_000_000)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_celery_beat",
    "django_htmx",
    "ninja",
    "axes",
    "tracks",
    "recommender",
    "config",
]

MIDDLEWARE = [
    "config.metrics.MetricsMiddleware",
    "recommender.api.head.HeadMiddleware",
    "recommender.api.errors.ErrorShapeMiddleware",
    "config.faults.FaultsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # below WhiteNoise, whose files are compressed already
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Database: a file by default, PostgreSQL for several hosts.

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'soundkin.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"] |= {
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")},  # a file, as in production
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
                "PRAGMA mmap_size=268435456;PRAGMA cache_size=-16384"
            ),
        },
    }
else:
    # A request waits for the database only so long; an import or a refit may take hours.
    _waits: dict[str, object] = {"connect_timeout": 5, "keepalives_idle": 30, "tcp_user_timeout": 60_000}
    if IS_WEB:
        DATABASES["default"]["ENGINE"] = "config.postgresql"
        _waits |= {
            "connect_timeout": 2,
            "tcp_user_timeout": 10_000,
            "options": "-c statement_timeout=15s -c lock_timeout=5s",
        }
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"]["OPTIONS"] = _waits | DATABASES["default"].get("OPTIONS", {})

# What a process keeps of a run (fragments of pages) never changes and is quick to make: each keeps its
# own, and a page needs no second service.

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    }
}
if DEBUG:  # templates are edited: a fragment must not outlive its template
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}

# Words and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]  # another one: CONTRIBUTING.md
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_TZ = True

# Static files, under names that carry their content's hash

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# Celery: files by default, a Redis-protocol server for several hosts. The work itself is kept as
# rows in the database (tracks/jobs/work.py), so a message may be lost, and is never kept for its result.

REDIS_URL = env.url("REDIS_URL", ("redis", "rediss"))
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB: what a refit has loaded is given back
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SYNC_EVERY = 1  # a task that was sent is written down at once: whoever looks sees that beat lives
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "socket_connect_timeout": 3,
        "socket_keepalive": True,
    }
    if IS_WEB:
        CELERY_BROKER_TRANSPORT_OPTIONS |= {
            "socket_timeout": 2,
            "socket_connect_timeout": 2,
            "max_retries": 1,
        }
else:
    _broker = DATA_DIR / "broker"
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "queue"),
        "data_folder_out": str(_broker / "queue"),
        "processed_folder": str(_broker / "processed"),
        "control_folder": str(_broker / "control"),
        "polling_interval": 0.1,
    }

# Who may do what

LOGIN_URL = "admin:login"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "config.proxies.client_address"
NINJA_NUM_PROXIES = PROXIES

# What a browser is told

_spotify = "https://open.spotify.com"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "frame-src": [_spotify],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
HTTPS = env.flag("HTTPS")
if HTTPS:
    # The proxy that ends TLS must set this header and drop the one that a client sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked for from inside
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # HSTS of sub-domains is not ours to promise

LOG_LEVEL = env.choice("LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR"))
LOGGING = logging_config(LOG_LEVEL, env.choice("LOG_STYLE", ("console", "json")))
