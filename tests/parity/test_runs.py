"""Whole trainings log the same with the shim as with the real class, where that class works.

Both train the same scenarios in processes of their own, offline; what each run logged is read from its
log and its files.
"""

from __future__ import annotations

import importlib.util
import json
import os
import pathlib
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from wandb_keras_compat.adapters.versions import installed
from wandb_keras_compat.testing import runlog
from wandb_keras_compat.testing.snapshot import RunSnapshot

ROOT = pathlib.Path(__file__).parents[2]


def oracle_works() -> bool:
    """The class is there, and gradients work (TensorFlow up to 2.13 with wandb from 0.13.6)."""
    spec = importlib.util.find_spec("wandb.integration.keras")
    legacy = pathlib.Path(spec.origin).with_name("keras.py").read_text(encoding="utf-8") if spec else ""
    tensorflow, wandb = installed("tensorflow"), installed("wandb")
    return "class WandbCallback" in legacy and tensorflow.release < (2, 14) and wandb.release >= (0, 13, 6)


pytestmark = pytest.mark.skipif(
    not oracle_works(), reason="the real class is not there, or its gradients do not work; run nox -s cell-oracle"
)

SCENARIOS = (
    [
        line.split('"')[1]
        for line in (ROOT / "tests/parity/train.py").read_text(encoding="utf-8").splitlines()
        if line.startswith('    "') and ": Scenario(" in line
    ]
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, tuple[RunSnapshot, pathlib.Path]]]:
    """``{"legacy" or "shim": {scenario: (its log, its files folder)}}``."""
    found: dict[str, dict[str, Any]] = {}
    for which in ("legacy", "shim"):
        folder = tmp_path_factory.mktemp(which)
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
            "WANDB_MODE": "offline",
            "WANDB_SILENT": "true",
            "WANDB_CONSOLE": "off",
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.parity.train", which, str(folder)],
            env=environment, capture_output=True, text=True, check=False,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        logs = [(runlog.load(path).run, path.parent / "files") for path in runlog.find_run_logs(folder)]
        found[which] = {log.group: (log, files) for log, files in logs}
    return found


VOLATILE = {"_timestamp", "_runtime"}
#: Random or machine-bound parts of what a value says of its file.
OF_THE_FILE = {"path", "sha256", "size", "filenames", "artifact_path", "_latest_artifact_path", "latest_artifact_path"}


def content(value: Any, files: pathlib.Path) -> Any:
    """A logged value with each reference to a file replaced by what the file holds."""
    if not isinstance(value, dict):
        return value
    kind = value.get("_type")
    plain = {key: content(item, files) for key, item in value.items() if key not in OF_THE_FILE}
    if kind == "images/separated":
        plain["images"] = [_pixels(files / path) for path in value["filenames"]]
    elif kind in ("table-file", "graph-file"):
        plain["holds"] = _without_ids(json.loads((files / value["path"]).read_text(encoding="utf-8")))
    return plain


def _pixels(path: pathlib.Path) -> Any:
    from PIL import Image

    return np.asarray(Image.open(path)).tolist()


def _without_ids(value: Any) -> Any:
    """Tables without the random names of the images and of the other tables they refer to."""
    if isinstance(value, dict):
        volatile = {"path", "sha256", "size", "artifact_path", "table", "table_ref", "artifact"}
        return {key: _without_ids(item) for key, item in value.items() if key not in volatile}
    return [_without_ids(item) for item in value] if isinstance(value, list) else value


def rows(log: RunSnapshot, files: pathlib.Path) -> list[dict[str, Any]]:
    return [{k: content(v, files) for k, v in row.items() if k not in VOLATILE} for row in log.history(internal=True)]


def same(old: Any, new: Any) -> bool:
    """Equal, but for the rounding of floating point sums."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    if isinstance(old, float) or isinstance(new, float):
        return old == pytest.approx(new, rel=1e-4, abs=1e-6)
    return old == new


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", SCENARIOS)
def test_history(runs: Any, name: str) -> None:
    old, new = (rows(*runs[which][name]) for which in ("legacy", "shim"))
    assert [sorted(row) for row in old] == [sorted(row) for row in new]
    for before, after in zip(old, new):
        for key, value in before.items():
            assert same(value, after[key]), (key, value, after[key])


#: A run without a network cannot be resumed, and only the shim's files are registered for upload.
@pytest.mark.parametrize("name", SCENARIOS)
def test_summary(runs: Any, name: str) -> None:
    old, new = (
        {k: content(v, files) for k, v in log.summary().items()}
        for log, files in (runs[which][name] for which in ("legacy", "shim"))
    )
    assert same(old, new), {key: (old.get(key), new.get(key)) for key in {*old, *new} if not same(old.get(key), new.get(key))}


@pytest.mark.parametrize("name", SCENARIOS)
def test_artifacts(runs: Any, name: str) -> None:
    def logged(which: str) -> list[Any]:
        log = runs[which][name][0]
        # Offline the shim logs the validation table's artifact, where legacy could only give up.
        # The names of tables logged to the history hold the run's random id.
        return [
            (artifact.name.split("-")[0], artifact.type, sorted(artifact.asked_aliases), sorted(map(_kind, artifact.paths())))
            for artifact in log.artifacts()
            if artifact.type != "validation_dataset"
        ]

    assert logged("legacy") == logged("shim")


def _kind(path: str) -> str:
    """An entry's path without the digests in the names of media files."""
    return path.split("media/", maxsplit=1)[0] + "media" + pathlib.PurePath(path).suffix if "media/" in path else path


@pytest.mark.parametrize("name", SCENARIOS)
def test_model_best(runs: Any, name: str) -> None:
    files = {which: runs[which][name][1] / "model-best.h5" for which in ("legacy", "shim")}
    assert files["legacy"].exists() == files["shim"].exists()
    if not files["shim"].exists():
        return
    import h5py

    def weights(path: pathlib.Path) -> dict[str, list]:
        with h5py.File(path, "r") as file:
            found: dict[str, list] = {}
            file.visititems(lambda key, item: found.update({key: item[()].tolist()}) if hasattr(item, "shape") else None)
        return found

    old, new = weights(files["legacy"]), weights(files["shim"])
    assert old.keys() == new.keys()
    assert same(old, new)
