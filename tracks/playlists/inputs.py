"""Which files an import reads, what each is, and which playlists they are."""

import codecs
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from tracks.importing.refusals import UnreadableFile
from tracks.importing.sources import open_file, open_table, readable, unpack
from tracks.playlists.queue import PlaylistOptions
from tracks.playlists.rows import (
    MAX_ID_LENGTH,
    MAX_NAME_LENGTH,
    Head,
    Identity,
    PlaylistReader,
    clean,
)
from tracks.playlists.slices import SliceReader
from tracks.playlists.tables import TableReader

KINDS = frozenset({".csv", ".tsv", ".json", ".parquet"})
MILLION_PLAYLISTS = "mpd"


class Input(NamedTuple):
    """A file, its path below the folder that was asked for (exports are named by it), and that folder."""

    path: Path
    below: Path
    folder: str


def find_inputs(paths: Iterable[Path]) -> list[Input]:
    """The files to read: those given, and those in the folders given, each once, in a fixed order.

    Raises `UnreadableFile` for a folder without any.
    """
    found: dict[Path, Input] = {}
    for path in paths:
        folder = path if path.is_dir() else path.parent
        for file in _files_in(path) if path.is_dir() else [path]:
            found.setdefault(file.resolve(), Input(file, file.relative_to(folder), folder.resolve().name))
    return list(found.values())


def _files_in(folder: Path) -> Sequence[Path]:
    files = []
    for file in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        kind = Path(file.name.lower().removesuffix(".gz")).suffix
        if kind in KINDS and not hidden and file.is_file():
            files.append(file)
    if not files:
        sentence = _("%s holds no CSV, Parquet or JSON file: name the folder of the files.")
        raise UnreadableFile(sentence % folder)
    return sorted(files)


def open_playlists(file: Input, options: PlaylistOptions, artists: Collection[str]) -> PlaylistReader:
    """Open a file: a table of playlists, an export of one, or a JSON slice, told apart by content.

    Without a label of their source, a table is labelled by its own name, exports by their folder's,
    slices as "mpd". `artists` are known names with commas. Raises `UnreadableFile`.
    """
    with ExitStack() as stack:
        raw = stack.enter_context(open_file(file.path))
        with readable(file.path.name):
            stream, head = unpack(raw)
        if head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"["):
            stack.pop_all()  # whoever has the reader closes it
            name, source = clean(file.path.name, MAX_NAME_LENGTH), options.source or MILLION_PLAYLISTS
            return SliceReader(name, stream, raw, source, options.owner)
    with ExitStack() as stack:
        table = stack.enter_context(closing(open_table(file.path)))
        is_list = not {"playlist_id", "playlist_name"}.isdisjoint(table.headers)
        label = file.path.name if is_list else options.folder or file.folder
        name = file.path.name[:-3] if file.path.name.lower().endswith(".gz") else file.path.name
        below = file.below.with_name(Path(name).stem)
        identity = Identity(
            clean(options.source or label, MAX_ID_LENGTH), clean(below.as_posix(), MAX_ID_LENGTH)
        )
        whole = Head(identity, clean(below.name, MAX_NAME_LENGTH), options.owner)
        reader = TableReader(table, whole, artists)
        stack.pop_all()
    return reader
