"""The copy that cells run: what they start is in it, and nothing of the tests."""

from __future__ import annotations

import pathlib

import pytest

from compat_matrix import code_snapshot, play_in_cell
from compat_matrix.axes import Matrix
from wandb_keras_compat.parity.check import cell_environment
from wandb_keras_compat.parity.check.cell_environment import CellEnvironment
from wandb_keras_compat.parity.check.judge import today
from wandb_keras_compat.parity.check.process import ProcessResult, TimeLimits

from .conftest import CELL, INSTALLED


def test_a_copy_has_all_that_a_cell_starts(
    matrix: Matrix, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = code_snapshot.copy_to(tmp_path / "source")
    started: list[tuple[str, ...]] = []

    def run(cell: CellEnvironment, *arguments: str, step: str, **more: str) -> ProcessResult:
        started.append(arguments)
        return ProcessResult(1, "{}", "Error: not here")

    monkeypatch.setattr(CellEnvironment, "run", run)
    monkeypatch.setattr(cell_environment, "tools", lambda *_: tmp_path)
    place = CellEnvironment(CELL, tmp_path / "python", source, tmp_path, TimeLimits(60, 60))
    place.installed = {**INSTALLED, "distributions": {}}
    with pytest.raises(play_in_cell.DoesNotStart):
        play_in_cell.versions(place)
    assert list(play_in_cell.play_cell(matrix, place, today(), "selection", ""))

    assert {path.name for path in source.iterdir()} == {"src", "compat_matrix"}
    assert place.variables()["PYTHONPATH"] == str(source / "src")
    modules = {arguments[1] for arguments in started if arguments[0] == "-m"}
    assert {name.rpartition(".")[2] for name in modules} >= {"play", "state_machine", "documented_uses"}
    assert [name for name in modules if not _is_there(source / "src", name)] == []
    files = [word for arguments in started for word in arguments if word.endswith(".py")]
    assert files and [name for name in files if not pathlib.Path(name).is_file()] == []


def _is_there(folder: pathlib.Path, module: str) -> bool:
    path = folder.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


def test_the_uses_are_read_from_the_source(matrix: Matrix) -> None:
    names = play_in_cell.names_of_uses(play_in_cell.USES)
    assert {name.partition(":")[0] for name in names} == {item.uses for item in matrix.capabilities if item.uses}
