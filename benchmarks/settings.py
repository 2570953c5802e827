"""The site's own settings with one more page: the empty JSON view that the others are compared with."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
