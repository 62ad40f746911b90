"""Rename the metric of a sweep configured in YAML, together with the code that logs it.

``metric: {name: val_loss}`` becomes ``epoch/val_loss`` under the conditions of WK102; comments, quotes and order
stay as they are. An ``early_terminate`` section follows the same metric and needs no change.
"""

from __future__ import annotations

from ..records import Moved
from ..to_callbacks.sweeps import may_be_yaml_sweep, yaml_sweep_metrics
from .context import YamlContext
from .rule import YamlRule


def run(context: YamlContext) -> None:
    if context.project is None:
        return
    for scalar in yaml_sweep_metrics(context.document):
        new = context.project.new_key(scalar.value)
        if new is not None:
            reason = "the sweep's metric moves with the callback"
            context.replace(scalar, new, reason, (Moved(scalar.value, new),))


RULE = YamlRule(id="WK103", name="sweep-yaml", level=2, doc=__doc__, hint=may_be_yaml_sweep, run=run)
