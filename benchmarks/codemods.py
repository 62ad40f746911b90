"""How long ``migrate`` takes on a large tree, against a byte search and against LibCST's own codemod runner.

    python benchmarks/codemods.py [TREE] [--repeat 5] [--libcst-files 200]

TREE is a directory with many Python files (default: this interpreter's site-packages). Nothing is written. Printed:

* the time of a plain search for ``wandb`` in the same files, in the same process;
* the time of a ``migrate --check`` over the tree in the same process, less what parsing the files that hit costs,
  and the ratio of the two (to be at most 3);
* the same as a command of its own, start of the interpreter included;
* the ratio to LibCST's runner with this package's command (``ToCompat``) on the same tree. The runner parses every
  file; it is timed on a sample of the files, in one process each, and scaled by their bytes.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path

from libcst.codemod import CodemodContext, SkipFile, exec_transform_with_prettyprint  # noqa: F401
from libcst.codemod._cli import ExecutionConfig, _execute_transform
from wandb_keras_codemods.command import ToCompat
from wandb_keras_codemods.discover import discover
from wandb_keras_codemods.process import Job, process, wanted
from wandb_keras_codemods.rules import selected
from wandb_keras_codemods.runner import Options, run


def median(function: Callable[[], object], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
