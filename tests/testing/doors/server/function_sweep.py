"""A sweep of a function, whose agent runs in this process: ``function_sweep.py METHOD``, by any Python that has wandb.

Prints as JSON what the public API says of it afterwards.
"""

from __future__ import annotations

import json
import sys

import wandb
from wandb.agents import pyagent

from wandb_keras_compat.testing.doors.server.settings import fast_settings


def train():
    run = wandb.init(settings=wandb.Settings(**fast_settings()))
    for epoch in range(2):
        wandb.log({"val_loss": (run.config.lr - 0.2) ** 2 + 1 - epoch})
    run.finish()


def of_one(run_id):
    """Asked for by itself: wandb 0.25 lists runs with an empty config."""
    run = wandb.Api().run(f"local/tuning/{run_id}")
    return [run.id, run.config, run.state, run.summary["val_loss"]]


def main(method):
    if hasattr(pyagent.Agent, "HEARTBEAT_SLEEP_SECONDS"):  # made to be set by tests; older ones ask every 5 seconds
        pyagent.Agent.HEARTBEAT_SLEEP_SECONDS = 0.05
    config = {
        "method": method,
        "metric": {"name": "val_loss", "goal": "minimize"},
        "parameters": {"lr": {"values": [0.1, 0.2, 0.4]}, "size": {"value": 4}},
    }
    if method != "grid":
        config |= {"run_cap": 2, "early_terminate": {"type": "hyperband", "min_iter": 3}}
    sweep_id = wandb.sweep(config, project="tuning")
    wandb.agent(sweep_id, function=train, project="tuning")
    sweep = wandb.Api().sweep(f"local/tuning/{sweep_id}")
    best = sweep.best_run()
    said = {
        "id": sweep.id,
        "state": sweep.state,
        "method": sweep.config["method"],
        "runs": [of_one(run.id) for run in sweep.runs],
        "best": [best.id, best.summary["val_loss"]],
        "of the run": wandb.Api().run(f"local/tuning/{best.id}").sweep.id,
    }
    print("SAID", json.dumps(said), flush=True)


if __name__ == "__main__":  # wandb 0.13 starts processes that read this file
    main(*sys.argv[1:])
