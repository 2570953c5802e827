import io

import pytest

from tracks.importing.csv_files import detect_encoding


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"plain", "utf-8"),
        ("Beyoncé".encode(), "utf-8"),
        ("Beyoncé".encode("utf-8-sig"), "utf-8-sig"),
        ("Beyoncé".encode("utf-16"), "utf-16"),
        ("Beyoncé".encode("latin-1"), "cp1252"),
        (b"caf\xe9 \x81", "latin-1"),
        ("Déjà Vu, Café, Señorita ".encode() + b"\xff", "utf-8"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(content, encoding):
    stream = io.BytesIO(content)
    assert detect_encoding(stream) == encoding
    assert stream.tell() == 0


def test_a_character_may_lie_across_two_blocks(monkeypatch):
    monkeypatch.setattr("tracks.importing.csv_files.BLOCK_BYTES", 1)
    assert detect_encoding(io.BytesIO("東京".encode())) == "utf-8"
