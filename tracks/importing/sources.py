"""Opening a file of tracks: what it is, whether it can be read, and which columns it has."""

import gzip
import stat
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracks.audio_features import CONTINUOUS_FEATURES
from tracks.error_texts import without_folders
from tracks.importing.chunks import Chunk, Source
from tracks.importing.csv_files import CsvSource
from tracks.importing.refusals import UnreadableFile

NEEDED = ("spotify_id", "title", "artists", *CONTINUOUS_FEATURES)
HEAD_BYTES = 64 * 1024
GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
# What people pick by mistake, by its first bytes.
OTHER_KINDS = {
    b"PK\x03\x04": gettext_lazy("a ZIP archive or an Excel sheet: unpack it, or save the sheet as CSV"),
    b"\xd0\xcf\x11\xe0": gettext_lazy("an old Excel sheet: save it as CSV"),
    b"\x89PNG": gettext_lazy("a PNG image: choose a table of tracks"),
    b"\xff\xd8\xff": gettext_lazy("a JPEG image: choose a table of tracks"),
    b"GIF8": gettext_lazy("a GIF image: choose a table of tracks"),
    b"%PDF": gettext_lazy("a PDF document: choose a table of tracks"),
    b"SQLite format 3": gettext_lazy("an SQLite database: export its table as CSV"),
    b"BZh": gettext_lazy("a bzip2 archive: unpack it"),
    b"\xfd7zXZ": gettext_lazy("an xz archive: unpack it"),
    b"7z\xbc\xaf": gettext_lazy("a 7z archive: unpack it"),
    b"\x28\xb5\x2f\xfd": gettext_lazy("a Zstandard archive: unpack it"),
    b"ARROW1": gettext_lazy("an Arrow (Feather) file: save it as Parquet"),
}


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Turn what goes wrong below while reading into one sentence about the file."""
    try:
        yield
    except (OSError, EOFError, zlib.error, UnicodeError) as error:
        sentence = _("%(name)s is damaged or cannot be read (%(error)s): fetch or export it again.")
        raise UnreadableFile(
            sentence % {"name": name, "error": " ".join(without_folders(error).split())}
        ) from error


def open_file(path: Path) -> BinaryIO:
    """Open an ordinary file; raises `UnreadableFile` for anything else, and for what may not be read."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableFile(_("%s is a folder: name the file of tracks inside it.") % path)
        if not stat.S_ISREG(mode):
            raise UnreadableFile(_("%s is not an ordinary file: save its content to one first.") % path)
        return path.open("rb")
    except FileNotFoundError as error:
        raise UnreadableFile(_("%s does not exist: check the path.") % path) from error
    except (OSError, ValueError) as error:
        sentence = _("%(path)s cannot be opened (%(error)s).")
        raise UnreadableFile(
            sentence % {"path": str(path)[:200], "error": getattr(error, "strerror", None) or error}
        ) from error


def unpack(raw: BinaryIO) -> tuple[BinaryIO, bytes]:
    """The content of a file, below gzip if need be, and its first bytes."""
    head = raw.read(HEAD_BYTES)
    raw.seek(0)
    if not head.startswith(GZIP):
        return raw, head
    stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    return stream, head


def open_table(path: Path) -> Source:
    """Open a CSV, CSV.gz or Parquet file, told apart by content, and read its header, whatever it names.

    Raises `UnreadableFile`, with a sentence naming the file, for everything else.
    """
    with ExitStack() as stack:
        raw = stack.enter_context(open_file(path))
        stack.enter_context(readable(path.name))
        stream, head = unpack(raw)
        source: Source
        if stream is raw and head.startswith(PARQUET):
            # Arrow's Parquet library is memory that other imports do not need.
            from tracks.importing.parquet_files import ParquetSource

            source = ParquetSource(path.name, raw)
        else:
            _refuse_other_kinds(path.name, head)
            source = CsvSource(path.name, stream, raw)
        stack.pop_all()  # whoever has the source closes it
    return source


def _refuse_other_kinds(name: str, head: bytes) -> None:
    if not head:
        raise UnreadableFile(_("%s is empty: a table of tracks needs a header and rows.") % name)
    for magic, kind in OTHER_KINDS.items():
        if head.startswith(magic):
            raise UnreadableFile(_("%(name)s is %(kind)s.") % {"name": name, "kind": kind})
    if b"\0" in head.partition(b"\n")[0] and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        sentence = _("%s is not a text table (its first line is binary): save it as CSV in UTF-8.")
        raise UnreadableFile(sentence % name)


def open_source(path: Path) -> Source:
    """Open a table of tracks with all the columns that a catalogue needs.

    Raises `UnreadableFile`, with a sentence naming the file, for everything else.
    """
    with ExitStack() as stack:
        source = stack.enter_context(closing(open_table(path)))
        if not source.headers:
            sentence = _(
                "%s has no known column: its first line must be the header (track_id, track_name, …)."
            )
            raise UnreadableFile(sentence % source.name)
        if missing := [field for field in NEEDED if field not in source.headers]:
            sentence = _(
                "%(name)s has no column for %(missing)s: a catalogue needs id, title, artists and the nine "
                "audio features of each track; export it again with audio features."
            )
            raise UnreadableFile(sentence % {"name": source.name, "missing": ", ".join(missing)})
        stack.pop_all()  # whoever has the source closes it
    return source


def read_chunks(source: Source) -> Iterator[Chunk]:
    """The rows of an opened source; raises `UnreadableFile` where the file breaks off."""
    with readable(source.name):
        yield from source.chunks()
