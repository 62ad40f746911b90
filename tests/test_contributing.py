"""The table of CONTRIBUTING.md, "Where things are", against the tree: what it names is there, and every folder is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHIM, CODEMODS = ROOT / "src" / "wandb_keras_compat", ROOT / "codemods" / "wandb_keras_codemods"
CODE = re.compile(r"`([^`]+)`")
PATH = re.compile(r"[\w.*/<>-]+/|[\w.*/<>-]+\.(py|md|toml|yaml|yml|lock)|\.ci/run")


def rows() -> list[str]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = [line for line in text.splitlines() if line.startswith("| ")]
    assert table[0] == "| a change | touches | and is held by |"
    return table[1:]


def named(row: str) -> list[str]:
    """The paths in a row, ``<name>`` as a glob."""
    return [re.sub(r"<\w+>", "*", text) for text in CODE.findall(row) if PATH.fullmatch(text)]


def found(path: str) -> list[Path]:
    return [match for root in (ROOT, SHIM) for match in root.glob(path)]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.split("|")[1].strip())
def test_what_a_row_names_is_there(row: str) -> None:
    assert named(row)
    assert [path for path in named(row) if not found(path)] == []


def test_every_folder_is_named() -> None:
    """By itself, or by what is in it."""
    there = {path.parent for root in (SHIM, CODEMODS) for path in root.rglob("*.py")}
    covered = set()
    for path in {match for row in rows() for text in named(row) for match in found(text)}:
        covered |= {path, *path.parents}
    assert {folder.relative_to(ROOT).as_posix() for folder in there - covered} == set()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("| a | `features/<name>.py` and `[[capability]]` in `x/matrix.toml` |", ["features/*.py", "x/matrix.toml"]),
        (
            "| a | `data/`, then `python -m wandb_keras_compat.parity.uses.cover`; `.ci/run` | `nox -s docs` |",
            ["data/", ".ci/run"],
        ),
        ("| `WandbCallback` | `uses.play legacy src/wandb_keras_compat/parity/goldens/uses` |", []),
    ],
)
def test_the_paths_of_a_row(row: str, expected: list[str]) -> None:
    assert named(row) == expected


def test_a_path_that_is_gone_is_seen() -> None:
    assert found("features/nothing_such.py") == []
    assert found("features/met*.py") == [SHIM / "features" / "metrics.py"]
