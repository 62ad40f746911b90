"""The documented uses of the three newer callbacks, by name, and what came of those that a process played."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path

from .judge import Verdict
from .parsing import parsed

MODULE = Path(__file__).parents[1] / "documented_uses.py"

#: Promised by this package and never by W&B: not held against the installed wandb.
OURS_ONLY = ("MetricsLogger: log_freq=0 is refused",)


@cache
def names(module: Path = MODULE) -> tuple[str, ...]:
    """The names of the uses in their order, read from the source of *module*, which imports Keras and wandb."""
    tree = parsed(module.read_text(encoding="utf-8"))
    declared = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "USES"
    )
    assert isinstance(declared, ast.Dict)
    return tuple(str(key.value) for key in declared.keys if isinstance(key, ast.Constant))


def file_of(name: str) -> str:
    """The name of the file in which the process that plays leaves what came of a use."""
    return f"use-{names().index(name):02}.json"


def verdict(name: str, folder: Path) -> Verdict | None:
    """On the use *name*, from what a process left in *folder*; None where it was not played."""
    try:
        result = json.loads((folder / file_of(name)).read_text(encoding="utf-8"))["result"]
    except FileNotFoundError:
        return None
    return Verdict(name, how="" if result == "ok" else result)
