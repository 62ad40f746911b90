"""One program that is migrated and played, as a script and as a notebook."""

from __future__ import annotations

import ast
import json
import pathlib
import re
from dataclasses import dataclass, replace
from typing import Any

FORMS = ("script", "notebook")

#: From the spelling of TensorFlow's Keras to that of Keras 3.
_SPELLINGS = (
    (r"import tensorflow as tf\b", "import keras"),
    (r"\bkeras = tf\.keras\b(?!\.)", "pass"),
    (r"\bfrom tensorflow import keras\b", "import keras"),
    (r"\bimport tensorflow\.keras as\b", "import keras as"),
    (r"\b(?:tensorflow|tf)\.keras\b", "keras"),
)


@dataclass(frozen=True)
class Program:
    """A whole program.

    Attributes:
        group: where it comes from, a key of ``programs_of.GROUPS``.
        text: a script; or the JSON of a notebook, which then has no other form.
        beside: files that lie beside it and belong to it, by name: a sweep's configuration.
    """

    group: str
    name: str
    text: str
    is_notebook: bool = False
    beside: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.group}/{self.name}"

    @property
    def forms(self) -> tuple[str, ...]:
        return ("notebook",) if self.is_notebook else FORMS

    def with_keras(self) -> Program | None:
        """It as people write it for Keras 3, with ``keras`` for ``tf.keras``; None where it needs TensorFlow itself."""
        text = self.text
        for old, new in _SPELLINGS:
            text = re.sub(old, new, text)
        # Keras 3 has ImageDataGenerator under its TensorFlow name only.
        return None if re.search(r"\btf\b|tensorflow|ImageDataGenerator", text) else replace(self, text=text)

    def write(self, folder: pathlib.Path, form: str) -> pathlib.Path:
        """Writes it, and what lies beside it, to a folder of its own."""
        folder.mkdir(parents=True)
        for name, text in self.beside:
            (folder / name).write_text(text, encoding="utf-8")
        if form == "script":
            path, text = folder / "train.py", self.text
        else:
            path, text = folder / "train.ipynb", self.text if self.is_notebook else _notebook(cells(self.text))
        path.write_text(text, encoding="utf-8")
        return path


def cells(script: str) -> list[str]:
    """A script as people cut it into cells: at every empty line between two statements at the top."""
    lines = script.splitlines()
    found, start = [], 0
    for statement in ast.parse(script).body[1:]:
        first = min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", []))]) - 1
        while first > start and lines[first - 1].lstrip().startswith("#"):
            first -= 1
        if first > start and not lines[first - 1].strip():
            found.append("\n".join(lines[start:first]).strip("\n"))
            start = first
    return [*found, "\n".join(lines[start:]).strip("\n")]


def _notebook(sources: list[str]) -> str:
    code: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    written = [{**code, "source": source.splitlines(keepends=True)} for source in sources]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": written}, indent=1) + "\n"
