"""The wiring. Every process loads the Celery application, so that a task is sent to the site's own broker."""

from config.celery import app as celery_app

__all__ = ("celery_app",)
