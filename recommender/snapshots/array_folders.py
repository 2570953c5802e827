"""A folder of plain arrays with a description: whole or absent, never half-written, checked when opened."""

import json
import os
import shutil
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]

DESCRIPTION = "meta.json"
TEMPORARY_PREFIX = ".tmp-"
CHUNK_BYTES = 1 << 20


def write_array_folder(folder: Path, arrays: Arrays, description: Mapping[str, Any]) -> None:
    """Write the arrays as `.npy` and the description as JSON beside, fsync, rename; replaces `folder`."""
    temporary = folder.with_name(f"{TEMPORARY_PREFIX}{folder.name}-{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    checksums = {name: _write_array(temporary / f"{name}.npy", array) for name, array in arrays.items()}
    _write_json(temporary / DESCRIPTION, {**description, "checksums": checksums})
    _sync_folder(temporary)
    _swap(folder, temporary)
    _sync_folder(folder.parent)


def _swap(folder: Path, temporary: Path) -> None:
    """Put `temporary` in the place of `folder`, which is never seen in parts: it moves away whole."""
    if not folder.exists():
        temporary.rename(folder)
        return
    old = folder.with_name(f"{temporary.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)
    temporary.rename(folder)
    shutil.rmtree(old)


def read_array_folder(folder: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Map the arrays read-only and return them with the description.

    Raises OSError when a file is missing, ValueError when one is damaged.
    """
    description = json.loads((folder / DESCRIPTION).read_bytes())
    checksums = description["checksums"].items()
    return {name: _map(folder / f"{name}.npy", checksum) for name, checksum in checksums}, description


def _write_array(path: Path, array: NDArray[Any]) -> int:
    with path.open("wb") as file:
        np.save(file, np.ascontiguousarray(array), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    return _checksum(path)


def _write_json(path: Path, document: Mapping[str, Any]) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checksum(path: Path) -> int:
    """CRC-32 of a file: a damaged byte in a matrix would answer wrongly without any error."""
    checksum = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            checksum = zlib.crc32(chunk, checksum)
    return checksum


def _map(path: Path, checksum: int) -> NDArray[Any]:
    if _checksum(path) != checksum:
        raise ValueError(_("%(file)s is damaged") % {"file": path.name})
    # Without `asarray` every slice would pay for numpy's memmap subclass; the memory stays mapped.
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
