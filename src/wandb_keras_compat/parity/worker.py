"""One of two workers that train a scenario, told by ``TF_CONFIG`` which.

python -m wandb_keras_compat.parity.worker legacy|shim|composed NAME FORM TRACE
"""

from __future__ import annotations

import json
import os
import pathlib
import sys

from ..atomic_files import written_whole
from .workers import strategy


def main(which: str, name: str, form: str, trace: str) -> None:
    """Plays, and writes a byte to standard output when the trace is there; what the program prints goes nowhere."""
    output = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    strategy()
    from .play import play

    played = play(name, which, form)
    with written_whole(trace) as partial:
        pathlib.Path(partial).write_text(json.dumps(played), encoding="utf-8")
    os.write(output, b"1")
    # The other one fetches its last sums from here: going now would leave it waiting.
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
