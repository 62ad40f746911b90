"""A scenario trained by two processes on loopback, under ``MultiWorkerMirroredStrategy``.

Each is a process of :mod:`.worker`, told by ``TF_CONFIG`` which; :func:`play` starts both. TensorFlow takes a cluster
only before it has done anything, so neither can be a process that has played another scenario.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, TimeoutError, as_completed  # noqa: A004 - Python 3.10's is its own
from contextlib import ExitStack
from typing import Any

from ..testing.child_environment import inherited_environment
from .forms import USUAL

WORKERS = 2
SECONDS = 300


def is_one() -> bool:
    """Whether this process is one of the workers."""
    return "TF_CONFIG" in os.environ


@functools.cache
def strategy() -> Any:
    import tensorflow as tf

    # A sum over workers holds a thread until the other worker's part is there; with one for each of two cores a
    # worker can wait for ever.
    tf.config.threading.set_inter_op_parallelism_threads(16)
    return tf.distribute.MultiWorkerMirroredStrategy()


def play(name: str, which: str, form: str = USUAL) -> tuple[dict[str, Any], str | None]:
    """The trace of a scenario whose runs are those of the chief and then those of the other worker, and how it ended.

    Raises:
        RuntimeError: a worker came to nothing; the message is what it said.
    """
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(WORKERS) as readers, ExitStack() as alive:
        traces = [pathlib.Path(folder, f"{index}.json") for index in range(WORKERS)]
        cluster = {"worker": [f"localhost:{port}" for port in _free_ports()]}
        processes = []
        for index, trace in enumerate(traces):
            config = {"cluster": cluster, "task": {"type": "worker", "index": index}}
            process = subprocess.Popen(
                [sys.executable, "-m", "wandb_keras_compat.parity.worker", which, name, form, str(trace)],
                env=inherited_environment({"TF_CONFIG": json.dumps(config)}),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=alive.enter_context(pathlib.Path(folder, f"{index}.err").open("wb")),
            )  # fmt: skip
            alive.callback(process.wait)
            alive.callback(process.kill)
            processes.append(process)
        written = [readers.submit(_first_byte, process) for process in processes]
        try:
            whole = all(reader.result() for reader in as_completed(written, SECONDS))
        except TimeoutError:
            whole = False
        if not whole:
            said = [pathlib.Path(folder, f"{index}.err").read_text(errors="replace") for index in range(WORKERS)]
            raise RuntimeError(f"no trace of both workers: {[text[-3000:] for text in said]}")
        for process in processes:
            process.communicate()
        (chief, ended), *others = (json.loads(path.read_text(encoding="utf-8")) for path in traces)
    for other, other_ended in others:
        chief["runs"] += other["runs"]
        ended = ended or other_ended
    return chief, ended


def _first_byte(process: subprocess.Popen[bytes]) -> bytes:
    """What a worker writes when its trace is there; nothing where it ends before."""
    assert process.stdout is not None
    return process.stdout.read(1)


def _free_ports() -> list[int]:
    """Ports that the system gives to nobody who asks for any: the workers take them after some seconds only."""
    found: set[int] = set()
    end = _first_of_any()
    drawn = random.SystemRandom()  # a seeded one would give two plays the same
    while len(found) < WORKERS:
        port = drawn.randrange(10_000, end)
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("localhost", port))
            found.add(port)
    return sorted(found)


def _first_of_any() -> int:
    """The lowest port that is given to who asks for any; where the system does not say, the lowest that is usual."""
    try:
        return max(int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0]), 11_000)
    except OSError:
        return 32_768
