"""The real SDK of every wandb that is at hand completes the scenario, and the snapshot holds what it sent.

``WANDB_KERAS_COMPAT_SDKS`` lists further interpreters (``nox -s sdk`` makes those of the versions in ``matrix.toml``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sdks import INTERPRETERS
from wandb_keras_compat.testing.doors.server import Backend
from wandb_keras_compat.testing.doors.server.account import ENTITY
from wandb_keras_compat.testing.model.snapshot import RunSnapshot

from . import scenario

SCENARIO = Path(scenario.__file__)


@pytest.mark.slow
@pytest.mark.parametrize("python", INTERPRETERS)
def test_the_scenario(python: str, program: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENARIO_ENTITY", ENTITY)
    with Backend() as backend:
        child = program(backend, SCENARIO, python=python)
        output, errors = child.communicate(timeout=240)
        seen = backend.snapshot()
    assert child.returncode == 0, output + errors
    assert seen.unknown == ()
    assert "failed" not in errors.lower(), "no upload failed"
    assert [run.id for run in seen.runs] == ["first", "default-settings"], "the missing run was not made"
    run = seen.run("first")
    check_run(run)
    check_files(run)
    check_artifacts(run)
    other = seen.run("default-settings")
    assert (other.history(), other.exit_code) == ([{"x": 1}], 0)


def check_run(run: RunSnapshot) -> None:
    assert (run.exit_code, run.name, run.group, run.job_type, run.notes) == (
        0,
        "the first",
        "a group",
        "train",
        "noted",
    )
    assert sorted(run.tags) == ["one", "two"]
    assert run.config() == {"batch": 8, "deep": {"er": [1, 2]}, "late": True}
    rows = run.history(internal=True)
    assert [row["_step"] for row in rows] == list(range(scenario.ROWS + 7)), "in order, over two resumptions"
    assert run.column("plain") == list(range(scenario.ROWS))
    assert run.column("loss") == [1.0 / (i + 1) for i in range(scenario.ROWS)]
    assert run.column("resumed") == ["must", "allow"]
    media = {key: run.column(key)[0]["_type"] for key in ("weights", "image", "images", "table", "graph")}
    images = media.pop("images")
    assert media == {"weights": "histogram", "image": "image-file", "table": "table-file", "graph": "graph-file"}
    assert images in {"images", "images/separated"}
    summary = run.summary()
    assert (summary["best_loss"], summary["nested"], summary["plain"]) == (0.25, {"x": 1}, scenario.ROWS - 1)
    metrics = run.metrics()
    assert metrics["best"].summary == ("max",)
    assert metrics["plain"].step_metric is None
    by_step = {name: metric.step_metric for name, metric in metrics.items() if name.startswith("epoch/")}
    # A server is told the glob by some versions and what it matched by others.
    assert by_step in (
        {"epoch/epoch": None, "epoch/*": "epoch/epoch"},
        {"epoch/epoch": None, "epoch/loss": "epoch/epoch"},
    )
    assert {"feature.finish", "feature.metric", "feature.resumed", "feature.set_init_id"} <= run.telemetry()
    assert not [name for name in run.telemetry() if "#" in name], "every flag has a name"
    assert {"python", "wandb"} <= run.versions().keys()


def check_files(run: RunSnapshot) -> None:
    files = run.files()
    assert files["model-best.h5"] == b"2" * 2000, "the last content of a live file"
    (image,) = run.column("image")
    (images,) = run.column("images")
    paths = [image["path"], *images["filenames"], run.column("table")[0]["path"], run.column("graph")[0]["path"]]
    assert set(paths) <= files.keys()
    assert all(files[path].startswith(b"\x89PNG") for path in paths[:4])


def check_artifacts(run: RunSnapshot) -> None:
    logged = run.artifacts()
    assert {artifact.state for artifact in logged} == {"COMMITTED"}
    models = run.artifacts("model")
    assert [(a.index, a.content("weights/part.bin")) for a in models] == [
        (0, b"weights 0"),
        (1, b"weights 1"),
        (1, b"weights 1"),
    ]
    assert sorted(models[0].aliases) == ["epoch_0"], "latest moved on"
    assert sorted(models[1].aliases) == ["best", "epoch_1", "latest", "same"]
    assert models[1].metadata == {"size": 9, "deep": {"er": [1]}}
    assert models[1].description == "a model"
    tables = {a.name: a for a in run.artifacts("run_table")}
    assert sorted(tables) == ["predictions", "run-first-table"]
    (used,) = run.used_artifacts()
    assert (used.name, used.type, used.state) == ("validation", "dataset", "COMMITTED")
    pictures = [path for path in used.paths() if path.endswith(".png")]
    assert len(pictures) == 3 and all(used.content(path).startswith(b"\x89PNG") for path in pictures)
    references = {entry.reference for _, entry in tables["predictions"].entries if entry.reference}
    assert references == {f"wandb-artifact://validation:v0/{path}" for path in pictures}
