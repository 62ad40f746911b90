"""Rename the metric of a sweep configured in Python, together with the code that logs it.

``"metric": {"name": "val_loss", "goal": "minimize"}`` becomes ``"epoch/val_loss"``, also in ``dict(name=…)`` and
in ``config["metric"]["name"] = …``. It happens only if every legacy callback of the project is rewritten in the
same run; otherwise nothing is rewritten, because a sweep whose metric no run logs optimises nothing and says so
nowhere. A metric that the project logs itself keeps its name. With ``--keys both`` or ``legacy`` all do.
"""

from __future__ import annotations

from .context import Rule, RuleContext
from ..records import Moved
from ..to_callbacks.sweeps import sweep_metrics

ID = "WK102"


def run(context: RuleContext) -> None:
    if context.project is None:
        return
    for node, name in sweep_metrics(context.view):
        new = context.project.new_key(name) if name is not None else None
        if name is None or new is None:
            continue
        text = context.view.code(node).replace(name, new, 1)
        context.replace(node, text)
        context.tell(node, "changed", "the sweep's metric moves with the callback", text, (Moved(name, new),))


RULE = Rule(ID, "sweep-dict", 2, run, __doc__)
