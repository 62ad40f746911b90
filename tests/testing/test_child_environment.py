"""The environment of a child process: what it inherits, where it finds modules, and that all make it by one function."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "codemods", "compat_matrix", "benchmarks", "tests")
NAMES = st.sampled_from(["WANDB_MODE", "WANDB_DIR", "KERAS_BACKEND", "HOME", "TF_CONFIG"])
VARIABLES = st.dictionaries(NAMES, st.sampled_from(["", "a", "b"]), max_size=3)


@given(own=VARIABLES, more=VARIABLES, last=VARIABLES, drop=st.lists(st.sampled_from(["WANDB_", "KERAS_", "TF_"])))
def test_what_is_dropped_comes_back_only_where_it_is_given(
    own: dict[str, str], more: dict[str, str], last: dict[str, str], drop: list[str]
) -> None:
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(os, "environ", dict(own))
        found = inherited_environment(more, last, drop=drop, path=["/somewhere"])
    assert found.pop("PYTHONPATH") == os.path.abspath("/somewhere")
    kept = {name: text for name, text in own.items() if not any(name.startswith(prefix) for prefix in drop)}
    assert found == {**kept, **more, **last}


def test_a_child_in_another_folder_finds_what_this_process_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "only_here.py").write_text("print('found')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", "here", *sys.path])
    command = [sys.executable, "-c", "import only_here, wandb_keras_compat"]
    done = subprocess.run(
        command, env=inherited_environment(), cwd=tmp_path.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout == "found\n"


def test_wandb_writes_below_one_folder(tmp_path: Path) -> None:
    found = wandb_folders(tmp_path, leave=["WANDB_CONFIG_DIR"])
    assert set(found) == {"WANDB_DIR", "WANDB_DATA_DIR", "WANDB_CACHE_DIR"}
    assert all(Path(folder).is_dir() and tmp_path in (Path(folder), *Path(folder).parents) for folder in found.values())


def test_the_folders_that_wandb_writes_to_are_made_and_are_different_ones(tmp_path: Path) -> None:
    found = wandb_folders(tmp_path / "not" / "there" / "yet")
    assert all(Path(folder).is_dir() for folder in found.values())
    assert len(set(found.values())) == len(found) == 4


def made_by_hand(text: str) -> list[int]:
    """The lines of Python code with a ``PYTHONPATH`` in a dict that ``python_path`` did not make."""
    return [
        key.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values)
        if isinstance(key, ast.Constant)
        and key.value == "PYTHONPATH"
        and not (isinstance(value, ast.Call) and ast.unparse(value.func) == "python_path")
    ]


def test_nothing_makes_such_an_environment_by_hand() -> None:
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix(): made_by_hand(path.read_text(encoding="utf-8")) for path in files}
    assert len(found) > 500
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('env = {**os.environ, "PYTHONPATH": "src"}', [1]),
        ('env = os.environ | {"PYTHONPATH": path}', [1]),
        ('env = {"PYTHONPATH": python_path([a, b])}', []),
        ('env = inherited_environment({"HOME": home}, path=[SOURCE])', []),
    ],
)
def test_one_made_by_hand_is_seen(line: str, expected: list[int]) -> None:
    assert made_by_hand(line) == expected
