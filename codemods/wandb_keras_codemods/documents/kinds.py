"""The table of the kinds of files, and the choice of the kind by the file's name."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from .document import Document, Kind
from .notebook import NotebookDocument
from .prose import ProseDocument
from .python import PythonDocument
from .requirements import RequirementsDocument, is_requirements
from .yaml import YamlDocument

DOCUMENTS: Mapping[Kind, Callable[[bytes], Document]] = {
    "python": PythonDocument,
    "notebook": NotebookDocument,
    "yaml": YamlDocument,
    "requirements": RequirementsDocument,
    "prose": ProseDocument,
}
_ENDINGS: Mapping[str, Kind] = {
    ".py": "python", ".pyw": "python", ".pyi": "python", ".ipynb": "notebook", ".yaml": "yaml", ".yml": "yaml",
    ".md": "prose", ".markdown": "prose", ".rst": "prose",
}  # fmt: skip


def kind_of(path: str) -> Kind | None:
    """The kind of a file, by its name; None if the codemods do not handle it."""
    name = os.path.basename(path)
    if is_requirements(name):
        return "requirements"
    return _ENDINGS.get(os.path.splitext(name)[1].lower())


def read_document(kind: Kind, data: bytes) -> Document:
    """A file from its bytes.

    Raises:
        SourceError: the bytes are no file of this kind.
    """
    return DOCUMENTS[kind](data)
