"""What a training costs whose server falls silent after the first epoch: each epoch is the best, and logs a table.

wandb asks the server before each artifact and each table, and tries for 20 to 40 seconds; a callback that waits for
that takes minutes. The seconds that a training may wait in all are taken off before the ratio is formed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders

from . import silent_server_runs
from .measure import Spread
from .results import Effort, Row

TITLE = "silent server"
LIMIT = 1.1
ALLOWED_SECONDS = 5.0
EPOCHS = 8
FAULTS: dict[str, dict[str, Any] | None] = {
    "is dead": None,
    "hangs": {"hang": 1e6},
    "drops connections": {"drop": True},
    "answers 500": {"status": 500},
    "answers 429": {"status": 429},
    "answers 401": {"status": 401},
}

_ROOT = Path(__file__).parents[1]


def measure(effort: Effort) -> Iterator[Row]:
    """A live server and each fault, by the Python of this process and those of ``WANDB_KERAS_COMPAT_SDKS``."""
    if find_spec("starlette") is None:
        yield Row(TITLE, "any run", "the server", note="needs the `testing` extra")
        return
    for python in [sys.executable, *filter(None, os.environ.get("WANDB_KERAS_COMPAT_SDKS", "").split(os.pathsep))]:
        live, _ = _seconds(python, "answers", effort.of(EPOCHS, at_least=4))
        own = live["callback"] / live["bare"]  # what the callback itself costs: it writes a model each epoch
        what = f"fit with the callback / bare fit of {live['bare']:.1f} s"
        yield Row(TITLE, f"{Path(python).parents[1].name}: answers", what, Spread.of([own]))
        for fault in FAULTS:
            silent, arrived = _seconds(python, fault, effort.of(EPOCHS, at_least=4))
            ratio = (silent["callback"] - ALLOWED_SECONDS) / (own * silent["bare"])
            yield Row(
                TITLE, f"{Path(python).parents[1].name}: {fault}",
                f"(fit - {ALLOWED_SECONDS:g} s) / fit with a server that answers", Spread.of([ratio]), limit=LIMIT,
                note=f"{silent['callback']:.1f} s, bare {silent['bare']:.1f} s; {arrived} artifacts arrived",
            )  # fmt: skip


def _seconds(python: str, fault: str, epochs: int) -> tuple[dict[str, float], int]:
    from wandb_keras_compat.testing.doors.server import Backend
    from wandb_keras_compat.testing.doors.server.faults import Fault

    with Backend() as backend, _child(backend, python, str(epochs)) as child:
        assert child.stdout.readline() == "begun\n", "the program failed"
        keywords = FAULTS.get(fault)
        if keywords is not None:
            for endpoint in ("graphql", "file_stream", "storage"):
                backend.faults.add(Fault(endpoint, times=None, **keywords))
        elif fault in FAULTS:
            backend.kill()
        print(file=child.stdin, flush=True)
        seconds = json.loads(child.stdout.readline())
        return seconds, sum(len(run.artifacts()) for run in backend.snapshot().runs)


@contextmanager
def _child(backend, python: str, argument: str) -> Iterator[subprocess.Popen[str]]:
    with tempfile.TemporaryDirectory(prefix="wandb-keras-compat-benchmark-", ignore_cleanup_errors=True) as folder:
        own = {**wandb_folders(Path(folder)), "WANDB_SILENT": "true", "HOME": folder, **backend.environment()}
        child = subprocess.Popen(
            [python, silent_server_runs.__file__, argument],
            env=inherited_environment(own, drop=["WANDB_"], path=[_ROOT / "src"]), cwd=folder, start_new_session=True,
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield child
        finally:
            os.killpg(child.pid, signal.SIGKILL)  # wandb's service, too, which would go on trying
            child.wait()
            child.stdout.close()
