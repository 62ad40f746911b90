"""Keras on another framework with TensorFlow installed beside it: what the program does not use is not imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders
from wandb_keras_compat.testing.doors import run_log

BACKEND = os.environ.get("KERAS_BACKEND", "tensorflow")
pytestmark = [
    pytest.mark.skipif(BACKEND == "tensorflow", reason="Keras computes with TensorFlow here"),
    pytest.mark.skipif(not find_spec("tensorflow"), reason="TensorFlow is not installed beside it"),
]

#: Keras writes one with JAX, and not with PyTorch, which its backend declares.
SAVED_MODEL = {"saved_model.pb", "variables/variables.index"} if BACKEND == "jax" else set()

#: Keras' own saving imports TensorFlow wherever that is installed.
PROGRAM = """
import json, sys
import keras, numpy as np, wandb
from wandb.keras import WandbCallback, WandbEvalCallback, WandbMetricsLogger, WandbModelCheckpoint

x, y = np.random.default_rng(0).random((32, 4), dtype="float32"), np.ones((32, 1), "float32")
wandb.init(project="beside")
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="relu"), keras.layers.Dense(1)])
model.compile("adam", "mse", metrics=["mae"])
legacy = WandbCallback(
    log_weights=True, log_gradients=True, training_data=(x, y), save_graph=True, compute_flops=True,
    validation_data=(x, y), log_evaluation=True, save_model={saves},
)
saving = [WandbModelCheckpoint("last.keras")] if {saves} else []
{data}
history = model.fit(
    *data, validation_data=validation, epochs=2, verbose=0,
    callbacks=[legacy, WandbMetricsLogger(), *saving],
)
print(json.dumps({{"tensorflow": "tensorflow" in sys.modules, "backend": keras.backend.backend(), **history.history}}))
"""
ARRAYS = "data, validation = (x, y), (x, y)"
DATASETS = """
import tensorflow as tf
train = tf.data.Dataset.from_tensor_slices((x, y)).batch(32)
data, validation = (train,), train
"""


@pytest.mark.parametrize(
    ("data", "saves", "imported"),
    [(ARRAYS, False, False), (ARRAYS, True, True), (DATASETS, True, True)],
    ids=["arrays", "arrays and a checkpoint", "tf.data and a checkpoint"],
)
def test_everything_is_logged(tmp_path: Path, data: str, saves: bool, imported: bool) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(data=data, saves=saves))
    ended = subprocess.run(
        [sys.executable, "-m", "wandb_keras_compat", "run", str(program)],
        cwd=tmp_path,
        env=inherited_environment(wandb_folders(tmp_path), {"WANDB_MODE": "offline", "WANDB_SILENT": "true"}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout.splitlines()[-1])
    assert (said["tensorflow"], said["backend"]) == (imported, BACKEND)
    (path,) = run_log.find_run_logs(tmp_path)
    run = run_log.load(path).run
    rows = [row for row in run.history() if "val_loss" in row]
    assert [row["val_loss"] for row in rows] == pytest.approx(said["val_loss"])
    assert {"parameters/dense_1.weights", "gradients/dense_1/kernel.gradient"} <= {key for row in rows for key in row}
    assert {"best_val_loss", "graph", "GFLOPs"} <= run.summary().keys()
    assert (Path(path).parent / "files" / "model-best.h5").exists() == saves
    assert bool(run.artifacts("model")) == saves
    for best, newer in zip(*[iter(run.artifacts("model"))] * 2, strict=True):
        assert {"model.keras"} | SAVED_MODEL <= set(best.paths())
        assert newer.paths() == ["last.keras"]
