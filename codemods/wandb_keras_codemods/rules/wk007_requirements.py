"""Say where a project's dependencies need the package; nothing is edited.

A line ``wandb…`` in a ``requirements*.txt`` beside migrated code, and a ``!pip install wandb`` in a migrated
notebook (``# MAGIC %pip`` or ``# !pip`` where it is a Python file), is reported with what to add. Which version
to pin, and in which file, is the project's decision.
"""

from __future__ import annotations

from ..documents.magics import pip_installs
from ..documents.notebook import NotebookDocument
from ..documents.python import PythonDocument
from ..documents.requirements import RequirementsDocument
from ..names import DISTRIBUTION, SHIM
from .context import DependencyContext
from .rule import DependencyRule


def mentions_wandb(data: bytes) -> bool:
    """Whether a requirements file could ask for wandb."""
    return b"wandb" in data


def run(context: DependencyContext) -> None:
    document = context.document
    if isinstance(document, RequirementsDocument):
        _requirements(context, document)
    elif isinstance(document, (NotebookDocument, PythonDocument)) and SHIM.encode() in context.result:
        reason = f"the migrated notebook needs {DISTRIBUTION} installed here too"
        for where, line in document.matches(_incomplete_installs):
            context.add_record(where, "note", reason, line)


def _requirements(context: DependencyContext, document: RequirementsDocument) -> None:
    wandb = document.requirement("wandb")
    if wandb is None or DISTRIBUTION in document.text:
        return
    pinned = f" ({wandb.text} is pinned for the old import, perhaps: the pin can go)" if "<" in wandb.specifier else ""
    context.add_record(wandb.location, "note", f"migrated code needs a line `{DISTRIBUTION}` here{pinned}", wandb.text)


def _incomplete_installs(cell: str) -> list[tuple[int, str]]:
    """Offset and text of the lines of a notebook's cell that install wandb, if no line installs the package."""
    return [] if DISTRIBUTION in cell else pip_installs(cell, "wandb")


RULE = DependencyRule(id="WK007", name="requirements", level=1, doc=__doc__, hint=mentions_wandb, run=run)
