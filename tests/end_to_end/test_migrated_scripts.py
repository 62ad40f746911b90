"""Scripts that the codemods rewrote, run for real.

After level 1 a script logs what the unedited one logs under ``run``. After level 2 it runs on the newer
callbacks, and every key it logs is one that the report named; with the old keys it logs what it did before.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wandb_keras_compat.testing.trace.compare import diff

from .conftest import REPOSITORY, Finished

pytest.importorskip("tensorflow")
pytest.importorskip("libcst", reason="the codemods are an extra")
pytest.importorskip("pathspec", reason="the codemods are an extra")

SCRIPT = """\
import numpy as np
import tensorflow as tf
import wandb
{imports}
tf.keras.utils.set_random_seed(1)
wandb.init(project="digits", name="fast-bird")
x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
y = (x.sum(1) > 0).astype("float32")
model = tf.keras.Sequential([tf.keras.layers.Input((4,)), tf.keras.layers.Dense(1, activation="sigmoid", name="d")])
model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=3, validation_split=0.25, shuffle=False, callbacks=[{callback}], verbose=0)
wandb.finish()
"""
LEGACY = {
    "from-import": (
        "from wandb.keras import WandbCallback\n",
        "WandbCallback(log_weights=True, log_gradients=True, training_data=(x, y), log_batch_frequency=2)",
    ),
    "attribute": ("", 'wandb.keras.WandbCallback(monitor="val_accuracy", compute_flops=True)'),
}
#: A script that names the small callbacks announces them as what they are, and the newer keys declare their x axis;
#: nothing else of a run may differ.
ANNOUNCED = {"feature.keras", "feature.keras_metrics_logger", "feature.metric"}


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [
        f"{item.path}: {item.old!r:.80} became {item.new!r:.80}"
        for item in diff(before, after)
        if not (item.path.startswith("runs[0].telemetry") and {item.old, item.new} & ANNOUNCED)
    ]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("imports", "callback"), LEGACY.values(), ids=LEGACY)
def test_level_one_logs_what_the_unedited_script_logs(
    imports: str, callback: str, python: Callable[..., Finished], tmp_path: Path
) -> None:
    """Rows, summary, files and artifacts are equal."""
    script = tmp_path / "train.py"
    script.write_text(SCRIPT.format(imports=imports, callback=callback))
    unedited = python("-m", "wandb_keras_compat", "run", script)
    assert unedited.code == 0, unedited.output[-4000:]

    assert python("-m", "wandb_keras_codemods", "--write", script).code == 1
    assert "wandb.keras" not in script.read_text()
    migrated = python(script)
    assert migrated.code == 0, migrated.output[-4000:]

    before, after = migrated.traces()
    assert len(before["runs"][0]["history"]) >= 3
    assert before["runs"][0]["artifacts"]["logged"]
    assert differences(before, after) == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("arguments", ["", 'monitor="val_accuracy", log_batch_frequency=1, labels=["no", "yes"]'])
def test_level_two_runs_and_every_key_was_named(
    arguments: str, python: Callable[..., Finished], tmp_path: Path
) -> None:
    """The keys of the run are the report's new ones, and none of its old ones."""
    script = tmp_path / "train.py"
    imports = "from wandb.keras import WandbCallback\n"
    script.write_text(SCRIPT.format(imports=imports, callback=f"WandbCallback({arguments})"))
    rewritten = python("-m", "wandb_keras_codemods", "--to", "callbacks", "--write", "--report", "report.json", script)
    assert rewritten.code == 1, rewritten.output
    assert "WandbCallback" not in script.read_text()
    finished = python(script)
    assert finished.code == 0, finished.output[-4000:]

    (run,) = finished.runs()
    report = json.loads((tmp_path / "report.json").read_text())
    moved = {item["old"]: item["new"] for record in report["records"] for item in record["moved"]}
    logged = set(run.history_keys())
    added = {"epoch/learning_rate", "batch/learning_rate", "batch/batch_step"}
    assert logged - added <= set(moved.values())
    assert {f"epoch/{name}" for name in ("epoch", "loss", "val_loss", "accuracy", "val_accuracy")} <= logged
    assert not logged & set(moved)
    assert {item.type for item in run.artifacts()} == {"model"}
    assert all(item.name.startswith("run_") and item.name.endswith("_model") for item in run.artifacts())


EVERY_ARGUMENT = REPOSITORY / "examples" / "documented_uses" / "use_09_every_argument.py"
NEWER = ("epoch/", "batch/")


def without_newer(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if not key.startswith(NEWER)}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("keys", ["legacy", "both"])
def test_level_two_with_the_old_keys_loses_nothing(keys: str, python: Callable[..., Finished], tmp_path: Path) -> None:
    """Every argument in use: rows, media, tables, summary, files and artifacts are those of the unedited script.

    With ``both`` each row has the newer keys as well, with the same values.
    """
    script = tmp_path / "train.py"
    seeded = "import wandb\ntf.keras.utils.set_random_seed(1)\n"
    script.write_text(EVERY_ARGUMENT.read_text().replace("import wandb\n", seeded, 1))
    unedited = python("-m", "wandb_keras_compat", "run", script)
    assert unedited.code == 0, unedited.output[-4000:]

    rewritten = python("-m", "wandb_keras_codemods", "--to", "callbacks", "--keys", keys, "--write", script)
    assert rewritten.code == 1, rewritten.output
    assert "WandbCallback(" not in script.read_text()
    migrated = python(script)
    assert migrated.code == 0, migrated.output[-4000:]

    before, after = migrated.traces()
    (old,), (new,) = before["runs"], after["runs"]
    assert {"val_accuracy", "examples", "validation_predictions", "parameters/conv2d.weights"} <= {
        key for row in old["history"] for key in row
    }
    assert {"top_val_accuracy", "top_epoch", "graph", "GFLOPs"} <= old["summary"].keys()
    if keys == "both":
        epochs = [row for row in new["history"] if "epoch/epoch" in row]
        assert len(epochs) == 3
        assert any("batch/loss" in row for row in new["history"])
        for row in epochs:
            for name in ("epoch", "loss", "accuracy", "val_loss", "val_accuracy"):
                assert row[f"epoch/{name}"] == row[name]
        assert set(new.pop("metrics")) - set(old["metrics"])  # the x axes of the newer keys
        new["metrics"] = old["metrics"]
        new["history"] = [without_newer(row) for row in new["history"]]
        new["summary"] = without_newer(new["summary"])
    assert differences(before, after) == []
