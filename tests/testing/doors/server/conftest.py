"""A backend, and programs that run against it with a real SDK."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the server needs the `testing` extra")
pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders
from wandb_keras_compat.testing.doors.server import KEY, Backend

SOURCE = Path(__file__).parents[4] / "src"


@pytest.fixture(scope="module")
def server() -> Iterator[Backend]:
    """With a small limit on the size of requests."""
    pytest.importorskip("httpx", reason="plain requests are made with httpx")
    from .http_requests import LIMIT

    with Backend(max_body=LIMIT) as running:
        yield running


@pytest.fixture
def client(server: Backend) -> Iterator[Any]:
    """With the key, to a server that has one run and nothing else."""
    httpx = pytest.importorskip("httpx", reason="plain requests are made with httpx")
    from .http_requests import UPSERT, graphql

    server.store.clear()
    with httpx.Client(base_url=server.url, auth=("api", KEY), trust_env=False) as found:
        assert graphql(found, UPSERT, n="r").json()["data"]["upsertBucket"]["inserted"] is True
        yield found


@pytest.fixture
def backend() -> Iterator[Backend]:
    with Backend() as running:
        yield running
        assert running.snapshot().unknown == ()


@pytest.fixture
def around(tmp_path: Path) -> Callable[[Backend], dict[str, str]]:
    """The environment of a program: the backend's, a folder of its own, and nothing of wandb from outside."""

    def environment(backend: Backend) -> dict[str, str]:
        own = {**wandb_folders(tmp_path), "HOME": str(tmp_path), "WANDB_SILENT": "true"}
        return inherited_environment(own, backend.environment(), drop=["WANDB_"], path=[SOURCE])

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


@pytest.fixture
def fips(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose OpenSSL is held to FIPS: no MD5 for what is to be safe."""
    md5 = hashlib.md5

    def held(data: bytes = b"", *, usedforsecurity: bool = True) -> Any:
        if usedforsecurity:
            raise ValueError("[digital envelope routines] unsupported")
        return md5(data, usedforsecurity=False)

    monkeypatch.setattr(hashlib, "md5", held)
