"""Whole programs in Keras 2 spelling in a cell: started as they stand, held to what the real class logged."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from compat_matrix import axes, play_in_cell, render
from compat_matrix.axes import Matrix, MatrixError
from compat_matrix.code_snapshot import ROOT
from compat_matrix.play_in_cell import missing_records
from compat_matrix.results import Writer, path_of, read
from compat_matrix.summary import summarize
from wandb_keras_compat.parity.check.cell_environment import CellEnvironment
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.judge import FAILS, NOT_RUN, WORKS, today
from wandb_keras_compat.parity.check.process import ProcessResult, TimeLimits
from wandb_keras_compat.parity.keras2 import play, table
from wandb_keras_compat.parity.keras2.record import golden

from .conftest import CELL, INSTALLED

PROGRAMS = pathlib.Path("src/wandb_keras_compat/parity/keras2/programs")
TF_KERAS = Cell("3.12", "2.19.1", "tf-keras", "0.31.0")
Change = Callable[[dict[str, Any]], None]


class Played:
    """Stands for the cell's interpreter and the backend: what was started, and the golden, changed, as its trace."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: pathlib.Path) -> None:
        self.started: list[tuple[str, ...]] = []
        self.change: Change = lambda trace: None
        self.ended = ProcessResult(0, "", "")
        self.environment = CellEnvironment(TF_KERAS, folder / "python", folder / "source", folder, TimeLimits(60, 60))
        self.environment.installed = {
            **INSTALLED,
            "tensorflow": "2.19.1",
            "wandb": "0.31.0",
            "distributions": {"h5py": "3.14.0"},
        }
        monkeypatch.setattr(CellEnvironment, "run", self._run)
        monkeypatch.setattr(play_in_cell, "trace_of", self._trace)

    def _run(self, *arguments: str, step: str, **more: str) -> ProcessResult:
        assert more["TF_ENABLE_ONEDNN_OPTS"] == "0" and more["WANDB_BASE_URL"].startswith("http://127.0.0.1")
        self.started.append(arguments)
        return self.ended

    def _trace(self, snapshot: Any, *arguments: Any, **more: Any) -> dict[str, Any]:
        found = golden(pathlib.Path(self.started[-1][-1]).stem)
        self.change(found)
        return found

    def records(self, matrix: Matrix, who: str = "ours") -> list[dict[str, Any]]:
        return list(play_in_cell._recorded(matrix, self.environment, today(), who))


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> Played:
    return Played(monkeypatch, tmp_path)


def test_ours_is_started_under_the_option_and_native_plainly(matrix: Matrix, played: Played) -> None:
    (ours,), (native,) = (played.records(matrix, who) for who in ("ours", "native"))
    names = next(item.recorded for item in matrix.capabilities if item.recorded)
    under = ("-m", "wandb_keras_compat", "run", "--keras", "tf_keras")
    assert [start[:-1] for start in played.started] == [under] * len(names) + [()] * len(names)
    copies = [pathlib.Path(start[-1]).relative_to(played.environment.source) for start in played.started]
    assert copies == [PROGRAMS / f"{name}.py" for name in names] * 2
    assert all((ROOT / copy).exists() for copy in copies)
    assert (ours["state"], ours["worked"], ours["of"]) == (WORKS, len(names), len(names))
    assert native["state"] == WORKS and len(ours["goldens"]) == 16


def wrong_loss(trace: dict[str, Any]) -> None:
    trace["runs"][0]["history"][0]["loss"] = 99.0


def a_row_less(trace: dict[str, Any]) -> None:
    del trace["runs"][0]["history"][-1]


def no_run(trace: dict[str, Any]) -> None:
    trace["runs"].clear()


@pytest.mark.parametrize("change", [wrong_loss, a_row_less, no_run])
def test_a_result_that_is_broken_by_hand_is_told_by_the_report(
    matrix: Matrix, played: Played, tmp_path: pathlib.Path, change: Change
) -> None:
    (right,) = played.records(matrix)
    played.change = change
    (wrong,) = played.records(matrix)
    assert (right["state"], wrong["state"]) == (WORKS, FAILS)
    for record, says in (right, "✓ ✓"), (wrong, "✗ ✓"):
        found = summarize(matrix, [], {TF_KERAS.name: written(matrix, record, tmp_path)}, {}, today(), "today")
        row = next(line for line in render.markdown(found).splitlines() if line.startswith("| TensorFlow 2.19.1"))
        assert row.endswith(f"{says} |")
        listed = [(capability, failure["what"]) for _, capability, failure in found.failures()]
        assert listed == [(record["capability"], failure["what"]) for failure in record["failures"]]
        count = len(matrix.capabilities)
        assert found.rows[0].working("ours") == count - (record is wrong)
    first = wrong["failures"][0]["differences"]
    assert first and all(item["path"].startswith("runs") for item in first)


def written(matrix: Matrix, record: dict[str, Any], folder: pathlib.Path):
    """The result of a cell in which *record* is ours, and all else works."""
    fine = {"state": WORKS, "of": 1, "worked": 1, "known": [], "failures": []}
    with Writer(TF_KERAS.name, folder) as writer:
        writer.header(
            cell=vars(TF_KERAS), installed=INSTALLED | {"tensorflow": "2.19.1"}, code={"digest": "today", "commit": "c"},
            scenarios={"which": "selection", "played": 1, "of": 2},
        )  # fmt: skip
        for item in matrix.applicable(TF_KERAS):
            for who in ("ours", "native"):
                own = who == "ours" and item.name == record["capability"]
                writer.record(**(record if own else {**fine, "capability": item.name, "who": who}))
        writer.end(outcome="ran", ended="2026-01-02T00:00:00+00:00")
    return read(path_of(TF_KERAS.name, folder))


def test_a_program_that_ends_fails_with_its_last_line(matrix: Matrix, played: Played) -> None:
    played.ended = ProcessResult(
        1, "", "Traceback\n  File \"x\"\nModuleNotFoundError: No module named 'keras.layers.core'\n"
    )
    (record,) = played.records(matrix)
    assert record["state"] == FAILS and record["worked"] == 0
    assert record["failures"][0]["how"] == "ModuleNotFoundError: No module named 'keras.layers.core'"


def test_elsewhere_there_is_no_record_and_nothing_is_started(matrix: Matrix, played: Played) -> None:
    for cell in (CELL, Cell("3.13", "2.21.0", "keras3", "0.31.0")):
        played.environment.cell = cell
        assert played.records(matrix) == [] and played.started == []
        assert all(not item.recorded for item in matrix.applicable(cell))
        named = {record["capability"] for record in missing_records(matrix, cell, [], "why")}
        assert named == {item.name for item in matrix.applicable(cell)}
    missing = list(missing_records(matrix, TF_KERAS, [], "why"))
    assert len(missing) == 2 * len(matrix.capabilities) and {record["state"] for record in missing} == {NOT_RUN}


def test_the_programs_are_plain_and_no_ledger_entry_is_about_one_of_them(matrix: Matrix) -> None:
    """A later entry is applied by a program's name (:func:`.judge.judge_again`), not by the ids it is known for."""
    for item in matrix.capabilities:
        for name in item.recorded:
            assert (play.PROGRAMS / f"{name}.py").exists() and not table.KINDS[name].known
            assert "saved" not in (play.PROGRAMS / f"{name}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"), [('keras = ["tf-keras"]', 'keras = ["torch"]'), ('why = "programs', 'uses = "')]
)
def test_a_capability_of_some_keras_names_them_and_says_why(tmp_path: pathlib.Path, old: str, new: str) -> None:
    path = tmp_path / "matrix.toml"
    text = axes.MATRIX_TOML.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(MatrixError, match="keras_2_spelling"):
        axes.load(path)


def test_a_place_without_h5py_has_no_version_of_it(played: Played) -> None:
    assert play_in_cell._made_with(played.environment)["h5py"] == "3.14.0"
    played.environment = replace(played.environment, installed={**INSTALLED, "distributions": {}})
    assert "h5py" not in play_in_cell._made_with(played.environment)
