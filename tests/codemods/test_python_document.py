"""Python files: decoded as Python does, and written in the same way again."""

from __future__ import annotations

import pytest
from wandb_keras_codemods.documents.edits import Edit
from wandb_keras_codemods.documents.python import PythonDocument, PythonText
from wandb_keras_codemods.records import Location, SourceError

ENCODED = {
    "utf-8": "x = 'é'\n".encode(),
    "a mark": b"\xef\xbb\xbf" + "x = 'é'\n".encode(),
    "a mark and a cookie": b"\xef\xbb\xbf# coding: utf-8\n" + "x = 'é'\n".encode(),
    "a cookie": "# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"),
    "a cookie in line two": "#!/bin/python\n# coding: cp1252\nx = '€'\n".encode("cp1252"),
    "line ends of old": b"# a\r# coding: utf-8\rx = 1\r",
    "windows": b"# coding: ascii\r\nx = 1\r\n",
    "no end": b"x = 1",
    "nothing": b"",
}


@pytest.mark.parametrize("data", ENCODED.values(), ids=ENCODED)
def test_bytes_are_written_as_they_were_read(data: bytes) -> None:
    document = PythonDocument(data)
    assert document.write([]) == data
    assert "\ufeff" not in document.text
    at = document.text.find("x")
    if at >= 0:
        assert document.write([Edit(at, at + 1, "y")]) == data.replace(b"x", b"y", 1)


@pytest.mark.parametrize(
    ("data", "message", "line"),
    [
        (b"x = 1\n\ny\0\n", "holds NUL bytes, so it is not a Python source file", 3),
        (b"\0", "holds NUL bytes, so it is not a Python source file", 1),
        (b"# coding: nowhere\n", "its encoding cannot be told: unknown encoding: nowhere", 1),
        (b"\xef\xbb\xbf# coding: latin-1\n", "its encoding cannot be told: ", 1),
        (b"x = 1\ny = 2\nz = '\xe9'\n", "is not valid utf-8: byte 17 cannot be decoded", 3),
        (b"\xef\xbb\xbfx = 1\nz = '\xe9'\n", "is not valid utf-8: byte 11 cannot be decoded", 2),
        (b"# coding: ascii\nx = '\xe9'\n", "is not valid ascii: byte 21 cannot be decoded", 2),
        (b"# coding: utf-7\nx = '+AGE-'\n", "does not survive decoding and encoding as utf-7", 1),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_its_line(data: bytes, message: str, line: int) -> None:
    with pytest.raises(SourceError) as found:
        PythonDocument(data)
    assert found.value.message.startswith(message)
    assert found.value.line == line


def test_an_edit_that_breaks_the_file_is_refused_and_none_is_not_judged() -> None:
    """A file that nothing changes is given back, whatever it is."""
    with pytest.raises(SourceError, match="no longer parses"):
        PythonDocument(b"x = 1\n").write([Edit(4, 5, "=")])
    assert PythonDocument(b"x = = 1\n").write([]) == b"x = = 1\n"


def test_places_are_lines_of_the_text() -> None:
    text = PythonText("a\r\nb\rc\nd")
    assert [text.locate(text.text.index(name)) for name in "abcd"] == [Location(line) for line in (1, 2, 3, 4)]
    assert text.rewritten([Edit(0, 1, "z")]) == "z\r\nb\rc\nd"
    assert text.write([Edit(0, 1, "é")]) == "é\r\nb\rc\nd".encode()


DATABRICKS = "# Databricks notebook source\nimport a\n# MAGIC %python\n# MAGIC from wandb.keras import WandbCallback\n"
CELLS = "# %%\n%time f(b)\nimport a\n# %%\n!pip install wandb\nc = a\n"


def test_a_magic_that_names_what_is_gone_is_to_be_looked_at() -> None:
    """To Python it is a comment; in a file without cells it is one."""
    document = PythonDocument(DATABRICKS.encode())
    assert [where for where, _ in document.unread] == [Location(4)]
    assert document.text == DATABRICKS and document.hidden == ""
    assert list(PythonDocument(DATABRICKS.replace("# Databricks", "# x").encode()).unread) == []


def test_bare_magics_are_hidden_from_the_rules_and_stay_in_the_file() -> None:
    document = PythonDocument(CELLS.encode())
    assert "%time" not in document.text and "!pip" not in document.text
    assert len(document.text) == len(CELLS)
    assert "pip install wandb" in document.hidden
    at = document.text.index("c = a")
    assert document.write([Edit(at, at + 1, "d")]) == CELLS.replace("c = a", "d = a").encode()
    plain = PythonDocument(CELLS.replace("# %%", "#").encode())
    assert plain.text == CELLS.replace("# %%", "#") and plain.hidden == ""


def test_matches_of_a_notebook_have_their_places_and_no_others_are_sought() -> None:
    def find(text: str) -> list[tuple[int, str]]:
        return [(text.index("pip"), "found")]

    script = "# %%\nimport a\n# !pip install b\n"
    assert PythonDocument(script.encode()).matches(find) == [(Location(3), "found")]
    assert PythonDocument(script.replace("# %%", "#").encode()).matches(find) == []
