"""``python -m wandb_keras_compat.parity.state_machine``: see :mod:`.properties`."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence

from .agreed import line
from .contestants import Arena, made_with
from .judge import has_real_class
from .properties import NAMES, check


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m wandb_keras_compat.parity.state_machine", description="Runs the drawn properties."
    )
    parser.add_argument("names", nargs="*", default=NAMES, metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--examples", type=int, help="times the share of each property; default: the profile's")
    parser.add_argument("--seed", type=int)
    given = parser.parse_args(words)
    os.environ.setdefault("WANDB_SILENT", "true")
    against = "the real class and the model" if has_real_class() else "the model"
    print(f"the shim against {against}: {made_with()}")
    with Arena() as arena:
        for name in given.names:
            began = time.monotonic()
            before = arena.plays
            check(name, arena=arena, examples=given.examples, seed_of=given.seed)
            print(line(name, arena.plays - before, time.monotonic() - began), flush=True)


if __name__ == "__main__":
    main()
