"""Logs what a callback logs, each kind in each of three epochs, and says on its output how far it is.

After "begun" it waits for a line on its input, and after "trained", before it finishes, for another one.
"""

from __future__ import annotations

import os
import sys

import wandb

from wandb_keras_compat.sdk import server_answers
from wandb_keras_compat.sdk.run_writer import RunWriter
from wandb_keras_compat.testing.doors.server.settings import fast_settings

server_answers.PATIENCE = 0.2


def table(column: str, value: int) -> wandb.Table:
    made = wandb.Table(columns=[column])
    made.add_data(value)
    return made


def main() -> None:
    run = wandb.init(project="project", settings=wandb.Settings(**fast_settings(quick_retries=True)))
    writer = RunWriter()
    writer.log({"loss": 9.0}, commit=True)
    epoch_of(run, writer, 0)
    print("begun", flush=True)
    sys.stdin.readline()
    validation = table("target", 7)
    artifact = wandb.Artifact("validation", type="validation_dataset")
    artifact.add(validation, "validation_data")
    writer.use_artifact(artifact)
    for epoch in (1, 2, 3):
        epoch_of(run, writer, epoch)
        predictions = table("output", epoch)
        predictions.add_column("row", validation.get_index())
        writer.log({"predictions": predictions}, commit=False)
        writer.log({"epoch": epoch}, commit=True)
    print("trained", flush=True)
    sys.stdin.readline()
    wandb.finish()
    print("finished", flush=True)


def epoch_of(run: object, writer: RunWriter, epoch: int) -> None:
    path = os.path.join(str(getattr(run, "dir")), "model-best.h5")  # noqa: B009 - typed differently in each wandb
    with open(path, "w") as file:
        file.write(f"epoch {epoch}")
    model = wandb.Artifact("model", type="model")
    model.add_file(path)
    writer.publish(path)
    writer.log_artifact(model, [f"epoch_{epoch}"])
    writer.set_summary("best_epoch", epoch)


if __name__ == "__main__":
    main()
