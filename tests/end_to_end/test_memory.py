"""A best epoch needs the memory of one copy of the weights, and not of two: Keras writes a ``.keras`` file from one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells what a process has in /proc")

SOURCE = Path(__file__).parents[2] / "src"

#: Looks at the memory that is not that of files, which wandb maps to hash them, while the callback's hook runs.
PROGRAM = """
import json, re, sys, threading
import numpy as np, wandb
from wandb_keras_compat import WandbCallback

class Watched(WandbCallback):
    def on_epoch_end(self, epoch, logs=None):
        before, highest, ended = in_use(), [0], threading.Event()
        def look():
            while not ended.wait(0.0005):
                highest[0] = max(highest[0], in_use() - before)
        looking = threading.Thread(target=look)
        looking.start()
        super().on_epoch_end(epoch, logs)
        {more}
        ended.set()
        looking.join()
        print(json.dumps({{"epoch": epoch, "over": highest[0] / weights}}), flush=True)

def in_use():
    with open("/proc/self/status") as file:
        return 1024 * int(re.search(r"RssAnon:\\s+(\\d+)", file.read())[1])

import keras
inside = [keras.layers.Dense(1000) for _ in range(16)]
model = keras.Sequential([keras.layers.InputLayer((1000,)), *inside])
weights = 4 * model.count_params()
model.compile(keras.optimizers.SGD(1e-6), "mse")
x, y = np.random.default_rng(0).random((64, 1000), dtype="float32"), np.zeros((64, 1000), "float32")
wandb.init()
model.fit(x, y, epochs=3, verbose=0, callbacks=[Watched(monitor="loss")])
"""


def highest(folder: Path, more: str = "") -> dict[int, float]:
    """What each best epoch took at most beside what was there, in copies of the weights."""
    program = folder / "program.py"
    program.write_text(PROGRAM.format(more=more or "pass"), encoding="utf-8")
    quiet = {"WANDB_MODE": "offline", "WANDB_SILENT": "true"}
    own = inherited_environment(wandb_folders(folder), quiet, path=[SOURCE])
    ended = subprocess.run([sys.executable, str(program)], env=own, cwd=folder, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    said = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    return {each["epoch"]: each["over"] for each in said}


def test_a_best_epoch_takes_one_copy_of_the_weights(tmp_path: Path) -> None:
    over = highest(tmp_path)
    assert over.keys() == {0, 1, 2}
    assert max(over.values()) < 1.5, over


def test_two_copies_would_be_seen(tmp_path: Path) -> None:
    over = highest(tmp_path, "copies = [np.concatenate([w.ravel() for w in model.get_weights()]) for _ in range(2)]")
    assert min(over.values()) > 1.5, over
