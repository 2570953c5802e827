"""Texts of errors for pages and the API: where the files of the server lie is nobody's business."""

import os
import re
from pathlib import Path

FOLDERS = re.compile(r"(?<![\w./:])/(?:[^\s/'\"]+/)+")  # of `/srv/data/tracks.csv`: all but the name


def without_folders(error: BaseException) -> str:
    """The text of an error; a file that it names is named without its folders."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.strerror}: {Path(os.fsdecode(error.filename)).name}"
    return FOLDERS.sub("", str(error))
