"""A process that has TensorFlow loaded and becomes one program after the other, each in a fork of its own.

    python -m wandb_keras_compat.parity.keras2.preloaded twin|plain|option

Reads one job a line, JSON, and answers with the exit code. Half of what a small program costs is loading TensorFlow;
what it does afterwards is the same. Not for programs that start processes, and not for notebooks.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from typing import Any


def next_job(how: str) -> dict[str, Any] | None:
    """Loads Keras, then returns in each child with its job, and in the end, here, with None."""
    if how == "option":
        from ... import install

        install(keras="tf_keras")
    import keras  # noqa: F401
    import tensorflow as tf

    tf.keras.Model  # noqa: B018  # loaded when it is first asked for
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            job: dict[str, Any] = json.loads(line)
            return job
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    return None


def become(job: dict[str, Any], how: str) -> None:
    """The program of *job*, in its folder and with its environment; its output goes to a file."""
    os.environ.update({name: text for name, text in job["environment"].items() if name != "PYTHONPATH"})
    os.chdir(job["folder"])
    output = os.open(job["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if how == "twin":
        sys.argv[:] = [job["script"]]
        sys.path[0] = job["folder"]
        runpy.run_path(job["script"], run_name="__main__")
    else:
        option = ["--keras", "tf_keras"] if how == "option" else []
        sys.argv[1:] = ["run", *option, job["script"]]
        runpy.run_module("wandb_keras_compat", run_name="__main__")


if __name__ == "__main__":
    _JOB = next_job(sys.argv[1])
    if _JOB is not None:
        become(_JOB, sys.argv[1])
