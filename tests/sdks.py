"""The interpreters that a test of the SDK is played with, each with a wandb of its own."""

from __future__ import annotations

import os
import sys

#: This one, and those that ``WANDB_KERAS_COMPAT_SDKS`` lists, as ``nox -s sdk`` has it.
INTERPRETERS = [sys.executable, *filter(None, os.environ.get("WANDB_KERAS_COMPAT_SDKS", "").split(os.pathsep))]
