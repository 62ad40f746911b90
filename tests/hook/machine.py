"""Walks a tree of import orders, each in a process of its own, and compares every step with the model.

Usage: ``machine.py FAMILY TREE RESULTS``, with the stand-ins of the family and the package on PYTHONPATH. A node
forks a child per next step but the last, so each order is played out in a process of its own and no prefix is played
twice. Writes a line per node to RESULTS: ``ok``, or what went wrong after which steps.
"""

from __future__ import annotations

import contextlib
import email.parser  # noqa: F401 - what takes long to import and no order is about, each process has from here
import gc
import importlib.metadata
import importlib.resources  # noqa: F401 - the same
import json  # noqa: F401 - the same
import os
import sys
import threading  # noqa: F401 - the same
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np  # noqa: F401 - the same
import packaging.version  # noqa: F401 - the same
from model import Model

import wandb_keras_compat as ours

# The seven of the contract: every order of them is walked.
SEVEN = (
    "import_wandb",
    "import_wandb_keras",
    "from_wandb_keras",
    "attribute",
    "from_integration",
    "install",
    "uninstall",
)
# Every sequence of up to DEPTH of these is walked, repetitions included.
ALL = (
    *SEVEN,
    "star_of_wandb_keras",
    "hold",
    "attribute_of_held",
    "from_legacy_module",
    "name_of_2017",
    "from_ours",
    "from_callbacks",
)
DEPTH = 3

_HOW = {
    "import_wandb": "import wandb",
    "import_wandb_keras": "import wandb.keras",
    "from_wandb_keras": "from wandb.keras import WandbCallback as result",
    "attribute": "import wandb; result = wandb.keras.WandbCallback",
    "from_integration": "from wandb.integration.keras import WandbCallback as result",
    "install": "import wandb_keras_compat; wandb_keras_compat.install()",
    "uninstall": "import wandb_keras_compat; wandb_keras_compat.uninstall()",
    "star_of_wandb_keras": "from wandb.keras import *; result = WandbCallback",
    "hold": "from wandb import keras as held",
    "attribute_of_held": "result = held.WandbCallback",
    "from_legacy_module": "from wandb.integration.keras.keras import WandbCallback as result",
    "name_of_2017": "from wandb.wandb_keras import WandbKerasCallback as result",
    "from_ours": "from wandb_keras_compat import WandbCallback as result",
    "from_callbacks": "from wandb.integration.keras.callbacks import WandbMetricsLogger as result",
}
_CODE = {step: compile(source, step, "exec") for step, source in _HOW.items()}


def play(name: str, kept: dict[str, Any]) -> str:
    """Execute a step as a program would; what it binds as ``held`` stays bound for later steps."""
    namespace = dict(kept)
    try:
        exec(_CODE[name], namespace)
    except Exception as error:
        return type(error).__name__
    if "held" in namespace:
        kept["held"] = namespace["held"]
    if "result" not in namespace:
        return "ok"
    return "ours" if namespace["result"].__module__.startswith("wandb_keras_compat.") else "real"


def traces(waiting: bool) -> list[str]:
    """What of ours is to be found in wandb's modules and in the import system."""
    found = [repr(finder) for finder in sys.meta_path if type(finder).__module__.startswith("wandb_keras_compat")]
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] != "wandb":
            continue
        members = list(vars(module).items())
        if isinstance(vars(module).get("keras"), ModuleType):
            members += vars(vars(module)["keras"]).items()
        for key, value in members:
            # While wandb's patch of Keras waits to be asked for, this is who waits.
            if str(getattr(value, "__module__", "")).startswith("wandb_keras_compat") and (key, waiting) != (
                "__getattr__",
                True,
            ):
                found.append(f"{name}.{key}")
    return found


def complaint(model: Model, step: str, kept: dict[str, Any]) -> str:
    expected, got = model.step(step), play(step, kept)
    if got != expected:
        return f"gave {got}, expected {expected}"
    if ours.installed() != model.installed:
        return f"installed() is {ours.installed()}"
    tensorflow = sys.modules.get("tensorflow")
    patched = bool(tensorflow is not None and tensorflow.patches)
    if patched != model.patched:
        return f"fit patched: {patched}, expected {model.patched}"
    left = [] if model.installed else traces(model.waiting)
    if left:
        return f"left behind {left}"
    wandb = sys.modules.get("wandb")
    if wandb is not None and vars(vars(wandb)["sklearn"]).keys() & {"__path__", "__getattr__"}:
        return "another framework's LazyLoader was touched"
    return ""


def walk(model: Model, taken: tuple[str, ...], kept: dict[str, Any], tree: str, results: int) -> None:
    if tree == "orders":
        # `import wandb` once wandb is loaded is no step at all: those orders are the same without it.
        loaded = set(taken) - {"install", "uninstall"}
        following = [step for step in SEVEN if step not in taken and not (loaded and step == "import_wandb")]
    else:
        following = list(ALL) if len(taken) < DEPTH else []
    for step in following:
        # The last step goes on in this process, which nothing else is played in any more.
        child = 0 if taken and step == following[-1] else os.fork()
        if child:
            os.waitpid(child, 0)
            continue
        line = "died"
        with contextlib.suppress(BaseException):
            line = complaint(model, step, kept)
            path = (*taken, step)
            os.write(results, f"{line} after {' > '.join(path)}\n".encode() if line else b"ok\n")
            if not line:
                walk(model, path, kept, tree, results)
            os._exit(0)
        os.write(results, f"died after {' > '.join((*taken, step))}\n".encode())
        os._exit(1)


def main() -> None:
    family, tree, results = sys.argv[1:]
    # Our two modules that need Keras, and only they, come from the stand-ins.
    shim = next(Path(entry, "shim") for entry in sys.path if Path(entry, "shim").is_dir())
    ours.__path__.insert(0, str(shim))
    gc.disable()
    walk(Model(family), (), {}, tree, os.open(results, os.O_WRONLY | os.O_APPEND | os.O_CREAT))


if __name__ == "__main__":
    main()
