"""Level 1 as a LibCST codemod: ``python -m libcst.tool codemod -x wandb_keras_codemods.command.ToCompat PATH…``.

Level 2 is not offered here: whether a call may be rewritten depends on what the rest of the project reads, and
LibCST's runner shows a codemod one file at a time.
"""

from __future__ import annotations

import libcst as cst
from libcst.codemod import CodemodCommand, SkipFile

from .documents.python import Unit, line_of
from .documents.edits import splice
from .records import Location, SourceError
from .engine.apply_rules import may_hit, transform
from .rules import RULES


class ToCompat(CodemodCommand):
    """Move imports and uses of W&B's legacy Keras callback to ``wandb_keras_compat``."""

    DESCRIPTION = "Move imports and uses of W&B's legacy Keras callback to wandb_keras_compat."

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        text = tree.code
        if not may_hit(tree.bytes):
            return tree
        unit = Unit(text, lambda offset: Location(line_of(text, offset)))
        try:
            edits, records = transform(self.context.filename or "", unit, [rule for rule in RULES if rule.level == 1])
        except SourceError as error:
            raise SkipFile(f"line {error.line}: {error.message}") from None
        for record in records:
            if record.action in {"left", "note"}:
                self.warn(f"line {record.location}: {record.rule} {record.reason}")
        return cst.parse_module(splice(text, edits), tree.config_for_parsing) if edits else tree
