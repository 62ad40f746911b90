"""The list of hand-made bugs holds together: each can still be put in, and the test that tells it is there.

That the test does tell it, ``python -m tests.parity.mutation.hand_made`` shows (``nox -s instrument``): it takes minutes.
"""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import pytest

from .mutation import tree_copy
from .mutation.hand_made import Bug, bugs
from .mutation.sources import ROOT

BUGS = bugs()
THERE = [bug for bug in BUGS if not bug.none]


@functools.cache
def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_none_of_the_list_is_lost() -> None:
    ids = [bug.id for bug in BUGS]
    assert len(ids) == len(set(ids)) == 71
    assert ids == sorted(ids)
    assert all(bool(bug.none) is not bool(bug.file and bug.was and bug.told_by) for bug in BUGS)


@pytest.mark.parametrize("bug", THERE, ids=lambda bug: bug.id)
def test_it_can_be_put_in(bug: Bug) -> None:
    text = (ROOT / bug.file).read_text(encoding="utf-8")
    assert text.count(bug.was) == 1, (
        "the line has changed: put the bug in as it would be made today, or say why there is none"
    )
    changed = text.replace(bug.was, bug.now)
    assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(text))


@pytest.mark.parametrize("bug", THERE, ids=lambda bug: bug.id)
def test_the_test_that_tells_it_is_there(bug: Bug) -> None:
    path, _, name = bug.told_by.partition("::")
    assert name in names_in(ROOT / path)


def test_a_changed_file_is_as_it_was_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_copy, "ROOT", tmp_path / "root")
    file = tmp_path / "root" / "src" / "a.py"
    file.parent.mkdir(parents=True)
    file.write_text("x = 1\ny = 1\n")
    (tmp_path / "copy").mkdir()
    copy = tree_copy.TreeCopy(tmp_path / "copy")
    copied = tmp_path / "copy" / "src" / "a.py"
    times = {copied.stat().st_mtime}
    for _ in range(2):
        with copy.changed("src/a.py", "x = 1", "x = 2"):
            assert copied.read_text() == "x = 2\ny = 1\n"
            times.add(copied.stat().st_mtime)
        assert copied.read_text() == file.read_text() == "x = 1\ny = 1\n"
        times.add(copied.stat().st_mtime)
    assert len(times) == 5, "or Python takes the compiled module of another text"
    for was in ("= 1", "z"):
        with pytest.raises(ValueError, match="and not once"), copy.changed("src/a.py", was, "0"):
            pass
