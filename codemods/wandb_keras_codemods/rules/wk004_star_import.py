"""Replace ``from wandb.keras import *`` by the names the module uses.

Which names a star import brings cannot be told from the file alone, so the names that nothing else in the
module binds are looked up among the four callbacks. Beside a ``from wandb.integration.keras import *`` an import
of ``WandbCallback`` is added if it is used.

If the module holds another star import, what is used cannot be told either: then all names of the shim are
imported (``from wandb_keras_compat import *``) and the place is reported.
"""

from __future__ import annotations

import libcst as cst

from ..documents.import_statements import insert_after
from ..documents.module import module_name
from ..names import LEGACY, MOVED, NEW_HOME, SHIM, Target
from .context import PythonContext
from .rule import PythonRule


def run(context: PythonContext) -> None:
    view = context.view
    stars = [node for node in view.nodes(cst.ImportFrom) if isinstance(node.names, cst.ImportStar)]
    done: set[str] = set()
    for node in stars:
        module = module_name(node)
        if module not in MOVED or node.module is None:
            continue
        used = [target for name, target in MOVED[module].items() if view.is_used_unbound(name)]
        if module == NEW_HOME and not used:
            continue
        if context.skipped(node):
            continue
        others = [other for other in stars if module_name(other) not in MOVED]
        if module == NEW_HOME:
            if module not in done:
                context.edits.append(insert_after(view, node, [f"from {SHIM} import {LEGACY}"]))
                context.record(
                    node, "changed", f"{LEGACY} left {NEW_HOME} in wandb 0.27.1", f"from {SHIM} import {LEGACY}"
                )
        elif others:
            context.replace(node.module, SHIM)
            context.record(node, "changed", "which names it is there for cannot be told beside another star import; "
                         "name them by hand", f"from {SHIM} import *")  # fmt: skip
        else:
            _explicit(context, node, used)
        done.add(module)


def _explicit(context: PythonContext, node: cst.ImportFrom, used: list[Target]) -> None:
    homes: dict[str, list[str]] = {}
    for home, name in used:
        homes.setdefault(home, []).append(name)
    statements = [f"from {home} import {', '.join(sorted(names))}" for home, names in homes.items()]
    reason = "names used here, by resolved scope"
    if not statements:
        statements = [f"from {SHIM} import *"]
        reason = "no callback is used here; whoever imports this module may still count on the star"
    edit = insert_after(context.view, node, statements[1:])
    start, end = context.view.span(node)
    if edit.start == end:
        context.edit(start, end, statements[0] + edit.text)
    else:
        context.edit(start, end, statements[0])
        if edit.text:
            context.edits.append(edit)
    context.record(node, "changed", reason, "; ".join(statements))


RULE = PythonRule(id="WK004", name="star-import", level=1, doc=__doc__, run=run)
