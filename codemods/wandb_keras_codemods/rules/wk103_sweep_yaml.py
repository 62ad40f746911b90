"""Rename the metric of a sweep configured in YAML, together with the code that logs it.

``metric: {name: val_loss}`` becomes ``epoch/val_loss`` under the conditions of WK102; comments, quotes and order
stay as they are. An ``early_terminate`` section follows the same metric and needs no change.
"""

from __future__ import annotations

from ..documents.yaml import YamlFile
from .context import Rule
from ..documents.edits import Edit
from ..records import Moved, Record
from ..to_callbacks.project import Project
from ..to_callbacks.sweeps import yaml_sweep_metrics

ID = "WK103"


def run_yaml(file: str, document: YamlFile, project: Project) -> tuple[list[Edit], list[Record]]:
    """Edits and records for one YAML file."""
    edits: list[Edit] = []
    records: list[Record] = []
    for scalar in yaml_sweep_metrics(document):
        new = project.new_key(scalar.value)
        if new is None:
            continue
        edits.append(document.replacement(scalar, new))
        reason = "the sweep's metric moves with the callback"
        records.append(
            Record(file, document.locate(scalar), ID, "changed", reason, scalar.value, new, (Moved(scalar.value, new),))
        )
    return edits, records


RULE = Rule(ID, "sweep-yaml", 2, None, __doc__)
