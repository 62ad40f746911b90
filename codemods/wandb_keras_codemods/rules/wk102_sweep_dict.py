"""Rename the metric of a sweep configured in Python, together with the code that logs it.

``"metric": {"name": "val_loss", "goal": "minimize"}`` becomes ``"epoch/val_loss"``, also in ``dict(name=…)`` and
in ``config["metric"]["name"] = …``. It happens only if every legacy callback of the project is rewritten in the
same run; otherwise nothing is rewritten, because a sweep whose metric no run logs optimises nothing and says so
nowhere. A metric that the project logs itself keeps its name. With ``--keys both`` or ``legacy`` all do.
"""

from __future__ import annotations

from ..records import Moved
from ..to_callbacks.sweeps import may_be_sweep, sweep_metrics
from .context import PythonContext
from .rule import PythonRule


def run(context: PythonContext) -> None:
    if context.project is None:
        return
    for node, name in sweep_metrics(context.view):
        new = context.project.new_key(name) if name is not None else None
        if name is None or new is None:
            continue
        text = context.view.code(node).replace(name, new, 1)
        context.replace(node, text)
        context.record(node, "changed", "the sweep's metric moves with the callback", text, (Moved(name, new),))


RULE = PythonRule(id="WK102", name="sweep-dict", level=2, doc=__doc__, hint=may_be_sweep, run=run)
