"""What an epoch costs in which the model gets better: ``model-best.h5`` and the artifact, with default arguments.

The first such epoch traces the SavedModel's graph. Those after it, which are measured, write what the first one wrote.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .measure import interleaved
from .models import SUBJECTS, Subject
from .results import Effort, Row
from .wandb_runs import offline_run

TITLE = "best epoch"
LIMIT = 1.5
LOSSES = 1_000_000
"""The first loss; each epoch has one less. Keras 3 compares in float32, where 10**9 and the number below are equal."""


def measure(effort: Effort) -> Iterator[Row]:
    """Against writing the same bytes, and against W&B's newer checkpoint for the number of bytes that it writes."""
    for subject in SUBJECTS if effort.rounds > 5 else SUBJECTS[:1]:
        with offline_run() as run, tempfile.TemporaryDirectory() as folder:
            model = _trained(subject)
            best, size = _best(model, run)
            newer, size_of_newer = _newer(model, folder)
            sides = {"best": best, "bytes": _bytes(size, folder), "newer": newer}
            times = interleaved(sides, effort.rounds, clock=effort.clock)
            note = f"{size / 1e6:.1f} MB"
            yield Row(TITLE, subject.name, "best epoch / the same bytes", times.ratio("best", "bytes"), note=note)
            yield Row(
                TITLE, subject.name, "newer checkpoint / the same bytes",
                times.ratio("newer", "bytes").scaled(size / size_of_newer),
            )  # fmt: skip
            per_byte = times.ratio("best", "newer").scaled(size_of_newer / size)
            yield Row(
                TITLE, subject.name, "best epoch / newer checkpoint, byte for byte", per_byte, limit=LIMIT,
                note=f"newer {size_of_newer / 1e6:.1f} MB",
            )  # fmt: skip


def _trained(subject: Subject) -> Any:
    model = subject.build()
    x, y = subject.data()
    model.fit(x[:32], y[:32], verbose=0)
    return model


def _best(model: Any, run: Any) -> tuple[Callable[[], None], int]:
    from wandb_keras_compat import WandbCallback

    callback = WandbCallback(save_graph=False)
    callback.set_params({"epochs": 1, "steps": 1, "verbose": 0})
    callback.set_model(model)
    callback.on_train_begin()
    losses = iter(range(LOSSES, 0, -1))

    def epoch() -> None:
        callback.on_epoch_end(0, {"loss": 1.0, "val_loss": float(next(losses))})

    epoch()
    with tempfile.TemporaryDirectory() as copy:
        callback._features.checkpoint._save_parts(copy)
        size = sum(path.stat().st_size for path in Path(copy).rglob("*") if path.is_file())
    return epoch, size + os.path.getsize(callback.filepath)


def _newer(model: Any, folder: str) -> tuple[Callable[[], None], int]:
    from wandb.integration.keras import WandbModelCheckpoint

    path = os.path.join(folder, "newer.keras")
    callback = WandbModelCheckpoint(path, monitor="val_loss", save_best_only=True)
    callback.set_model(model)
    losses = iter(range(LOSSES, 0, -1))

    def epoch() -> None:
        Path(path).unlink(missing_ok=True)  # a checkpoint that saved nothing would have no file to add
        callback.on_epoch_end(0, {"val_loss": float(next(losses))})

    epoch()
    return epoch, os.path.getsize(path)


def _bytes(size: int, folder: str) -> Callable[[], None]:
    """Writes so many bytes, and copies them once, as wandb does with what an artifact is given."""
    content = os.urandom(size)

    def write() -> None:
        path = os.path.join(folder, "bytes")
        Path(path).write_bytes(content)
        shutil.copyfile(path, f"{path}.copy")

    return write
