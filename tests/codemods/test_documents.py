"""What every kind of document has in common, whatever its format."""

from __future__ import annotations

import json

import pytest
from wandb_keras_codemods.documents.document import Kind
from wandb_keras_codemods.documents.edits import Edit
from wandb_keras_codemods.documents.kinds import DOCUMENTS, kind_of, read_document
from wandb_keras_codemods.documents.requirements import RequirementsDocument
from wandb_keras_codemods.records import Location, SourceError

NOTEBOOK = {"nbformat": 4, "cells": [{"cell_type": "code", "source": ["# é\n", "x = old\n"]}]}
FILES: list[tuple[Kind, bytes]] = [
    ("python", b"# coding: latin-1\r\n# \xe9\r\nx = old"),
    ("python", "\ufeff# é\nx = old\n".encode()),
    ("notebook", json.dumps(NOTEBOOK, indent=2).encode() + b"\n"),
    ("notebook", json.dumps(NOTEBOOK, ensure_ascii=False).encode()),
    ("yaml", "\ufeff# é\r\na: 1\r\nx: old # c\r\n".encode()),
    ("requirements", "# é\r\nold < 1".encode()),
    ("prose", "---\njupytext: {}\n---\né\r\n\r\n```python\nx = old\n```\n".encode()),
]


def test_every_kind_is_here() -> None:
    """One that is added gets its line."""
    assert {kind for kind, _ in FILES} == set(DOCUMENTS)


@pytest.mark.parametrize(("kind", "data"), FILES)
def test_bytes_come_back_and_an_edit_changes_nothing_else(kind: Kind, data: bytes) -> None:
    """Encodings, byte order marks, line ends, JSON layout; the place of a character is that in the file."""
    document = read_document(kind, data)
    assert document.write([]) == data
    start = document.text.index("old")
    assert document.write([Edit(start, start + 3, "new")]) == data.replace(b"old", b"new")
    assert document.locate(start).line == data[: data.index(b"old")].count(b"\n") + 1
    assert not document.ignores_file
    assert (list(document.problems), list(document.unread)) == ([], [])


@pytest.mark.parametrize(("kind", "text"), [("python", "x = = 1\n"), ("notebook", "[]"), ("yaml", "a: b: c\n")])
def test_what_is_no_file_of_its_kind_is_refused(kind: Kind, text: str) -> None:
    """With a sentence: when it is read, or when its text is first parsed."""
    with pytest.raises(SourceError):
        _ = read_document(kind, text.encode()).ignores_file


def test_an_edit_that_breaks_a_file_is_refused() -> None:
    """In Python, in a notebook's cell, in YAML."""
    for kind, data in FILES:
        if kind != "requirements":
            document = read_document(kind, data)
            start = document.text.index("old")
            with pytest.raises(SourceError, match="please report this"):
                document.write([Edit(start, start + 3, "a: ]")])


def test_requirements_that_are_not_text_are_read_and_not_edited() -> None:
    """A comment in another encoding does not hide the line that asks for wandb."""
    document = RequirementsDocument(b"# \xe9\nwandb[media]<0.17; python_version < '3.12'\n")
    wandb = document.requirement("wandb")
    assert wandb is not None
    assert (wandb.text, wandb.specifier, wandb.location) == ("wandb[media]<0.17", "<0.17", Location(2))
    assert document.requirement("wand") is None
    with pytest.raises(SourceError, match="utf-8"):
        document.write([])


def test_kinds_by_name() -> None:
    """Whatever the case of the ending; a file of another kind is none."""
    names = ["a.py", "A.PYI", "n.ipynb", "c.YML", "requirements-dev.in", "requirements.md", ".py", "Makefile"]
    assert [kind_of(f"folder/{name}") for name in names] == [
        "python", "python", "notebook", "yaml", "requirements", "prose", None, None,
    ]  # fmt: skip
