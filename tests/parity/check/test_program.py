"""A user's own program in an environment that was made: its exit code is about what this package does."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest

from compat_matrix.axes import load
from wandb_keras_compat.parity.check.cells import FLAVOURS, Cell
from wandb_keras_compat.parity.check.make_environment import cell_of
from wandb_keras_compat.parity.check.program import compare_program
from wandb_keras_compat.parity.check.requirements import KERAS, PYTHONS, BadCell, pythons_of, requirements_of


def compared(folder: pathlib.Path, codes: dict[str, int], diff: int = 0, records: bool = True) -> tuple[int, list[Any]]:
    """The exit code, and the commands that were run, where programs end with *codes* and the diff with *diff*."""
    calls: list[Any] = []

    def own(*arguments: str, variables: dict[str, str]) -> int:
        calls.append(arguments)
        if arguments[1] == "diff":
            return diff
        if records:
            pathlib.Path(arguments[3]).write_text(json.dumps({}))
        return codes["ours" if "wandb_keras_compat" in arguments else "native"]

    code = compare_program(
        pathlib.Path("/e/bin/python"), lambda **more: more, ["python", "t.py", "--epochs", "3"], folder, own=own
    )
    return code, calls


@pytest.mark.parametrize(
    ("native", "ours", "diff", "code"),
    [(0, 0, 0, 0), (0, 0, 1, 1), (0, 0, 2, 2), (1, 0, 1, 0), (-6, 0, 1, 0), (0, 1, 0, 1), (1, 1, 0, 1), (1, 2, 0, 1)],
)
def test_the_exit_code(tmp_path: pathlib.Path, native: int, ours: int, diff: int, code: int) -> None:
    found, calls = compared(tmp_path, {"native": native, "ours": ours}, diff)
    assert found == code
    assert any(call[1] == "diff" for call in calls) == (native == ours == 0)


@pytest.mark.parametrize(("native", "ours"), [(1, 0), (0, 1), (1, 1)])
def test_a_program_that_fails_is_no_difference_but_a_sentence(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str], native: int, ours: int
) -> None:
    compared(tmp_path, {"native": native, "ours": ours})
    said = capsys.readouterr().out
    assert ("with this package the program runs to its end" in said.lower()) == (ours == 0)
    assert said.count("(exit code 1)") + said.count("(exit code 1,") == native + ours


def test_where_nothing_was_recorded_nothing_is_compared(tmp_path: pathlib.Path) -> None:
    (tmp_path / "ours.json").write_text("of an earlier call")
    assert compared(tmp_path, {"native": 0, "ours": 0}, records=False)[0] == 2


def test_both_are_recorded_alike(tmp_path: pathlib.Path) -> None:
    _, (native, ours, _) = compared(tmp_path, {"native": 0, "ours": 0})
    assert native[4:] == ("--seed", "1", "--", "/e/bin/python", "t.py", "--epochs", "3")
    assert ours[4:8] == native[4:8] and ours[8:] == ("-m", "wandb_keras_compat", "run", "t.py", "--epochs", "3")


def test_the_matrix_and_check_make_the_same_environments() -> None:
    matrix = load()
    assert matrix.python.versions == PYTHONS and tuple(matrix.keras) == FLAVOURS and dict(matrix.keras) == KERAS
    for tensorflow, flavour in matrix.builds():
        for wandb in matrix.wandb.versions:
            cell = Cell("3.11", tensorflow, flavour, wandb)
            assert matrix.requirements(cell) == requirements_of(cell)
            assert matrix.pythons(cell) == pythons_of(cell)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("3.11", "two", None, "0.31.0"), "--tensorflow two"),
        (("3.11", "2.21.0", None, "new"), "--wandb new"),
        (("x", "2.21.0", None, "0.31.0"), "--python x"),
        (("3.11", "2.21.0", "keras4000x", "0.31.0"), "keras4000x"),
    ],
)
def test_versions_that_are_none_are_refused(given: tuple[str, str, str | None, str], says: str) -> None:
    with pytest.raises(BadCell, match=says):
        cell_of(*given)


def test_a_python_is_chosen_that_the_versions_can_have() -> None:
    pytest.importorskip("uv", reason="uv knows the interpreters; the extra dev brings it")
    assert cell_of(None, "2.21.0", None, "0.13.4").python in {"3.10", "3.11"}
