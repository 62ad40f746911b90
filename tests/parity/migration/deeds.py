"""What a small program does, made up: before, and after each setting by the codemods' documentation."""

from __future__ import annotations

import copy
from typing import Any

Deeds = dict[str, Any]

_ROWS = [{"epoch": 0, "loss": 0.5, "val_loss": 0.6}, {"epoch": 1, "loss": 0.3, "val_loss": 0.4}]
_BATCH = {"loss": 0.7}
PICTURE = {"_type": "image", "width": 1, "height": 1, "mode": "L", "png": (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)}  # fmt: skip
TABLE = {"_type": "table", "columns": ["id", "class"], "rows": [[0, "a"], [1, "b"]]}
OWN = {"_step": 3, "mine": 7}


def weights(value: float, kind: str) -> dict[str, Any]:
    """A model of one weight, under the names of that format; with an optimizer of its own."""
    names = {"keras": "layers/dense/vars/0", "h5": "dense/dense/kernel", "checkpoint": "variables/0"}
    array = {"shape": [2], "dtype": "float32", "sha256": str(value), "values": [value, 1.0]}
    optimizer = {"shape": [1], "dtype": "float32", "sha256": kind, "values": [0.1]}
    return {"_type": "weights", "format": kind, "weights": {names[kind]: array, f"optimizer/{kind}": optimizer}}


def _run(history: list[Any], summary: dict[str, Any], metrics: dict[str, Any], logged: list[Any], files: Any) -> Any:
    return {
        "name": "mine", "group": None, "job_type": None, "notes": None, "tags": [], "sweep": None, "config": {"rate": 0.1},
        "metrics": metrics, "history": [{"_step": step, **row} for step, row in enumerate(history)], "summary": summary,
        "files": files, "artifacts": {"logged": logged, "used": []}, "telemetry": ["feature.keras", "feature.set_init_name"],
        "console": [], "terminal": ["WARNING something"], "exit_code": 0,
    }  # fmt: skip


def _artifact(name: str, aliases: list[str], path: str, content: Any) -> Any:
    return {
        "name": name,
        "type": "model",
        "aliases": aliases,
        "metadata": {},
        "description": None,
        "entries": {path: content},
    }


def _deeds(run: Any, files: Any) -> Deeds:
    trace = {"schema": "wandb-keras-compat/trace/1", "door": "recorder", "blind": [], "made_with": {}, "runs": [run]}
    return {
        "trace": trace,
        "printed": ["loss 0.3"],
        "ended": None,
        "files": files,
        "sweeps": [{"goal": "minimize", "value": 0.4}],
    }


def before() -> Deeds:
    rows = [{**_BATCH}, _ROWS[0], {**_ROWS[1], "examples": [PICTURE], "table": TABLE}, {"mine": 7}]
    summary = {
        "epoch": 1, "loss": 0.3, "val_loss": 0.4, "best_val_loss": 0.4, "best_epoch": 1, "mine": 7,
        "graph": {"_type": "graph", "nodes": [{"name": "dense"}], "edges": []}, "examples": [PICTURE], "table": TABLE,
    }  # fmt: skip
    saved = {"model-best.h5": {"policy": "live", "content": weights(2.0, "h5")}}
    logged = [
        _artifact("model-mine", ["epoch_0"], "variables/variables", weights(1.0, "checkpoint")),
        _artifact("model-mine", ["epoch_1", "latest"], "variables/variables", weights(2.0, "checkpoint")),
    ]
    return _deeds(_run(rows, summary, {}, logged, saved), {"out.txt": {"_type": "text", "text": "done"}})


def _metrics() -> dict[str, Any]:
    metric = {"summary": [], "hidden": False, "step_sync": False, "goal": None}
    return {"epoch/epoch": {**metric, "step_metric": None}, "epoch/loss": {**metric, "step_metric": "epoch/epoch"}}


def after(setting: str) -> Deeds:
    found = copy.deepcopy(before())
    run = found["trace"]["runs"][0]
    if setting == "compat":
        return found
    run["metrics"] = _metrics()
    run["telemetry"] += ["feature.keras_metrics_logger", "feature.metric"]
    for row in run["history"][:3]:
        prefix = "epoch/" if "epoch" in row else "batch/"
        for key in [key for key in row if key in ("epoch", "loss", "val_loss")]:
            row[prefix + key] = row[key] if setting == "both" else row.pop(key)
        row[prefix + "learning_rate"] = 0.1
        if prefix == "batch/":
            row["batch/batch_step"] = 0
    last: dict[str, Any] = {}
    for row in run["history"]:
        last.update({key: value for key, value in row.items() if "/" in key})
    run["summary"].update(last)
    if setting == "new":
        for key in ("epoch", "loss", "val_loss", "best_val_loss", "best_epoch", "graph"):
            del run["summary"][key]
        del run["files"]["model-best.h5"]
        run["terminal"] = []
        found["files"]["model-best.keras"] = weights(2.0, "keras")
        run["artifacts"]["logged"] = [
            _artifact("run_<run id>_model", ["epoch_0"], "model-best.keras", weights(1.0, "keras")),
            _artifact("run_<run id>_model", ["epoch_1", "epoch_2", "latest"], "model-best.keras", weights(2.0, "keras")),
        ]  # fmt: skip
    return found
