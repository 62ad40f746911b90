"""Adds to ``results.json`` what the classes do in an environment.

    python -m tests.callbacks.online.record [PYTHON]

PYTHON is the interpreter of the environment, this one by default; the backend runs in this one, which needs the
``testing`` extra.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile

from wandb_keras_compat.testing.server import Backend

from .table import RESULTS, results

ROOT = pathlib.Path(__file__).parents[3]


def record(python: str) -> None:
    recorded = results() if RESULTS.exists() else []
    for which in ("native", "ours"):
        with Backend() as backend, tempfile.TemporaryDirectory() as folder:
            homes = dict.fromkeys(("WANDB_DIR", "WANDB_CACHE_DIR", "WANDB_DATA_DIR", "WANDB_CONFIG_DIR"), folder)
            environment = os.environ | backend.environment() | homes
            environment |= {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]), "WANDB_SILENT": "true"}
            done = subprocess.run(
                [python, "-m", "tests.callbacks.online.uses", which, folder],
                env=environment, cwd=folder, stdout=subprocess.PIPE, text=True, check=True,
            )  # fmt: skip
        versions, *said = map(json.loads, done.stdout.splitlines())
        recorded = [cell for cell in recorded if (cell["versions"], cell["which"]) != (versions, which)]
        recorded.append({"versions": versions, "which": which, "results": {item["use"]: item["result"] for item in said}})
        print(versions, which, sum(item["result"] == "ok" for item in said), "of", len(said), flush=True)
    recorded.sort(key=lambda cell: [int(part) for part in cell["versions"]["tensorflow"].split(".")], reverse=True)
    RESULTS.write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record(*(sys.argv[1:] or [sys.executable]))
