"""WandbEvalCallback logs its tables offline, survives disabled runs, and is the installed class online."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wandb

from wandb_keras_compat.newer_callbacks import WandbEvalCallback, WandbMetricsLogger, WandbModelCheckpoint
from wandb_keras_compat.sdk.installed_callbacks import installed_callbacks

from .conftest import LoggedArtifact, Recorder, fit, small_model

InstalledEvalCallback = installed_callbacks().WandbEvalCallback


class Evaluation(WandbEvalCallback):  # type: ignore[misc]
    """The example of W&B's documentation: images and labels once, predictions after every epoch."""

    def __init__(self, rows: int = 3, pred_table_columns: Any = ("epoch", "idx", "image", "label", "pred")) -> None:
        super().__init__(["idx", "image", "label"], list(pred_table_columns))
        self.images = np.linspace(0, 255, rows * 16).reshape(rows, 4, 4).astype("uint8")

    def add_ground_truth(self, logs: Any = None) -> None:
        for idx, image in enumerate(self.images):
            self.data_table.add_data(idx, wandb.Image(image), idx % 2)

    def add_model_predictions(self, epoch: int, logs: Any = None) -> None:
        table = self.data_table_ref
        for idx in table.get_index():
            self.pred_table.add_data(epoch, table.data[idx][0], table.data[idx][1], table.data[idx][2], idx * 10)


def table(artifact: LoggedArtifact, name: str) -> Any:
    return json.loads((artifact.folder / f"{name}.table.json").read_text())


@pytest.fixture
def shared_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """In this module each test has a run of its own: some need a disabled one, and wandb holds one at a time."""
    monkeypatch.setenv("WANDB_CONSOLE", "off")
    run = wandb.init(mode="offline", dir=str(tmp_path), project="newer-callbacks")
    yield run
    run.finish()


@pytest.fixture(params=["offline", "disabled"])
def state(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The state of a run that is active during the test."""
    monkeypatch.setenv("WANDB_CONSOLE", "off")
    run = wandb.init(mode=request.param, dir=str(tmp_path), project="newer-callbacks")
    yield request.param
    run.finish()


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The warnings a user would see: those marked not to repeat, once."""
    texts: list[str] = []

    def termwarn(text: str, repeat: bool = True, **_: Any) -> None:
        if repeat or text not in texts:
            texts.append(text)

    monkeypatch.setattr(wandb, "termwarn", termwarn)
    return texts


def test_is_the_installed_class_and_still_abstract() -> None:
    assert issubclass(WandbEvalCallback, InstalledEvalCallback)
    with pytest.raises(TypeError, match="abstract"):
        WandbEvalCallback([], [])


def test_offline_both_tables_are_logged(recorder: Recorder, shared_run: Any) -> None:
    fit(small_model(), Evaluation(), epochs=2)
    data, *predictions = recorder.artifacts
    assert (data.name, data.type) == ("val", "dataset")
    rows = table(data, "val_data")["data"]
    assert [(row[0], row[2]) for row in rows] == [(0, 0), (1, 1), (2, 0)]
    assert all((data.folder / row[1]["path"]).is_file() for row in rows)

    assert [(a.name, a.type, a.aliases) for a in predictions] == [
        (f"run_{shared_run.id}_pred", "evaluation", ["latest"])
    ] * 2
    for epoch, artifact in enumerate(predictions):
        logged = table(artifact, "eval_data")
        assert logged["columns"] == ["epoch", "idx", "image", "label", "pred"]
        assert [[row[0], row[1], row[3], row[4]] for row in logged["data"]] == [
            [epoch, 0, 0, 0], [epoch, 1, 1, 10], [epoch, 2, 0, 20]
        ]  # fmt: skip
    assert recorder.warnings == []


def test_offline_a_prediction_table_holds_the_images_itself(recorder: Recorder) -> None:
    fit(small_model(), Evaluation())
    data, predictions = recorder.artifacts
    truth = [row[1]["path"] for row in table(data, "val_data")["data"]]
    shown = [row[2]["path"] for row in table(predictions, "eval_data")["data"]]
    assert [(predictions.folder / path).read_bytes() for path in shown] == [
        (data.folder / path).read_bytes() for path in truth
    ]


def test_data_table_ref_works_in_every_state(state: str, warnings: list[str]) -> None:
    evaluation = Evaluation()
    history = fit(small_model(), evaluation, epochs=2)
    assert len(history.epoch) == 2
    ref = evaluation.data_table_ref
    assert [ref.data[idx][0] for idx in ref.get_index()] == [0, 1, 2]
    assert [row[4] for row in evaluation.pred_table.data] == [0, 10, 20]
    if state == "disabled":
        [warning] = warnings
        assert "logs no tables: the run is disabled" in warning and wandb.__version__ in warning
    else:
        assert warnings == []


def test_the_other_callbacks_train_on_in_every_state(
    state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    history = fit(small_model(), WandbMetricsLogger("batch"), WandbModelCheckpoint("m.keras"), epochs=2)
    assert len(history.epoch) == 2
    assert Path("m.keras").is_file()


def test_other_names_and_types_are_kept(recorder: Recorder) -> None:
    class Renamed(Evaluation):
        def log_data_table(self, **_: Any) -> None:
            super().log_data_table(name="truth", type="labels", table_name="rows")

        def log_pred_table(self, **_: Any) -> None:
            super().log_pred_table(type="guesses", table_name="preds", aliases=["a", "b"])

    fit(small_model(), Renamed())
    data, predictions = recorder.artifacts
    assert (data.name, data.type, "rows.table.json" in data.files) == ("truth", "labels", True)
    assert (predictions.type, predictions.aliases) == ("guesses", ["a", "b"])
    assert "preds.table.json" in predictions.files


def test_a_table_that_cannot_be_logged_is_one_warning(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(wandb, "log_artifact", refuse)
    monkeypatch.setattr(wandb.run, "log_artifact", refuse)
    evaluation = Evaluation()
    assert len(fit(small_model(), evaluation, epochs=3).epoch) == 3
    assert len(evaluation.pred_table.data) == 3
    fit(small_model(), evaluation)  # a second training says nothing more
    assert [text.split("(")[0] for text in recorder.warned("no space left on device", wandb.__version__)] == [
        "WandbEvalCallback could not log its ground truth as an artifact ",
        "WandbEvalCallback could not log a prediction table ",
    ]


def test_what_a_users_own_method_raises_is_not_hidden(recorder: Recorder) -> None:
    with pytest.raises(Exception, match="columns"):
        fit(small_model(), Evaluation(pred_table_columns=("epoch",)))


def test_online_the_installed_class_does_it(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    # No server here: the run says that it is online and its door is replaced, as far as the door.
    used: list[Any] = []

    class Online:
        disabled, offline, id = False, False, "abc"

        def use_artifact(self, artifact: Any) -> None:
            used.append(artifact)
            raise ConnectionError("no route to host")

        def log_artifact(self, artifact: Any, aliases: Any) -> None:
            used.append(artifact)

    evaluation = Evaluation()
    monkeypatch.setattr(wandb, "run", Online())
    assert len(fit(small_model(), evaluation, epochs=1).epoch) == 1
    assert [artifact.type for artifact in used] == ["dataset", "evaluation"]
    assert evaluation.data_table_ref is evaluation.data_table
    assert len(recorder.warned("ConnectionError", "no route to host")) == 1
