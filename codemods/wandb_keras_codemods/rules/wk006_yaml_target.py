"""Move Hydra ``_target_`` values in YAML files.

``_target_: wandb.keras.WandbCallback`` becomes ``_target_: wandb_keras_compat.WandbCallback``, and so do the newer
callbacks. Only the value changes: comments, quotes, order, anchors and line ends stay as they are.
"""

from __future__ import annotations

from .context import YamlContext
from .rule import YamlRule
from .wk005_string import moved_path


def mentions_target(data: bytes) -> bool:
    """Whether a file could name one of W&B's callbacks as Hydra's ``_target_``."""
    return b"_target_" in data and b"wandb" in data and b"keras" in data


def run(context: YamlContext) -> None:
    for scalars in context.document.documents():
        for scalar in scalars.values():
            new = moved_path(scalar.value) if scalar.path and scalar.path[-1] == "_target_" else None
            if new is not None and not context.skipped(scalar):
                context.replace(scalar, new, "an import path that Hydra reads")


RULE = YamlRule(id="WK006", name="yaml-target", level=1, doc=__doc__, hint=mentions_target, run=run)
