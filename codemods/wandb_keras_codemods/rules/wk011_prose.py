"""Say where code in Markdown or reStructuredText names what is gone; nothing is edited.

Code blocks of a README or a manual are for readers, and nothing here can run them: each line that names ``wandb.keras``
or another old home of the callbacks is reported with its place. A Markdown file with Jupytext's header is a notebook,
and its Python blocks are migrated as one.
"""

from __future__ import annotations

from ..documents.prose import ProseDocument
from ..records import Location
from .context import PythonContext
from .rule import ProseRule


def run(context: PythonContext) -> None:
    document = context.document
    assert isinstance(document, ProseDocument)
    for line, text in document.old_names():
        context.add_record(Location(line), "note", "a code block names what is gone; text is not edited", text)


RULE = ProseRule(id="WK011", name="prose", level=1, doc=__doc__, run=run)
