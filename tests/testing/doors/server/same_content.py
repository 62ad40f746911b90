"""Runs that log the same tables, as folds and sweeps do: ``same_content.py RUN...``, run by any Python that has wandb.

Each run logs them twice: a table it uses, and a second one that refers to the first by the id the program itself gave
it, since nobody waits for the server's.
"""

from __future__ import annotations

import sys

import numpy as np
import wandb

from wandb_keras_compat.testing.doors.server.settings import fast_settings


def evaluation(run, name):
    """As ``WandbCallback(log_evaluation=True)`` does: what it predicts for is the same in every run."""
    pictures = [wandb.Image(np.full((4, 4), i, "uint8")) for i in range(2)]
    data = wandb.Table(columns=["image"], data=[[picture] for picture in pictures])
    validation = wandb.Artifact("validation", type="dataset")
    validation.add(data, "data")
    run.use_artifact(validation)
    guesses = wandb.Table(columns=["row", "guess"], data=[[row, 7] for row in data.get_index()])
    predictions = wandb.Artifact(f"{name}-predictions", type="run_table")
    predictions.add(guesses, "guesses")
    run.log_artifact(predictions)
    return validation, predictions


if __name__ == "__main__":
    for run_id in sys.argv[1:]:
        run = wandb.init(project="same", id=run_id, reinit=True, settings=wandb.Settings(**fast_settings()))
        kept = [evaluation(run, run_id) for _ in range(2)]
        run.finish()
    sys.stdout.flush()
