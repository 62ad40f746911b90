"""Move Hydra ``_target_`` values in YAML files.

``_target_: wandb.keras.WandbCallback`` becomes ``_target_: wandb_keras_compat.WandbCallback``, and the newer
callbacks go to ``wandb.integration.keras``. Only the value changes: comments, quotes, order, anchors and line
ends stay as they are.
"""

from __future__ import annotations

from ..documents.yaml import YamlFile
from .context import Rule
from ..documents.edits import Edit
from ..records import Record
from .wk005_string import moved_path

ID = "WK006"


def may_hit(data: bytes) -> bool:
    return b"_target_" in data and b"wandb" in data and b"keras" in data


def run_yaml(file: str, document: YamlFile) -> tuple[list[Edit], list[Record]]:
    """Edits and records for one YAML file."""
    edits: list[Edit] = []
    records: list[Record] = []
    for scalars in document.documents():
        for scalar in scalars.values():
            new = moved_path(scalar.value) if scalar.path and scalar.path[-1] == "_target_" else None
            if new is None:
                continue
            where = document.locate(scalar)
            if document.ignored(scalar):
                records.append(
                    Record(file, where, ID, "ignored", "an ignore comment stands on this line", scalar.value)
                )
                continue
            edits.append(document.replacement(scalar, new))
            records.append(Record(file, where, ID, "changed", "an import path that Hydra reads", scalar.value, new))
    return edits, records


RULE = Rule(ID, "yaml-target", 1, None, __doc__)
