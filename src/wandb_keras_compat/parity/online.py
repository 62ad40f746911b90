"""Trains scenarios with runs that are sent to a server: the one that the environment names.

python -m wandb_keras_compat.parity.online legacy|shim [NAME...]
"""

from __future__ import annotations

import sys
from typing import Any

import tensorflow as tf
import wandb

from .play import callback_of
from .programs import PROGRAMS
from .scenarios import SCENARIOS
from .training import Training

#: The whole model after each epoch that is better, and only weights.
NAMES = ("save_accuracy", "save_weights_only")


class Online:
    """Starts runs as a program does."""

    def start_run(self, name: str, **_: Any) -> None:
        if wandb.run is not None:
            wandb.run.finish()
        wandb.init(project="parity", name=name)


def main(which: str, *names: str) -> None:
    tf.config.experimental.enable_op_determinism()
    base, make = callback_of(which)
    for name in names:
        scenario = SCENARIOS[name]
        PROGRAMS[scenario.program](Training(name, scenario, Online(), base, make))
    wandb.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
