"""A program with runs, told line by line what they do: ``python -m tests.testing.doors.program``.

Each line of the input is a job in JSON: the run's ``id``, and the name of a ``scenario`` or a list of ``calls``.
Each is answered by a line: an empty object, or the reason why it cannot be played with the installed libraries.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from .scenarios import SCENARIOS, Unsupported


def play(run: Any, job: dict[str, Any]) -> None:
    if "scenario" in job:
        SCENARIOS[job["scenario"]](run)
    for name, *arguments in job.get("calls", ()):
        CALLS[name](run, *arguments)


CALLS = {
    "log": lambda run, row, options: run.log(row, **options),
    "set_summary": lambda run, key, value: run.summary.update({key: value}),
    "define_metric": lambda run, name, options: run.define_metric(name, **options),
    "update_config": lambda run, values: run.config.update(values, allow_val_change=True),
}


def main() -> None:
    import wandb

    from wandb_keras_compat.testing.doors.server.settings import fast_settings

    if hasattr(wandb.util, "_get_max_cli_version"):  # asked also of offline runs, and long waited for
        wandb.util._get_max_cli_version = lambda: wandb.__version__
    for line in sys.stdin:
        job = json.loads(line)
        # Said here too: the settings of some versions come with a mode, which wins over the environment's.
        mode = os.environ["WANDB_MODE"]
        run = wandb.init(project="doors", id=job["id"], mode=mode, settings=wandb.Settings(**fast_settings()))
        answer = {}
        try:
            play(run, job)
        except Unsupported as reason:
            answer = {"unsupported": str(reason)}
        run.finish()
        print(json.dumps(answer), flush=True)
    if hasattr(wandb, "teardown"):
        wandb.teardown()


if __name__ == "__main__":
    main()
