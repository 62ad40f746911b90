"""The copy that cells run: what they start is in it, and nothing of the tests."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence

import pytest

from compat_matrix import code_snapshot, play_in_cell
from compat_matrix.axes import Matrix
from tests.parity.check.judged import environment
from wandb_keras_compat.parity.check import cell_environment, process
from wandb_keras_compat.parity.check.cell_environment import CellEnvironment
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.judge import today
from wandb_keras_compat.parity.check.process import ProcessResult, TimeLimits

VERSIONS = {"python": "3.12.1", "tensorflow": "2.19.1", "keras": "3.15.1", "wandb": "0.31.0"}


def test_a_copy_has_all_that_a_cell_starts(
    matrix: Matrix, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = code_snapshot.copy_to(tmp_path / "source")
    started: list[list[str]] = []
    paths: set[str] = set()

    def run(command: Sequence[str], variables: Mapping[str, str], *_: object) -> ProcessResult:
        started.append(list(command[1:]))
        paths.add(variables["PYTHONPATH"])
        if "wandb_keras_compat.parity.check.player" in command:
            environment(pathlib.Path(command[4]), versions=VERSIONS, distributions={"tf-keras": "2.19.0"})
        return ProcessResult(1, "{}", "Error: not here")

    monkeypatch.setattr(process, "run", run)
    monkeypatch.setattr(cell_environment, "tools", lambda *_: tmp_path)
    cell = Cell("3.12", "2.19.1", "tf-keras", "0.31.0")
    place = CellEnvironment(cell, tmp_path / "python", source, tmp_path, TimeLimits(60, 60))
    for who in play_in_cell.WHO:
        drawn = play_in_cell.drawn_plays(matrix, place, who)
        report = play_in_cell.checked(place, today(), "selection", who, lambda does: None, drawn)
        assert list(play_in_cell.records(matrix, place, report, who, drawn))

    assert {path.name for path in source.iterdir()} == {"src"}
    assert {path.split(":")[0] for path in paths} == {str(source / "src")}
    modules = {words[1] for words in started if words[0] == "-m"}
    assert {name.rpartition(".")[2] for name in modules} == {"player", "state_machine", "wandb_keras_compat"}
    assert [name for name in modules if not _is_there(source / "src", name)] == []
    files = {word for words in started for word in words if word.endswith(".py")}
    assert {pathlib.Path(name).stem for name in files} >= {"started", "from_wandb_keras", "shapes_cnn"}
    assert [name for name in files if not (pathlib.Path(name).is_file() and name.startswith(str(source)))] == []


def _is_there(folder: pathlib.Path, module: str) -> bool:
    path = folder.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()
