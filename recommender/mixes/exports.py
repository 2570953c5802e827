"""A list of tracks as a file for other programs: CSV, M3U, XSPF, JSPF and plain text.

CSV has the column names of Exportify, so that a listener's other tools read it, and our own import too.
XSPF and JSPF: https://xspf.org/spec; M3U: the extended form that players write.
"""

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import orjson
from django.utils.text import slugify

from recommender.answers.cards import TrackCard
from tracks.audio_features import FEATURE_NAMES

XSPF_NAMESPACE = "http://xspf.org/ns/0/"
PLAYS_AT = "https://open.spotify.com/track/"
MAX_NAME_LENGTH = 60
# A spreadsheet runs a cell that begins so (OWASP, CSV Injection), full-width forms included.
FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
UNKNOWN_SECONDS = -1  # as players of M3U write it
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CSV_FACTS = (
    "Track URI",
    "Track Name",
    "Artist Name(s)",
    "Album Name",
    "Duration (ms)",
    "Explicit",
    "Popularity",
    "Genres",
)


class FileFormat(StrEnum):
    """What a list can be saved as; the value is the ending of the file's name."""

    CSV = "csv"
    M3U = "m3u"
    XSPF = "xspf"
    JSPF = "jspf"
    TXT = "txt"


CONTENT_TYPES: dict[FileFormat, str] = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.M3U: "audio/x-mpegurl; charset=utf-8",
    FileFormat.XSPF: "application/xspf+xml; charset=utf-8",
    FileFormat.JSPF: "application/jspf+json",
    FileFormat.TXT: "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file as it is sent."""

    name: str
    content_type: str
    content: bytes


def exported(tracks: Iterable[TrackCard], title: str, file_format: FileFormat) -> ExportedFile:
    """The tracks in their order as one file, named for `title`."""
    name = slugify(title)[:MAX_NAME_LENGTH].strip("-") or "mix"
    content = WRITERS[file_format](tracks, title)
    return ExportedFile(f"soundkin-{name}.{file_format}", CONTENT_TYPES[file_format], content)


def _csv(tracks: Iterable[TrackCard], title: str) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([*CSV_FACTS, *(name.replace("_", " ").title() for name in FEATURE_NAMES)])
    writer.writerows(_csv_row(track) for track in tracks)
    return stream.getvalue().encode("utf-8-sig")  # without the mark, spreadsheets read another encoding


def _csv_row(track: TrackCard) -> list[object]:
    explicit = "" if track.explicit is None else str(track.explicit).lower()
    return [
        _uri(track),
        _inert(track.title),
        _inert(";".join(track.artists)),
        _inert(track.album),
        track.duration_ms,
        explicit,
        track.popularity,
        _inert(",".join(track.genres)),
        *(track.audio_features[name] for name in FEATURE_NAMES),
    ]


def _inert(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def _m3u(tracks: Iterable[TrackCard], title: str) -> bytes:
    lines = ["#EXTM3U", f"#PLAYLIST:{_one_line(title)}"]
    for track in tracks:
        seconds = round(track.duration_ms / 1000) if track.duration_ms else UNKNOWN_SECONDS
        named = f"{', '.join(track.artists)} - {track.title}"
        lines += [f"#EXTINF:{seconds},{_one_line(named)}", PLAYS_AT + track.spotify_id]
    return _lines(lines)


def _txt(tracks: Iterable[TrackCard], title: str) -> bytes:
    return _lines([_uri(track) for track in tracks])


def _xspf(tracks: Iterable[TrackCard], title: str) -> bytes:
    ET.register_namespace("", XSPF_NAMESPACE)
    playlist = ET.Element(f"{{{XSPF_NAMESPACE}}}playlist", version="1")
    _element(playlist, "title", title)
    listed = ET.SubElement(playlist, f"{{{XSPF_NAMESPACE}}}trackList")
    for track in tracks:
        entry = ET.SubElement(listed, f"{{{XSPF_NAMESPACE}}}track")
        for name, text in _xspf_facts(track).items():
            _element(entry, name, text)
    content: bytes = ET.tostring(playlist, encoding="utf-8", xml_declaration=True)
    return content


def _element(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{XSPF_NAMESPACE}}}{name}").text = NOT_IN_XML.sub("", text)


def _xspf_facts(track: TrackCard) -> dict[str, str]:
    """In the order of the standard; an unknown duration is left out."""
    facts = {
        "location": PLAYS_AT + track.spotify_id,
        "identifier": _uri(track),
        "title": track.title,
        "creator": ", ".join(track.artists),
        "album": track.album,
    }
    return facts | {"duration": str(track.duration_ms)} if track.duration_ms else facts


def _jspf(tracks: Iterable[TrackCard], title: str) -> bytes:
    return orjson.dumps({"playlist": {"title": title, "track": [_jspf_track(track) for track in tracks]}})


def _jspf_track(track: TrackCard) -> dict[str, object]:
    facts: dict[str, object] = {**_xspf_facts(track)}
    facts |= {name: [facts[name]] for name in ("location", "identifier")}
    return facts | {"duration": track.duration_ms} if track.duration_ms else facts


def _uri(track: TrackCard) -> str:
    return f"spotify:track:{track.spotify_id}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


WRITERS: dict[FileFormat, Callable[[Iterable[TrackCard], str], bytes]] = {
    FileFormat.CSV: _csv,
    FileFormat.M3U: _m3u,
    FileFormat.XSPF: _xspf,
    FileFormat.JSPF: _jspf,
    FileFormat.TXT: _txt,
}
