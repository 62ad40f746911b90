"""Keras' progress, in a script and in a notebook, is what it is without the callback: nothing is written into the bar."""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
import sys

import pytest

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders

pytest.importorskip("IPython", reason="the extra dev has it")

TRAINING = """\
import numpy as np
import tensorflow as tf
import wandb
from wandb.keras import WandbCallback
run = wandb.init(project="progress")
tf.keras.utils.set_random_seed(1)
x = np.random.rand(40, 4, 4, 1).astype("float32")
y = np.eye(3, dtype="float32")[np.random.randint(0, 3, 40)]
model = tf.keras.Sequential([tf.keras.layers.Flatten(), tf.keras.layers.Dense(3, activation="softmax")])
model.compile(tf.keras.optimizers.SGD(0.1), "categorical_crossentropy")
_ = model.fit(x, y, epochs=3, validation_data=(x, y), callbacks=CALLBACKS)
"""
EVERYTHING = """[WandbCallback(
    log_weights=True, log_gradients=True, training_data=(x, y), validation_data=(x, y), input_type="image",
    labels=["a", "b", "c"], predictions=4, log_evaluation=True, log_batch_frequency=1, compute_flops=True,
)]"""
_TERMINAL = re.compile(r"\x1b\[[0-9;]*m|\x08")
_TIMES = re.compile(r"\b\d+(?:ms|us|s)(?:/\w+)?\b")


def shown(printed: str) -> list[str]:
    """What is left to be read of each line, without times."""
    lines = (_TERMINAL.sub("", line).rsplit("\r", 1)[-1] for line in printed.split("\n"))
    return [" ".join(_TIMES.sub("", line).split()) for line in lines if line.strip()]


def printed(folder: pathlib.Path, form: str, callbacks: str) -> list[str]:
    folder.mkdir()
    text = TRAINING.replace("CALLBACKS", callbacks)
    if form == "script":
        (folder / "train.py").write_text(text, encoding="utf-8")
        command = ["-m", "wandb_keras_compat", "run", "train.py"]
    else:
        cell = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
        sources = ["%load_ext wandb_keras_compat\n", text]
        cells = [{**cell, "source": source.splitlines(keepends=True)} for source in sources]
        notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
        (folder / "train.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        command = ["-m", "IPython", "--no-banner", "--colors=NoColor", "train.ipynb"]
    quiet = {"WANDB_MODE": "offline", "WANDB_SILENT": "true", "TF_CPP_MIN_LOG_LEVEL": "3", "IPYTHONDIR": str(folder)}
    environment = inherited_environment(wandb_folders(folder / "wandb"), quiet, drop=["WANDB_"])
    done = subprocess.run([sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return shown(done.stdout)


@pytest.mark.parametrize("form", ["script", "notebook"])
def test_the_progress_is_what_it_is_without_the_callback(tmp_path: pathlib.Path, form: str) -> None:
    bare, ours = (printed(tmp_path / name, form, text) for name, text in (("bare", "[]"), ("ours", EVERYTHING)))
    assert ours == bare
    assert [line for line in bare if line.startswith("Epoch")] == ["Epoch 1/3", "Epoch 2/3", "Epoch 3/3"]
    assert sum("val_loss" in line for line in bare) == 3


def test_a_line_in_the_bar_would_be_seen() -> None:
    bar = "Epoch 1/2\n\r1/2 - 0s 16ms/step - loss: 1.1\x08\x08\r2/2 - 0s 3ms/step - loss: 1.0\n"
    assert shown(bar) == ["Epoch 1/2", "2/2 - - loss: 1.0"]
    assert shown(bar.replace("\x08\x08", "INFO: Assets written to: x\n")) != shown(bar)
