"""``model-best.h5`` and the model artifact."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from wandb_keras_compat.sdk.run_writer import RunWriter

from ..builders import KERAS_3, callback, dense, fit, keras, numbers, run_epochs
from ..conftest import LoggedArtifact, Observed

X = numbers()[0]


def downloaded(artifact: LoggedArtifact, folder: Path) -> Path:
    """The artifact's files laid out as ``artifact.download()`` lays them out."""
    for path, source in artifact.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    return folder


def served(folder: Path) -> Any:
    """What the SavedModel in *folder* predicts for X."""
    (outputs,) = tf.saved_model.load(str(folder)).signatures["serving_default"](tf.constant(X)).values()
    return outputs.numpy()


@pytest.fixture
def trained(observed: Observed) -> tuple[Any, Any]:
    model, under_test = dense(), callback(save_model=True)
    fit(model, under_test)
    return model, under_test


def test_quirk_14_one_artifact_per_improvement_with_legacys_name_aliases_and_content(
    start_run: Callable[..., Observed], tmp_path: Path
) -> None:
    observed = start_run(name="My run: é/1")
    model = dense()
    run_epochs(callback(monitor="z", save_model=True), {"z": 3.0}, {"z": 4.0}, {"z": 2.0}, model=model)
    assert [a.name for a in observed.artifacts] == ["model-My_run____1"] * 2
    assert [a.type for a in observed.artifacts] == ["model"] * 2
    assert [sorted(a.aliases) for a in observed.artifacts] == [["epoch_0", "latest"], ["epoch_2", "latest"]]
    files = set(observed.artifacts[0].files)
    assert {"saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001"} <= files
    assert ("model.keras" if KERAS_3 else "keras_metadata.pb") in files
    assert (observed.artifacts[0].artifact.metadata, observed.artifacts[0].artifact.description) == ({}, None)
    folder = downloaded(observed.artifacts[1], tmp_path / "model")
    np.testing.assert_allclose(served(folder), model.predict(X, verbose=0), rtol=1e-5)
    loaded = keras.models.load_model(str(folder / "model.keras" if KERAS_3 else folder))
    np.testing.assert_array_equal(loaded.predict(X, verbose=0), model.predict(X, verbose=0))


def test_quirk_15_the_artifact_is_the_whole_model_even_with_save_weights_only(
    observed: Observed, tmp_path: Path
) -> None:
    model, under_test = dense(), callback(save_model=True, save_weights_only=True)
    fit(model, under_test)
    np.testing.assert_allclose(
        served(downloaded(observed.artifacts[0], tmp_path / "m")), model.predict(X, verbose=0), rtol=1e-5
    )
    twin = dense(loss="mae")
    twin.set_weights([weights + 1 for weights in twin.get_weights()])
    twin.load_weights(under_test.filepath)
    np.testing.assert_array_equal(twin.predict(X, verbose=0), model.predict(X, verbose=0))


def test_quirk_16_model_best_h5_is_in_the_run_folder_and_loads(observed: Observed, trained: tuple[Any, Any]) -> None:
    model, under_test = trained
    assert Path(under_test.filepath) == Path(observed.run.dir) / "model-best.h5"
    loaded = keras.models.load_model(under_test.filepath, compile=False)
    np.testing.assert_array_equal(loaded.predict(X, verbose=0), model.predict(X, verbose=0))
    assert [p.name for p in Path(observed.run.dir).glob("*model-best*")] == ["model-best.h5"]


def test_quirk_20_nothing_is_registered_before_the_first_save(observed: Observed) -> None:
    callback(save_model=True)
    fit(dense(), callback(save_model=False))
    assert observed.saved == []
    assert not list(Path(observed.run.dir).glob("*model-best*"))


@pytest.mark.parametrize("save_model", [True, False])
def test_quirk_20_a_users_own_file_of_that_name_is_never_touched(observed: Observed, save_model: bool) -> None:
    mine = Path("model-best.h5")
    mine.write_bytes(b"the work of three weeks")
    os.utime(mine, ns=(1_000_000_000, 1_000_000_000))
    fit(dense(), callback(save_model=save_model))
    assert mine.read_bytes() == b"the work of three weeks"
    assert (mine.stat().st_mtime_ns, mine.stat().st_nlink, mine.is_symlink()) == (1_000_000_000, 1, False)
    theirs = Path(observed.run.dir) / "model-best.h5"
    assert theirs.exists() is save_model
    assert not theirs.is_symlink()
    assert os.listdir() == ["model-best.h5"]


def test_quirk_21_the_file_is_uploaded_each_time_it_is_there_anew(observed: Observed) -> None:
    under_test = callback(monitor="z", save_model=True)
    under_test.save_model_as_artifact = False
    run_epochs(under_test, {"z": 2.0}, {"z": 1.0})
    path = under_test.filepath
    assert observed.saved == [((path,), {"base_path": os.path.dirname(path), "policy": "live"})] * 2


def test_the_model_is_handed_over_before_the_summary_that_names_its_epoch(
    observed: Observed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a process that is killed between the two leaves an older model than its summary says."""
    order: list[str] = []
    monkeypatch.setattr(observed.run, "save", lambda *_, **__: order.append("file"))
    set_summary = RunWriter.set_summary
    monkeypatch.setattr(RunWriter, "set_summary", lambda *given: (order.append(given[1]), set_summary(*given)))
    under_test = callback(monitor="z", save_model=True)
    under_test.save_model_as_artifact = False
    run_epochs(under_test, {"z": 2.0}, {"z": 3.0}, {"z": 1.0})
    assert order == ["file", "best_z", "best_epoch"] * 2


def test_offline_runs_have_an_artifact_each(start_run: Callable[..., Observed]) -> None:
    """All of a project would share ``model-None`` once they are synced."""
    names = []
    for _ in range(2):
        observed = start_run(mode="offline")
        fit(dense(), callback(save_model=True))
        assert [a.name for a in observed.artifacts] == [f"model-{observed.run.id}"]
        names += [a.name for a in observed.artifacts]
    assert len({*names}) == 2


def test_quirk_41_a_new_run_gets_the_file_the_graph_and_a_best_of_its_own(start_run: Callable[..., Observed]) -> None:
    first = start_run()
    under_test = callback(monitor="z", save_model=True, save_graph=True)
    under_test.save_model_as_artifact = False
    run_epochs(under_test, {"z": 1.0})
    kept = Path(first.run.dir, "model-best.h5").read_bytes()
    second = start_run()
    run_epochs(under_test, {"z": 2.0})
    assert Path(under_test.filepath) == Path(second.run.dir) / "model-best.h5"
    assert Path(under_test.filepath).exists()
    assert Path(first.run.dir, "model-best.h5").read_bytes() == kept
    assert (second.summary["best_z"], second.summary["best_epoch"]) == (2.0, 0)
    assert "graph" in second.summary.keys()
    assert len(second.rows) == 1
    assert len(second.saved) == 1


def test_quirk_42_the_attribute_is_the_switch_of_the_artifact(observed: Observed) -> None:
    under_test = callback(save_model=True)
    assert under_test.save_model_as_artifact is True
    under_test.save_model_as_artifact = False
    fit(dense(), under_test)
    assert observed.artifacts == []
    assert Path(under_test.filepath).exists()
