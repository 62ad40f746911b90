"""Runs the cells of a notebook one by one, as Jupyter's kernel does, after a first cell that chooses the package's
hook.

python -m wandb_keras_compat.parity.keras2.cells plain|option NOTEBOOK
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

FIRST = {
    "plain": "%load_ext wandb_keras_compat",
    "option": "%env WANDB_KERAS_COMPAT_KERAS=tf_keras\n%load_ext wandb_keras_compat",
}


def main(how: str, notebook: str) -> None:
    cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    shell = InteractiveShell.instance()
    for text in (FIRST[how], *("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")):
        shell.run_cell(text, store_history=True).raise_error()


if __name__ == "__main__":
    main(*sys.argv[1:])
