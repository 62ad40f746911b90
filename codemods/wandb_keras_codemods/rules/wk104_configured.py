"""Say where a configuration names the legacy callback: there it stays the legacy one.

``_target_: wandb_keras_compat.WandbCallback``: with which arguments, and for which fit call, is not in the text. The
package's class stands behind the name, so it runs as before. A sweep of the same files keeps its metric then.
"""

from __future__ import annotations

from ..names import LEGACY, SHIM
from .context import YamlContext
from .rule import YamlRule

REASON = "the legacy callback is named in a string here, and what is made of it cannot be followed: it stays as it is"
_PATH = f"{SHIM}.{LEGACY}"


def names_the_class(text: str) -> bool:
    """Whether a string is the import path of the legacy class, or of something in it."""
    return text == _PATH or text.startswith(f"{_PATH}.")


def mentions_the_class(data: bytes) -> bool:
    """Whether a YAML file could name the class."""
    return b"wandb" in data and b"keras" in data


def run(context: YamlContext) -> None:
    for scalars in context.document.documents():
        for scalar in scalars.values():
            if names_the_class(scalar.value) and not context.skipped(scalar):
                context.add_record(context.locate(scalar.start), "left", REASON, scalar.value)


RULE = YamlRule(id="WK104", name="configured", level=2, doc=__doc__, hint=mentions_the_class, run=run)
