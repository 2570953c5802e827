"""Uploaded files, kept until their import has ended."""

import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from django.conf import settings

from tracks.models import CatalogueImport, PlaylistImport

KEPT_SECONDS = 24 * 60 * 60
MAX_NAME_BYTES = 200  # file systems take 255; a longer name is cut at its beginning, to keep its ending


class Upload(Protocol):
    """What Django hands over as an uploaded file."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "uploads"


def store_uploads(files: Sequence[Upload]) -> list[Path]:
    """Write uploads to disk, in pieces, under their own names, and return where they are."""
    _remove_abandoned()
    paths = []
    for file in files:
        folder = _folder() / uuid4().hex
        folder.mkdir(parents=True)
        name = Path(file.name or "").name.encode()[-MAX_NAME_BYTES:].decode(errors="ignore")
        paths.append(folder / (name or "upload"))
        with paths[-1].open("wb") as target:
            for piece in file.chunks():
                target.write(piece)
    return paths


def remove_uploads(files: Iterable[str | Path]) -> None:
    """Delete those of an import's files that were uploaded; others are left alone."""
    for file in map(Path, files):
        if file.parent.parent == _folder():
            shutil.rmtree(file.parent, ignore_errors=True)


def _remove_abandoned() -> None:
    """What a killed process or a cancelled import has left behind."""
    works = [*CatalogueImport.objects.in_flight(), *PlaylistImport.objects.in_flight()]
    needed = {Path(file).parent for work in works for file in work.files}
    for folder in _folder().glob("*"):
        if folder not in needed and time.time() - folder.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
