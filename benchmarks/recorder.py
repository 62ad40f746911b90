"""How many simulated fits a minute the recorder takes, with the installed wandb.

    python -m benchmarks.recorder [--seconds 20]

A fit is a run of three epochs, each with five batch logs, a histogram, a list of four small images, a row of five
metrics and two summary values, and its snapshot. The store is cleared after each, as between the examples of a
property. At least 300 a minute are wanted. Nothing is sent anywhere.
"""

from __future__ import annotations

import argparse
import os
import time

os.environ.setdefault("WANDB_SILENT", "true")

import numpy as np
import wandb

from wandb_keras_compat.testing.doors.recorder import Recorder

WANTED = 300
EPOCHS, BATCHES, ROWS = 3, 5, 3 * (5 + 1)


def fit(recorder: Recorder) -> None:
    run = recorder.start_run(config={"epochs": EPOCHS})
    for epoch in range(EPOCHS):
        for batch in range(BATCHES):
            run.log({"batch/loss": 1 / (batch + 1), "batch/accuracy": batch / BATCHES})
        run.log({"weights": wandb.Histogram(np.arange(64.0))}, commit=False)
        pictures = [wandb.Image(np.full((8, 8, 3), shade, "uint8"), caption=str(shade)) for shade in range(4)]
        run.log({"examples": pictures}, commit=False)
        run.log({"epoch": epoch, "loss": 0.5, "accuracy": 0.5, "val_loss": 0.25, "val_accuracy": 0.75})
        run.summary["best_val_loss"] = 0.25
        run.summary["best_epoch"] = epoch
    run.finish()
    assert len(recorder.snapshot().history()) == ROWS
    recorder.clear()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    seconds = float(parser.parse_args().seconds)
    with Recorder() as recorder:
        fit(recorder)  # imports what is imported late
        begin = time.perf_counter()
        count = 0
        while time.perf_counter() - begin < seconds:
            fit(recorder)
            count += 1
        rate = 60 * count / (time.perf_counter() - begin)
    print(f"wandb {wandb.__version__}: {rate:.0f} fits a minute (at least {WANTED})")


if __name__ == "__main__":
    main()
