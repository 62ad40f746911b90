"""Traces made by hand, with everything in them that the schema knows."""

from __future__ import annotations

import base64
import copy
import io
import math
from typing import Any

from PIL import Image

HOSTILE = "</script><img src=x onerror=alert(1)>\"'&<b>\x1b[31m\ud800"


def png(width: int = 8, height: int = 8, seed: int = 0, mode: str = "L") -> dict[str, Any]:
    picture = Image.new(mode, (width, height))
    for x in range(width):
        for y in range(height):
            level = (x * 31 + y * 17 + seed * 53) % 256
            picture.putpixel((x, y), level if mode in "L" else (level, 255 - level, 128, 255)[: len(mode)])
    written = io.BytesIO()
    picture.save(written, format="PNG")
    content = base64.b64encode(written.getvalue()).decode()
    return {"_type": "image", "width": width, "height": height, "mode": mode, "png": content}


def histogram(middle: float, bins: int = 16, total: int = 500) -> dict[str, Any]:
    edges = [middle - 1 + 2 * index / bins for index in range(bins + 1)]
    counts = [round(total * math.exp(-(((edges[i] + edges[i + 1]) / 2 - middle) ** 2) * 6)) for i in range(bins)]
    return {"_type": "histogram", "bins": edges, "counts": counts}


def table(rows: int = 3) -> dict[str, Any]:
    body = [[index, f"sample {index}", index / 3, png(4, 4, index)] for index in range(rows)]
    return {"_type": "table", "columns": ["id", "name", "score", "picture"], "rows": body}


def weights(shift: float = 0.0) -> dict[str, Any]:
    values = [shift + index / 10 for index in range(6)]
    big = {"shape": [100, 50], "dtype": "float32", "sha256": "b" * 64, "sketch": [12.5, 0.1, -0.3]}
    small = {"shape": [2, 3], "dtype": "float32", "sha256": "a" * 64, "values": values}
    return {"_type": "weights", "format": "h5", "weights": {"dense/bias": small, "dense/kernel": big}}


GRAPH = {
    "_type": "graph",
    "nodes": [
        {"name": "conv_1", "class_name": "Conv2D", "output_shape": [None, 8, 8, 16], "num_parameters": 160},
        {"name": "scores", "class_name": "Dense", "output_shape": [None, 10], "num_parameters": 5130},
    ],
    "edges": [["conv_1", "scores"]],
}


def images(epoch: int, count: int = 3) -> list[dict[str, Any]]:
    return [{**png(seed=epoch * 10 + index), "caption": f"{index} → {(index + epoch) % 10}"} for index in range(count)]


def run(name: str = "glad-sun-1", epochs: int = 4) -> dict[str, Any]:
    history: list[dict[str, Any]] = [
        {
            "_step": epoch,
            "epoch": epoch,
            "loss": 2.3 * math.exp(-epoch / 2),
            "lr": 10.0 ** -(2 * epoch + 1),
            "accuracy": 1 - 0.9 * math.exp(-epoch / 2),
            "nested": {"inner": {"value": epoch**2}},
            "parameters/conv_1.weights": histogram(epoch / 10),
            "examples": images(epoch),
            "note": f"epoch {epoch}",
        }
        for epoch in range(epochs)
    ]
    history[1]["loss"] = {"_type": "number", "is": "NaN"}
    history[-1]["validation_predictions"] = table()
    masked = {**png(8, 8, 3, "RGB"), "caption": "with a mask", "masks": {"truth": {"image": png(8, 8, 9)}}}
    history[0]["masked"] = masked
    entries = {"model.h5": weights(), "saved_model.pb": {"_type": "bytes", "size": 4321, "sha256": "c" * 64}}
    return {
        "name": name,
        "group": None,
        "job_type": "train",
        "notes": None,
        "tags": ["a", "b"],
        "sweep": None,
        "config": {"batch_size": 32, "optimizer": {"name": "adam", "lr": 0.002}},
        "metrics": {
            "epoch": {"step_metric": None, "summary": [], "hidden": True, "step_sync": False, "goal": None},
            "acc*": {
                "step_metric": "epoch",
                "summary": ["max"],
                "hidden": False,
                "step_sync": True,
                "goal": "maximize",
            },
        },
        "history": history,
        "summary": {"best_val_loss": 0.25, "best_epoch": 3, "graph": copy.deepcopy(GRAPH), "loss": history[-1]["loss"]},
        "files": {
            "model-best.h5": {"policy": "live", "content": weights()},
            "notes.txt": {"policy": "now", "content": {"_type": "text", "text": "first line\nsecond line\n"}},
            "setup.json": {"policy": None, "content": {"_type": "json", "value": {"a": [1, 2]}}},
            "lost.bin": {"policy": "end", "content": None},
        },
        "artifacts": {
            "logged": [
                {
                    "name": "model-glad-sun-1",
                    "type": "model",
                    "aliases": ["latest", "epoch_3"],
                    "metadata": {"epochs": 4},
                    "description": None,
                    "entries": entries,
                }
            ],
            "used": [],
        },
        "telemetry": ["feature.keras", "imports_init.tensorflow"],
        "console": ["Epoch 1/4", "loss: 2.3"],
        "exit_code": 0,
    }


def trace(*runs: dict[str, Any], door: str = "http", blind: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "schema": "wandb-keras-compat/trace/1",
        "door": door,
        "blind": list(blind),
        "made_with": {"python": "3.13.0", "wandb": "0.31.0", "keras": "3.15.1"},
        "runs": list(runs) or [run()],
    }
