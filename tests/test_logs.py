"""Every process logs one line an event, whoever says it."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = """
import logging, django, structlog
django.setup()
structlog.get_logger("tracks").info("import_ended", rows=3)
logging.getLogger("celery").warning("from a %s", "library")
try:
    private = "the value of a variable"
    raise ValueError("bad")
except ValueError:
    logging.getLogger("django.request").exception("failed")
logging.getLogger("recommender").debug("not asked for")
"""


def logged(**environment: str) -> list[str]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_for_machines_each_event_is_one_json_object():
    ours, library, failure = (json.loads(line) for line in logged(LOG_STYLE="json"))

    assert (ours["event"], ours["rows"], ours["level"], ours["logger"]) == (
        "import_ended",
        3,
        "info",
        "tracks",
    )
    assert (library["event"], library["level"]) == ("from a library", "warning")
    assert "ValueError: bad" in failure["exception"]


def test_for_people_each_event_is_a_readable_line():
    lines = logged(LOG_STYLE="console")

    assert "import_ended" in lines[0]
    assert "rows=3" in lines[0]
    assert not any("not asked for" in line for line in lines)


def test_a_traceback_tells_where_and_not_what_variables_held():
    text = "\n".join(logged(LOG_STYLE="console"))

    assert "ValueError: bad" in text
    assert "private =" not in text
    assert "the value of a variable" not in text


def test_a_higher_level_keeps_the_rest_quiet():
    assert [json.loads(line)["event"] for line in logged(LOG_STYLE="json", LOG_LEVEL="ERROR")] == ["failed"]
