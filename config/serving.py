"""The settings of web processes: those of all processes, with the tables of the schedule alone.

Commands, migrations among them, run with `config.settings`.
"""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [
    app.replace("config.schedule.apps.WholeSchedule", "config.schedule.apps.ScheduleTables")
    for app in INSTALLED_APPS
]
