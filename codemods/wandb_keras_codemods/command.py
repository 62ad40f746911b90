"""Level 1 as a LibCST codemod: ``python -m libcst.tool codemod -x wandb_keras_codemods.command.ToCompat PATH…``.

Level 2 is not offered here: whether a call may be rewritten depends on what the rest of the project reads, and
LibCST's runner shows a codemod one file at a time.
"""

from __future__ import annotations

import libcst as cst
from libcst.codemod import CodemodCommand, SkipFile

from .documents.python import PythonText
from .engine.apply_rules import apply_rules
from .records import SourceError
from .rules import RULES
from .rules.rule import PythonRule, mentions_callbacks


class ToCompat(CodemodCommand):
    """Move imports and uses of W&B's legacy Keras callback to ``wandb_keras_compat``."""

    DESCRIPTION = "Move imports and uses of W&B's legacy Keras callback to wandb_keras_compat."

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        if not mentions_callbacks(tree.bytes):
            return tree
        document = PythonText(tree.code)
        rules = [
            rule
            for rule in RULES
            if isinstance(rule, PythonRule) and "python" in rule.kinds and rule.level == 1 and not rule.last
        ]
        try:
            edits, records = apply_rules("", document, rules)  # LibCST itself names the file
            text = document.rewritten(edits) if edits else None
        except SourceError as error:
            raise SkipFile(f"line {error.line}: {error.message}") from None
        for record in records:
            if record.action in {"left", "note"}:
                self.warn(f"line {record.location}: {record.rule} {record.reason}")
        return cst.parse_module(text, tree.config_for_parsing) if text is not None else tree
