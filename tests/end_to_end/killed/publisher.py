"""Publishes a file at each line it reads, as the callback does a better model; any Python with wandb runs it."""

from __future__ import annotations

import os
import sys

import wandb

from wandb_keras_compat.atomic_files import written_whole
from wandb_keras_compat.sdk.run_writer import RunWriter
from wandb_keras_compat.testing.doors.server.settings import fast_settings

run = wandb.init(project="killed", id="killed", settings=wandb.Settings(**fast_settings()))
path = os.path.join(run.dir, "model-best.h5")
writer = RunWriter()
for epoch, _ in enumerate(sys.stdin):
    writer.log({"val_loss": 1.0 / (epoch + 1)}, commit=True)
    with written_whole(path) as partial, open(partial, "w") as file:
        file.write(f"epoch {epoch}")
    writer.publish(path)
    writer.set_summary("best_epoch", epoch)
    print(wandb.__version__, epoch, flush=True)
