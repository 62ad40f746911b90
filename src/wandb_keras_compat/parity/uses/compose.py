"""A row as a program: the lines of its values, put together as people put them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping

from .axes import AXES
from .cover import Row, name_of

_DATA = """\
random = np.random.default_rng(5)
x = random.random((12, 4, 4, 1)).astype("float32")
y = np.eye(3, dtype="float32")[random.integers(0, 3, 12)]
x_val, y_val = x[:8], y[:8]"""

#: The one line that no user has.
NUMBERED = "from wandb_keras_compat.parity.families import numbered  # the same weights on every Keras"

_STANDARD = ("copy", "functools", "threading")


def cells(number: int, row: Row) -> list[str]:
    """The program in two pieces: what it imports, and what it does."""
    parts = {axis: AXES[axis][value].parts for axis, value in row.items()}
    body = _body(name_of(number, row), parts)
    imports = [
        *(f"import {module}" for module in _STANDARD if f"{module}." in body),
        "import numpy as np",
        "import tensorflow as tf",
        "import wandb",
        parts["import"]["imports"],
        f"{NUMBERED}\n",
        "keras, layers = tf.keras, tf.keras.layers",
    ]
    return ["\n".join(filter(None, imports)), body]


def _body(name: str, parts: Mapping[str, Mapping[str, str]]) -> str:
    data, model, logs, style = (parts[axis] for axis in ("data", "model", "logs", "style"))
    imported = parts["import"]["kind"]
    arguments = logs["arguments"].replace("OUTPUT", model.get("output", "label"))
    make = f"{style.get('kind', imported)}({arguments})"
    put_in = {
        "DATA": "\n".join(filter(None, [_DATA, model.get("x", ""), data.get("setup", "")])),
        "OUTSIDE": style.get("outside", "").replace("KIND", imported),
        "INIT": f"run = wandb.init(name={name!r})",
        "with INIT:": f"with wandb.init(name={name!r}):",
        "MODEL": model["model"] + "\nnumbered(model)",
        "BEFORE": style.get("before", "").replace("MAKE", make),
    }
    lines: list[str] = []
    for line in parts["run"]["program"].splitlines():
        bare, indent = line.strip(), line[: len(line) - len(line.lstrip())]
        more = re.fullmatch(r"FIT\((.*)\)", bare)
        if more:
            said = "" if "verbose" in more[1] else "verbose=1, "
            given = (
                f"{data['fit']}, {more[1]}, {said}shuffle=False, callbacks={style['callbacks'].replace('MAKE', make)}"
            )
            bare = f"history = {style.get('fit', 'model.fit')}({given})"
        lines += textwrap.indent(put_in.get(bare, bare), indent).splitlines() if bare else [""]
        if bare in put_in and not indent and not bare.endswith(":"):
            lines.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
