"""Which file `manage.py prepare` loaded last: a second start need not import it again."""

import hashlib
import json
from pathlib import Path

from django.conf import settings

from tracks.jobs.work import Status
from tracks.models import CatalogueImport


def is_loaded(path: Path) -> bool:
    """Whether this very content was loaded last, into the database that is in use now."""
    try:
        remembered = json.loads(_note().read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return False
    return path.is_file() and remembered == _facts(path)


def remember(path: Path) -> None:
    """The newest import was of `path`."""
    _note().parent.mkdir(parents=True, exist_ok=True)
    _note().write_text(json.dumps(_facts(path)))


def _facts(path: Path) -> dict[str, str | None]:
    """The content, and the import that brought it (so that another database remembers nothing)."""
    imports = CatalogueImport.objects.filter(status=Status.DONE, files=[str(path)])
    finished = imports.order_by("-pk").values_list("finished_at", flat=True).first()
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"sha256": digest, "imported_at": finished.isoformat() if finished else None}


def _note() -> Path:
    return Path(settings.DATA_DIR) / "catalogue" / "loaded.json"
