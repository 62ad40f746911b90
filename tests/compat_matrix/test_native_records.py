"""What the installed wandb does alone is kept where a run would find the same, and played wherever it might not."""

from __future__ import annotations

import ast
import pathlib
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from compat_matrix import native_records
from compat_matrix.axes import Matrix
from compat_matrix.code_snapshot import PACKAGE
from compat_matrix.native_records import digest_of_plays, here, kept
from compat_matrix.results import Result
from wandb_keras_compat.parity.check.judge import NOT_RUN, Verdict
from wandb_keras_compat.parity.check.parsing import parsed

from .conftest import CELL, WriteResult

LOCK = "of today"
#: When a run began.
PLAYED = "2026-01-01T00:00:00+00:00"


@pytest.fixture
def earlier(write_result: WriteResult) -> Callable[..., Result]:
    """A result of which everything can be kept, less what is given."""

    def write(**changed: Any) -> Result:
        native = {"plays": digest_of_plays("selection"), "played": PLAYED}
        header = {"native": native, "installed": {"platform": here()}, "lock": LOCK} | changed
        result = write_result(CELL, {("hook", "native"): [Verdict("all_callbacks", how="it is Keras 2")]})
        return Result({**result.header, **header}, result.records, result.footer)

    return write


def test_they_are_kept_as_they_are(matrix: Matrix, earlier: Callable[..., Result]) -> None:
    result = earlier()
    found = kept(matrix, result, LOCK, "selection")
    assert found is not None
    assert list(found.records) == [record for record in result.records if record["who"] == "native"]
    assert {record["capability"] for record in found.records} == {each.name for each in matrix.applicable(CELL)}
    assert found.played == PLAYED


@pytest.mark.parametrize(
    "changed",
    [
        {"lock": "of yesterday"},
        {"native": {"plays": digest_of_plays("all"), "played": PLAYED}},
        {"native": None},  # from before it was written down
        {"installed": {"platform": "another"}},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_they_are_not_kept_where_something_else_was_asked_or_installed(
    matrix: Matrix, earlier: Callable[..., Result], changed: dict[str, Any]
) -> None:
    assert kept(matrix, earlier(**changed), LOCK, "selection") is None


@pytest.mark.parametrize("state", [None, NOT_RUN])
def test_they_are_not_kept_where_one_is_missing(
    matrix: Matrix, earlier: Callable[..., Result], state: str | None
) -> None:
    result = earlier()
    records = [
        record | ({"state": state} if state else {"capability": "of another cell"})
        if (record["capability"], record["who"]) == ("hook", "native")
        else record
        for record in result.records
    ]
    assert kept(matrix, Result(result.header, tuple(records), result.footer), LOCK, "selection") is None


def test_of_a_cell_that_had_no_result_or_could_not_be_installed_nothing_is_kept(
    matrix: Matrix, write_result: WriteResult
) -> None:
    assert kept(matrix, None, LOCK, "selection") is None
    refused = write_result(CELL, outcome="cannot be installed", header={"native": None})
    del refused.header["installed"]
    assert kept(matrix, refused, "", "selection") is None


@pytest.fixture(scope="module")
def parity(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("package") / "parity"
    shutil.copytree(PACKAGE / "parity", folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def digest(parity: pathlib.Path, which: str = "selection") -> str:
    return digest_of_plays.__wrapped__(which, parity)


@pytest.mark.parametrize(
    "path",
    [
        "documented_uses.py", "scenarios.py", "programs.py", "frameworks/jax.py", "hook_programs/all_callbacks.py",
        "keras2/programs/shapes_cnn.py", "goldens/scenarios/defaults.json", "keras2/play.py",
    ],
)  # fmt: skip
def test_a_change_of_what_is_played_changes_the_digest(parity: pathlib.Path, path: str) -> None:
    before, text = digest(parity), (parity / path).read_bytes()
    (parity / path).write_bytes(text + b"\n")
    assert digest(parity) != before
    (parity / path).write_bytes(text)
    assert digest(parity) == before


def test_the_digest_is_of_what_is_played_alone(parity: pathlib.Path) -> None:
    before = digest(parity)
    assert before != digest(parity, "all")
    (parity / "documented_uses.py").parent.joinpath("__pycache__").mkdir(exist_ok=True)
    (parity / "hook_programs" / "__pycache__").mkdir(exist_ok=True)
    (parity / "hook_programs" / "__pycache__" / "all_callbacks.cpython-311.pyc").write_bytes(b"bytecode")
    (parity / "check" / "report.py").write_text("# prints something else\n", encoding="utf-8")
    assert digest(parity) == before


#: What plays imports beside it, and why that asks the installed wandb for nothing else.
BESIDE = {
    "composed": "the list of small callbacks, which no cell plays",
    "forms": "other spellings of a scenario, which no cell plays",
    "play_scripts": "the same as scripts",
    "scripts": "the same as scripts",
    "terminal": "hears what is printed",
    "workers": "starts the process of a scenario that has two",
}


def test_the_digest_is_of_every_module_that_plays() -> None:
    """They are those that the two that play import, and so on."""
    parity, found = PACKAGE / "parity", set[str]()
    waiting = {"play", "documented_uses"}
    while waiting:
        name = waiting.pop()
        found.add(name)
        if (path := parity / f"{name}.py").exists():
            waiting |= {other for other in relative_imports(path) if (parity / f"{other}.py").exists()} - found
    named = {pathlib.PurePath(name).parts[0].removesuffix(".py") for name in native_records._PLAYS}
    assert sorted(found - named) == sorted(BESIDE)


def relative_imports(path: pathlib.Path) -> set[str]:
    nodes = ast.walk(parsed(path.read_text(encoding="utf-8")))
    own = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 1]
    return {name for node in own for name in ([node.module] if node.module else [each.name for each in node.names])}
