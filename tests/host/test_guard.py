"""The guard: whatever fails in a hook becomes a warning, also where no file can be opened and nothing imported any more."""

from __future__ import annotations

import contextlib
import errno
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import wandb

from wandb_keras_compat import versions
from wandb_keras_compat.host.feature import Feature
from wandb_keras_compat.host.feature_set import FeatureSet

resource = pytest.importorskip("resource", reason="this system has no limit of open files that a program can set")


@contextlib.contextmanager
def no_file_can_be_opened() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Opens(Feature):
    lost: ClassVar[str] = "a file of its own"
    runs_the_model: ClassVar[bool] = False

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        with open(__file__, encoding="utf-8"):
            pytest.fail("a file could be opened")


class RunsTheModel(Feature):
    lost: ClassVar[str] = "predictions"

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        pytest.fail("TensorFlow would abort the process here")


def imported_too_late() -> type[Feature]:
    raise OSError(errno.EMFILE, "Too many open files", "feature.py")


def feature_set(kinds: dict[str, Any]) -> FeatureSet:
    host: Any = SimpleNamespace(_wanted=lambda: kinds, _public_name=lambda: "WandbCallback")
    features = FeatureSet(host, kinds)
    backend: Any = SimpleNamespace(name="none", spans_workers=lambda _: False)
    features._backend = backend
    return features


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(wandb, "termwarn", lambda message, **_: said.append(message))
    return said


def test_where_no_file_can_be_opened_each_warning_is_said_with_its_versions(warnings: list[str]) -> None:
    versions.installed.cache_clear()
    features = feature_set({"files": lambda: Opens, "late": imported_too_late})
    with no_file_can_be_opened():
        features.on_epoch_end(0, {})
    first, second = warnings
    assert "did not log a file of its own" in first and "did not log late" in second
    for message in warnings:
        assert "Too many open files" in message and f"wandb {wandb.__version__}" in message


def test_the_path_of_a_failure_imports_nothing(warnings: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    features = feature_set({"files": lambda: Opens, "late": imported_too_late})

    class RefusesToImport:
        def find_spec(self, name: str, *_: Any) -> None:
            raise ImportError(f"{name} was imported")

    with no_file_can_be_opened(), monkeypatch.context() as patched:
        patched.setattr(sys, "meta_path", [RefusesToImport()])
        features.on_epoch_end(0, {})
    assert len(warnings) == 2


def test_where_no_file_can_be_opened_no_model_is_run(warnings: list[str]) -> None:
    features = feature_set({"predictions": lambda: RunsTheModel})
    with no_file_can_be_opened():
        features.on_epoch_end(0, {})
    assert "did not log predictions" in warnings[0] and "Too many open files" in warnings[0]


@pytest.mark.parametrize("error", [BrokenPipeError(errno.EPIPE, "nobody reads"), ValueError("I/O on closed file")])
def test_a_terminal_that_cannot_be_written_to_ends_no_training(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    asked = []

    def closed(message: str, **_: Any) -> None:
        asked.append(message)
        raise error

    monkeypatch.setattr(wandb, "termwarn", closed)
    feature_set({"late": imported_too_late}).on_epoch_end(0, {})
    assert len(asked) == 1


def test_versions_that_were_never_read_are_said_to_be_unreadable() -> None:
    versions.installed.cache_clear()
    with no_file_can_be_opened():
        said = versions.describe()
    assert "wandb of a version that cannot be read" in said
    assert f"wandb {wandb.__version__}" in versions.describe()
