"""A backend, and programs that run against it with a real SDK."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the server needs the `testing` extra")
pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.child_environment import wandb_folders, without
from wandb_keras_compat.testing.doors.server import Backend

SOURCE = Path(__file__).parents[4] / "src"


@pytest.fixture
def backend() -> Iterator[Backend]:
    with Backend() as running:
        yield running
        assert running.snapshot().unknown == ()


@pytest.fixture
def around(tmp_path: Path) -> Callable[[Backend], dict[str, str]]:
    """The environment of a program: the backend's, a folder of its own, and nothing of wandb from outside."""

    def environment(backend: Backend) -> dict[str, str]:
        inherited = {**without(os.environ, "WANDB_"), **wandb_folders(tmp_path)}
        sdks = {"PYTHONPATH": str(SOURCE), "HOME": str(tmp_path), "WANDB_SILENT": "true"}
        return {**inherited, **sdks, **backend.environment()}

    return environment


@pytest.fixture
def program(tmp_path: Path, around: Callable[[Backend], dict[str, str]]) -> Callable[..., subprocess.Popen[str]]:
    """``program(backend, script, *arguments)``: starts it with this interpreter, its pipes open."""

    def start(backend: Backend, script: Path, *arguments: str, python: str = sys.executable) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [python, str(script), *arguments],
            env=around(backend),
            cwd=tmp_path,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return start
