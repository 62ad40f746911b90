"""What the three newer callbacks that ours are made from, mostly the installed wandb's, can and cannot do.

Each flag is computed once: from a signature where that tells, from the version where only wandb's history does.
"""

from __future__ import annotations

import inspect

import wandb
from packaging.version import Version

from .installed_callbacks import are_wandbs, installed_callbacks

#: Keys below ``epoch/`` with a learning rate and a declared x axis came together with the argument
#: ``initial_global_step`` (absent in wandb 0.13.5, there in 0.13.7); before, epoch rows carry the bare Keras
#: names and no rate.
LOGS_PREFIXED_EPOCHS: bool = (
    "initial_global_step" in inspect.signature(installed_callbacks().WandbMetricsLogger.__init__).parameters
)

#: Before wandb 0.15.6 the checkpoint's artifact is made by guessing the format from the arguments, so
#: ``.keras`` files and weights in HDF5 are written but never logged.
LOGS_ANY_CHECKPOINT_FILE: bool = not are_wandbs() or Version(wandb.__version__) >= Version("0.15.6")
