"""A save that fails, at its start, midway or at its end: what is published is whole or missing, and nothing is left."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat import WandbCallback, WandbModelCheckpoint, atomic_files
from wandb_keras_compat.atomic_files import written_whole
from wandb_keras_compat.backends.checkpoints.model_checkpoint import WRITES_TENSORFLOW_FORMATS

from ..builders import KERAS_3, fit, keras, layers, numbers
from ..conftest import LoggedArtifact, Observed

X, _ = numbers()


class Trouble(Exception):
    """What a save fails with."""


class Breaks(layers.Layer):  # type: ignore[misc, name-defined]
    """Has no configuration while ``broken``, and a variable like any other layer's."""

    broken = False

    def build(self, shape: Any) -> None:
        self.scale = self.add_weight(name="scale", shape=(1,), initializer="ones")
        super().build(shape)

    def call(self, x: Any) -> Any:
        return x * self.scale

    def get_config(self) -> dict[str, Any]:
        if self.broken:
            raise Trouble("no configuration")
        config: dict[str, Any] = super().get_config()
        return config


def network() -> Any:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([layers.Input((3,)), layers.Dense(2), Breaks(), layers.Dense(1)], name="net")
    model.compile("adam", "mse", run_eagerly=True)
    return model


# --- what goes wrong ---------------------------------------------------------------------------------------------


def _get_config(model: Any) -> Any:
    return mock.patch.object(Breaks, "broken", True)


def _a_value(model: Any) -> Any:
    """The value of a variable cannot be read: midway, some are written before it."""
    import h5py

    create = h5py.Group.create_dataset

    def fails(group: Any, name: Any, *args: Any, **options: Any) -> Any:
        if "scale" in str(name) or "scale" in group.name or "breaks" in group.name:
            raise Trouble("no value")
        return create(group, name, *args, **options)

    return mock.patch.object(h5py.Group, "create_dataset", fails)


def _at_the_end(model: Any) -> Any:
    """Everything is written, and then the call fails."""
    changed = ExitStack()
    for holder, name in ((type(model), "save"), (type(model), "save_weights"), (tf.saved_model, "save")):
        changed.enter_context(mock.patch.object(holder, name, _and_fails(getattr(holder, name))))
    return changed


def _and_fails(through: Callable[..., Any]) -> Callable[..., Any]:
    def save(*args: Any, **options: Any) -> None:
        through(*args, **options)
        raise Trouble("at the end")

    return save


class _FullDisk:
    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def replace(self, *_: Any) -> None:
        raise OSError(28, "No space left on device")


def _disk(model: Any) -> Any:
    """Nothing can be put where it belongs once it is written."""
    return mock.patch.object(atomic_files, "os", _FullDisk())


FAULTS: dict[str, Callable[[Any], Any]] = {
    "get_config": _get_config, "a value": _a_value, "at the end": _at_the_end, "disk": _disk
}  # fmt: skip


class DuringEpoch(keras.callbacks.Callback):  # type: ignore[misc, name-defined]
    """Lets every save of one epoch fail."""

    def __init__(self, fault: str, epoch: int = 1) -> None:
        super().__init__()
        self.fault, self.epoch, self.changed = FAULTS[fault], epoch, ExitStack()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if epoch == self.epoch:
            self.changed.enter_context(self.fault(self.model))

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.changed.close()


@contextmanager
def _nothing_is_left(*folders: str) -> Iterator[None]:
    """In *folders*, and in the machine's own for temporary files."""
    with tempfile.TemporaryDirectory() as own, mock.patch.object(tempfile, "tempdir", own):
        yield
        # TensorFlow leaves what it compiles; Keras 3.3, whose writer of .keras has failed, an empty folder.
        assert [path for path in Path(own).rglob("*") if path.is_file() and "autograph" not in path.name] == []
    names = {path.name for folder in folders for path in Path(folder).rglob("*")}
    assert not {name for name in names if "partial" in name or name.startswith("model-best-")}


def whole(artifact: LoggedArtifact, folder: Path) -> list[str]:
    """The files that can be loaded in *artifact*; an AssertionError if one cannot."""
    for path, source in artifact.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, folder / path)
    found = []
    if any(path.startswith("variables") or path.endswith(".pb") for path in artifact.files):
        tf.saved_model.load(str(folder)).signatures["serving_default"](tf.constant(X))
        found.append("SavedModel")
    for path in artifact.files:
        if path.endswith((".weights.h5", "w.h5")):
            network().load_weights(str(folder / path))
        elif path.endswith((".keras", ".h5")):
            keras.models.load_model(str(folder / path), custom_objects={"Breaks": Breaks})(X)
        elif path.endswith(".index") and "SavedModel" not in found:
            network().load_weights(str(folder / path).removesuffix(".index")).expect_partial()
        else:
            continue
        found.append(path)
    return found


# --- the callback ------------------------------------------------------------------------------------------------


def _some(cases: Iterable[tuple[Any, ...]], always: Callable[..., bool]) -> list[Any]:
    """*cases*, of which those that are not *always* played are marked so."""
    return [pytest.param(*case, marks=() if always(*case) else pytest.mark.whole) for case in cases]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "weights_only"),
    _some(
        product(FAULTS, (False, True)), lambda fault, only: (fault, only) in {("get_config", False), ("a value", True)}
    ),
)
def test_the_callback_publishes_what_is_whole(
    observed: Observed, tmp_path: Path, fault: str, weights_only: bool
) -> None:
    plain = fit(network(), epochs=3)
    assert plain["loss"] == sorted(plain["loss"], reverse=True)
    under_test = WandbCallback(monitor="loss", save_weights_only=weights_only, save_graph=False)
    kept: list[bytes] = []

    class Keeps(keras.callbacks.Callback):  # type: ignore[misc, name-defined]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            kept.append(Path(under_test.filepath).read_bytes())

    with _nothing_is_left(observed.run.dir):
        assert fit(network(), DuringEpoch(fault), under_test, Keeps(), epochs=3) == plain
    assert len(kept) == 3 and kept[2] != kept[0]  # the epoch after the fault is saved again
    network().load_weights(under_test.filepath)
    published = {
        artifact.aliases[1]: whole(artifact, tmp_path / artifact.aliases[1]) for artifact in observed.artifacts
    }
    both = ["SavedModel", "model.keras"] if KERAS_3 else ["SavedModel"]
    assert published["epoch_0"] == published["epoch_2"] == both
    assert published.get("epoch_1", []) == {
        "get_config": ["SavedModel"] if KERAS_3 else [], "a value": ["SavedModel"], "at the end": [], "disk": []
    }[fault]  # fmt: skip
    by_keras = not weights_only or not KERAS_3  # by a function of Keras', else
    if fault in ("disk", "a value") or (fault == "at the end" and by_keras) or not weights_only:
        assert kept[1] == kept[0]  # the last good file
    assert len(observed.warnings) == len(set(observed.warnings)) > 0


# --- the newer checkpoint ----------------------------------------------------------------------------------------

FORMATS = [("m.keras", False), ("m.h5", False), ("w.h5", True), ("w.weights.h5", True)]
if WRITES_TENSORFLOW_FORMATS:
    FORMATS += [("models", False), ("w", True)]
CASES = [
    (path, weights_only, fault)
    for path, weights_only in FORMATS
    for fault in FAULTS
    if not (fault == "get_config" and weights_only)
    if not (fault == "a value" and path in ("models", "w"))
    # Written by no function that could be made to fail afterwards.
    if not (fault == "at the end" and path == "w.h5" and KERAS_3)
]


ALWAYS = {
    ("m.keras", "get_config"),
    ("m.h5", "a value"),
    ("w.weights.h5", "at the end"),
    ("models", "disk"),
    ("w", "disk"),
}


@pytest.mark.parametrize(
    ("path", "weights_only", "fault"), _some(CASES, lambda path, weights_only, fault: (path, fault) in ALWAYS)
)
def test_the_checkpoint_leaves_the_last_good_file(
    observed: Observed, tmp_path: Path, path: str, weights_only: bool, fault: str
) -> None:
    """Keras' own callback ends the training when it cannot save, and so do wandb's and ours."""
    states: list[dict[str, bytes]] = []

    def content() -> dict[str, bytes]:
        return {str(file): file.read_bytes() for file in Path().rglob("*") if file.is_file()}

    keeps = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: states.append(content()))
    for epoch in (0, 1):
        breaks = DuringEpoch(fault, epoch)
        checkpoint = WandbModelCheckpoint(f"new/{path}", save_weights_only=weights_only)
        with _nothing_is_left(os.curdir), pytest.raises((Trouble, OSError)):
            fit(network(), breaks, keeps, checkpoint, epochs=3)
        breaks.changed.close()
        assert content() == states[-1]
        assert len(observed.artifacts) == epoch
    assert len(states) == 3 and states[2]
    assert len(whole(observed.artifacts[0], tmp_path / "artifact")) == 1


# --- the folder they are written in ------------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b", "saved_model.pb", "variables/x", "variables/y", "m.h5"])
TREES = st.dictionaries(NAMES, st.binary(max_size=3), max_size=4)


@given(before=TREES, written=TREES, fails=st.booleans(), folder=st.sampled_from(["", "here", "here/deep", "here/"]))
def test_files_are_put_over_what_was_there_or_change_nothing(
    before: dict[str, bytes], written: dict[str, bytes], fails: bool, folder: str
) -> None:
    def put(tree: dict[str, bytes], into: str) -> None:
        for name, content in tree.items():
            file = Path(into, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def found() -> dict[str, bytes]:
        return {file.relative_to(top).as_posix(): file.read_bytes() for file in top.rglob("*") if file.is_file()}

    with tempfile.TemporaryDirectory() as made:
        top = Path(made)
        target = f"{made}/{folder}"
        put(before, target)
        old, folders = found(), {file for file in top.rglob("*") if file.is_dir()}
        try:
            with written_whole(target.rstrip("/") + "/model") as path:
                assert os.path.basename(path) == "model"
                put(written, os.path.dirname(path))
                if fails:
                    raise Trouble  # noqa: TRY301 - the test's own failure
        except Trouble:
            assert fails and found() == old
            assert {file for file in top.rglob("*") if file.is_dir()} == folders
        else:
            prefix = f"{folder.strip('/')}/" if folder else ""
            assert found() == old | {f"{prefix}{name}": content for name, content in written.items()}


@given(
    before=st.binary(max_size=40),
    pieces=st.lists(st.binary(max_size=20), max_size=4),
    fails=st.booleans(),
    place=st.sampled_from(["a folder", "a folder that takes no new files", "a link"]),
)
def test_a_file_can_be_read_while_it_is_written_anew(
    before: bytes, pieces: list[bytes], fails: bool, place: str
) -> None:
    """What the new content is made of is the old one, wherever the file lies; a failure midway leaves the old one."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as changed:
        file = Path(folder, "m.keras")
        if place == "a link":
            file.symlink_to(Path(folder, "elsewhere"))
        file.write_bytes(before)
        there = os.listdir(folder)
        if place == "a folder that takes no new files":
            changed.enter_context(mock.patch.object(os, "access", lambda path, mode: str(path) != folder))
        try:
            with written_whole(str(file)) as path, open(file, "rb") as old, open(path, "wb") as new:
                for piece in pieces:
                    new.write(old.read(3) + piece)
                    new.flush()
                    assert file.read_bytes() == before
                if fails:
                    raise Trouble  # noqa: TRY301 - the test's own failure
        except Trouble:
            assert fails and file.read_bytes() == before
        else:
            parts = [before[3 * at : 3 * at + 3] + piece for at, piece in enumerate(pieces)]
            assert not fails and file.read_bytes() == b"".join(parts)
        assert sorted(os.listdir(folder)) == sorted(there) and file.is_symlink() == (place == "a link")


def test_nothing_is_made_in_a_folder_that_takes_no_new_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even for a moment: there the user could not have."""
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) != str(tmp_path))
    with written_whole(str(tmp_path / "m.h5")) as path:
        assert os.listdir(tmp_path) == [] and os.path.dirname(path) != str(tmp_path)


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "big-disk").mkdir()
    (tmp_path / "m.h5").symlink_to(tmp_path / "big-disk" / "m.h5")
    with written_whole(str(tmp_path / "m.h5")) as path:
        Path(path).write_bytes(b"model")
    assert (tmp_path / "m.h5").is_symlink() and (tmp_path / "big-disk" / "m.h5").read_bytes() == b"model"


def test_a_cloud_has_no_folders(tmp_path: Path) -> None:
    with written_whole("gs://bucket/m.keras") as path:
        assert path == "gs://bucket/m.keras"
    assert os.listdir() == []
