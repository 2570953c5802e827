"""Why an import as a whole is refused: each message is one sentence that says what to do."""


class ImportRefused(Exception):
    """Nothing was imported; the message says why and what to do."""


class UnreadableFile(ImportRefused):
    """A file that is no table of tracks, cannot be opened, or is damaged."""


class ImportInFlight(ImportRefused):
    """Another import is queued or running."""


class NothingToImport(ImportRefused):
    """The files were read, but not one row of them could be taken."""
