"""How the bytes of a text file are to be read."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

BLOCK = 1 << 20
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
FALLBACKS = ("cp1252", "latin-1")


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while block := stream.read(BLOCK):
        yield block
    yield b""


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(stream):
            decoder.decode(block, final=not block)
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(stream: BinaryIO) -> bool:
    """Whether more of the characters beyond ASCII are UTF-8 than are not."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    for block in _blocks(stream):
        text = decoder.decode(block, final=not block)
        replaced = text.count("\N{REPLACEMENT CHARACTER}")
        bad += replaced
        good += len(text) - len(text.encode("ascii", "ignore")) - replaced
    return good > bad


def detect_encoding(stream: BinaryIO) -> str:
    """Name the encoding of the whole stream, read once or twice; it is left at its start.

    A byte order mark decides; else UTF-8, also where single rows are damaged; else the first of
    `FALLBACKS` that can read every byte.
    """
    stream.seek(0)
    head = stream.read(3)
    encoding = next((encoding for mark, encoding in BYTE_ORDER_MARKS.items() if head.startswith(mark)), "")
    if not encoding and (_decodes(stream, "utf-8") or _is_mostly_utf8(stream)):
        encoding = "utf-8"
    encoding = encoding or next(each for each in FALLBACKS if _decodes(stream, each))
    stream.seek(0)
    return encoding
