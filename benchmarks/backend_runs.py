"""Runs against the backend of the environment, by any Python with any wandb; one line of JSON for each.

``python backend_runs.py RUNS``: each run is init, 20 logs and finish. After each line it waits for one on its input.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import wandb

from wandb_keras_compat.testing.doors.server.settings import fast_settings

LOGS = 20


def main(runs: int) -> None:
    settings = wandb.Settings(**fast_settings())
    print(json.dumps({"wandb": wandb.__version__}), flush=True)
    for _ in range(runs):
        sys.stdin.readline()
        start = time.perf_counter()
        run = wandb.init(project="benchmark", settings=settings)
        for step in range(LOGS):
            run.log({"loss": 1 / (step + 1), "step": step})
        run.finish()
        elapsed = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({"seconds": elapsed, "peak": peak}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
