"""Running a piece of Python in a process of its own, with this package and what a test plants on its path."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wandb_keras_compat.testing.child_environment import inherited_environment

from .keras_standins import plant

SOURCE = Path(__file__).parents[2] / "src"
CODEMODS = SOURCE.parent / "codemods"


@pytest.fixture
def python(tmp_path: Path) -> Callable[..., str]:
    """Run ``code`` in a fresh interpreter and return what it printed; fail with its traceback if it fails."""

    def run(code: str, *path: Path) -> str:
        quiet = {
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "-1",
            "WANDB_MODE": "offline",
            "WANDB_SILENT": "true",
            "WANDB_DIR": str(tmp_path),
        }
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=inherited_environment(quiet, path=[*path, SOURCE]),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def without_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the environment chooses a Keras."""
    for name in ("TF_USE_LEGACY_KERAS", "WANDB_KERAS_COMPAT_KERAS", "KERAS_BACKEND"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder with stand-ins for TensorFlow, Keras 3 and tf_keras."""
    return plant(tmp_path / "packages")


def run_under(*arguments: str, folder: Path, path: Path) -> subprocess.CompletedProcess[str]:
    environment = inherited_environment(path=[path, SOURCE, CODEMODS])
    command = [sys.executable, "-m", "wandb_keras_compat", "run", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
