"""Matrices, results and resolvers to test with; nothing here makes an environment."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the matrix is run from an environment with the extra testing")
pytest.importorskip("jinja2", reason="the matrix is run from an environment with the extra testing")

from compat_matrix import resolve
from compat_matrix.axes import Matrix, load
from compat_matrix.resolve import ResolverAnswers
from compat_matrix.results import Result, Writer, path_of, read
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.judge import Verdict, record_of


@pytest.fixture(scope="session")
def matrix() -> Matrix:
    return load()


CELL = Cell("3.11", "2.12.1", "keras2", "0.16.6")
INSTALLED = {"python": "3.11.7", "tensorflow": "2.12.1", "keras": "2.12.0", "wandb": "0.16.6", "numpy": "1.23.5"}

WriteResult = Callable[..., Result]


@pytest.fixture
def write_result(matrix: Matrix, tmp_path: pathlib.Path) -> WriteResult:
    """``write_result(cell, verdicts={("gradients", "ours"): [Verdict(...)]}, outcome=...)``: all else works.

    ``without`` names a capability that was not there yet.
    """

    def write(
        cell: Cell = CELL,
        verdicts: dict[tuple[str, str], list[Verdict]] | None = None,
        folder: pathlib.Path = tmp_path,
        code: str = "today",
        without: str = "",
        installed: Mapping[str, str] | None = None,
        header: Mapping[str, Any] | None = None,
        **footer: Any,
    ) -> Result:
        own = INSTALLED | {"tensorflow": cell.tensorflow, "wandb": cell.wandb}
        with Writer(cell.name, folder) as writer:
            writer.header(
                name=cell.name, cell=vars(cell), started="2026-01-01T00:00:00+00:00", lock="", limit=1,
                code={"version": "1", "commit": "c" * 40, "modified": False, "digest": code},
                scenarios={"which": "selection", "played": 1, "of": 2},
                installed={**{name: value for name, value in own.items() if value}, **(installed or {})},
                **(header or {}),
            )  # fmt: skip
            if footer.get("outcome", "ran") == "ran":
                for capability in matrix.applicable(cell):
                    for who in ("ours", "native") if capability.name != without else ():
                        found = (verdicts or {}).get((capability.name, who), [Verdict("something")])
                        writer.record(**record_of(capability.name, who, found))
            writer.end(**{"outcome": "ran", "ended": "2026-01-02T00:00:00+00:00", "seconds": {}, **footer})
        return read(path_of(cell.name, folder))

    return write


@pytest.fixture
def answers(matrix: Matrix, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> ResolverAnswers:
    """With locks of its own."""
    monkeypatch.setattr(resolve, "LOCKS", tmp_path / "locks")
    return ResolverAnswers(matrix, tmp_path / "answers.jsonl", lambda cell, requirements: "\n".join(requirements))
