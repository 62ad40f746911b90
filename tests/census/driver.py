"""Plays every case in a fork of one process that has imported TensorFlow, Keras and wandb and run nothing of them.

Usage: ``driver.py RESULTS PATTERN...``, of the cases to play. Writes a JSON object: case to what changed, or to the
traceback of a case that failed.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from fnmatch import fnmatchcase
from pathlib import Path

# TensorFlow puts Keras in its place now, and on Keras 2 makes modules of these names, which wandb's modules import too.
import tensorflow.keras.backend
import tensorflow.keras.callbacks  # noqa: F401
from tensorflow.keras import Model, callbacks, layers  # noqa: F401

from tests.census.attributes import Census
from tests.census.cases import CASES, Case


def changes(played: Case) -> list[str]:
    os.chdir(tempfile.mkdtemp())
    steps = played()
    census = Census(next(steps))
    next(steps, None)
    return census.changes()


def main(results: str, *patterns: str) -> None:
    outcomes: dict[str, object] = {}
    for name, played in CASES.items():
        if not any(fnmatchcase(name, pattern) for pattern in patterns):
            continue
        inward, outward = os.pipe()
        child = os.fork()
        if not child:
            os.close(inward)
            try:
                answer: object = changes(played)
            except BaseException:
                answer = traceback.format_exc()
            with os.fdopen(outward, "w") as pipe:
                json.dump(answer, pipe)
            os._exit(0)
        os.close(outward)
        with os.fdopen(inward) as pipe:
            text = pipe.read()
        os.waitpid(child, 0)
        outcomes[name] = json.loads(text) if text else "the process died"
    Path(results).write_text(json.dumps(outcomes))


if __name__ == "__main__":
    main(*sys.argv[1:])
