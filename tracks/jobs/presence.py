"""Whether the process that performs some work is still alive, where that can be known at once.

The heartbeat tells after half a minute, from any machine. On one machine a lock on a file tells at
once, as the kernel lets go of it however the process ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _lock_path(folder: Path, pk: int) -> Path:
    return folder / f"work-{pk}.lock"


@contextmanager
def present(folder: Path, pk: int) -> Iterator[None]:
    """Hold the work's lock for the length of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _lock_path(folder, pk)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("w") as lock:
        # It gets its name when it is locked: nobody ever finds the lock of a living process open.
        fcntl.flock(lock, fcntl.LOCK_EX)
        draft.rename(path)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def is_gone(folder: Path, pk: int) -> bool:
    """Whether its process ran on this machine and has ended; False also when it runs elsewhere."""
    path = _lock_path(folder, pk)
    try:
        with path.open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.path.samestat(os.fstat(lock.fileno()), path.stat()):
                return False  # the process that we saw has ended, and another holds a new lock
            path.unlink()
    except (FileNotFoundError, BlockingIOError):
        return False
    return True
