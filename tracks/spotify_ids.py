"""The id of a track, however it was written: bare, as a Spotify URI, or as a link."""

import re

_REFERENCE = re.compile(
    r"(?:spotify:track:|(?:https?://)?(?:open|play)\.spotify\.com/(?:intl-[\w-]+/)?(?:embed/)?track/)"
    r"([0-9A-Za-z]{1,64})(?:[/?#].*)?",
    re.DOTALL,
)
_BARE = re.compile(r"[0-9A-Za-z_-]{1,64}")


def track_id_in_reference(text: str) -> str | None:
    """The id inside a Spotify URI or link to a track; None when `text` is neither."""
    match = _REFERENCE.fullmatch(text)
    return match[1] if match else None


def read_track_id(text: str) -> str | None:
    """The id that a cell holds: bare, URI or link; None when it holds none.

    Any 64 letters, digits, `_` and `-` will do for a bare one: other catalogues have ids of their own.
    """
    if _BARE.fullmatch(text):
        return text
    return track_id_in_reference(text)
