"""The pages that are looked at: two diffs of traces made by hand, the committed results of the matrix, and the built site."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from compat_matrix import render
from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.views.build_report import report_of_both
from wandb_keras_compat.testing.views.comparison import ComparisonView
from wandb_keras_compat.testing.views.html_page import render as page_of_diff

from ..testing.views.traces import histogram, images, png, run, table, trace

#: Says where the site lies that ``nox -s pages`` built. With it a site that is not there is an error.
SITE = "WANDB_KERAS_COMPAT_SITE"
KEYS = [f"parameters/dense_{at}.weights" for at in range(12)]


def a_training(shift: float) -> dict[str, Any]:
    """Ten epochs that log histograms, pictures, a table and a long text, all of which *shift* changes."""
    made = run("deep-field-7", epochs=10)
    for step, row in enumerate(made["history"]):
        row.update({key: histogram(shift + step / 10 + at / 5) for at, key in enumerate(KEYS)})
        row["loss"] = 2.0 / (step + 1) + shift
        row["examples"] = images(step + round(shift * 10) * (step > 6), 16)
    made["history"][-1]["validation_predictions"] = table(80)
    for row in made["history"][-1]["validation_predictions"]["rows"]:
        row[2] += shift
        row[3] = png(12, 12, round(shift * 10))
        row.append(f"{shift} " * 60)
    made["history"][-1]["validation_predictions"]["columns"].append("scores of every class")
    made["summary"]["best_val_loss"] += shift
    made["config"]["optimizer"]["lr"] += shift
    made["files"]["notes.txt"]["content"]["text"] = f"learning rate {shift}\n" * 300
    made["console"] = [f"Epoch {epoch}/40 loss: {shift / (epoch + 1)}" for epoch in range(40)]
    return trace(made)


def written(folder: Path) -> dict[str, Path]:
    """The pages by name: a diff of thousands of paths, one of a few, and the results."""
    few = a_training(0.1)
    few["runs"][0]["history"][2]["loss"] = 1.5
    few["runs"][0]["history"][3]["examples"][1] = {**png(seed=99), "caption": "c"}
    few["runs"][0]["config"]["batch_size"] = 64
    pairs = {"many": (a_training(0.1), a_training(0.4)), "few": (a_training(0.1), few)}
    found = {"results": render.RESULTS_HTML}
    for name, sides in pairs.items():
        view = ComparisonView(diff(*sides))
        found[name] = folder / f"{name}.html"
        report = report_of_both(("before.json", "after.json"), sides, view.findings, view.notes)
        found[name].write_text(page_of_diff(report), encoding="utf-8")
    return found


def site() -> Path | None:
    """The folder of the built site; None where nobody says that there is one.

    Raises:
        FileNotFoundError: it is not there.
    """
    if SITE not in os.environ:
        return None
    folder = Path(os.environ[SITE]).resolve()
    if not (folder / "index.html").exists():
        raise FileNotFoundError(f"{SITE} is {folder}, where no site is")
    return folder
