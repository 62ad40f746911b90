"""A copy of the tree in which one file has other text, and tests that are run there. The tree itself is never touched.

A copy, and not another text for one import as in :mod:`.swap`: what a test starts in processes of its own gets the text too.
Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from wandb_keras_compat.testing.child_environment import inherited_environment

from .sources import ROOT

#: What tests and packages are made of; all else of a checkout is large, or of no test.
_WANTED = ("src", "codemods", "compat_matrix", "tests", "docs", "examples", "benchmarks", ".github", ".ci")
_UNWANTED = shutil.ignore_patterns("__pycache__", ".hypothesis", "*.egg-info", "*.pyc")

#: Whole seconds in the past, each another: Python takes its compiled module where source and time of change agree.
_TIMES = count(1_000_000_000)


class TreeCopy:
    """The tree at *root*."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for path in ROOT.iterdir():
            if path.name in _WANTED:
                shutil.copytree(path, root / path.name, ignore=_UNWANTED, symlinks=True)
            elif path.is_file():
                shutil.copy2(path, root / path.name)

    @contextmanager
    def changed(self, file: str, was: str, now: str) -> Iterator[None]:
        """*file* with *now* in the place of *was*, which has to be there once.

        Raises:
            ValueError: it is not.
        """
        text = (self.root / file).read_text(encoding="utf-8")
        if text.count(was) != 1:
            raise ValueError(f"{file} has {text.count(was)} times, and not once: {was}")
        with self.replaced(file, text.replace(was, now)):
            yield

    @contextmanager
    def replaced(self, file: str, text: str) -> Iterator[None]:
        """*file* with all of its text another."""
        path = self.root / file
        before = path.read_text(encoding="utf-8")
        _write(path, text)
        try:
            yield
        finally:
            _write(path, before)

    def run(self, tests: Sequence[str], *, seconds: float = 600) -> subprocess.CompletedProcess[str]:
        """Runs *tests* with this interpreter; a run that takes longer than *seconds* has the exit code of a failed test.

        A bug may well make a program wait for ever.
        """
        environment = inherited_environment(path=[self.root / each for each in ("src", "codemods", ".")])
        # Drawn examples are the same each time, and a test is not helped by what an earlier bug left.
        options = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "--hypothesis-seed=0", "-m", "not cell"]
        command = [sys.executable, "-m", "pytest", *options, *tests]
        try:
            return subprocess.run(
                command, cwd=self.root, env=environment, capture_output=True, text=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, 1, "", f"it took more than {seconds:.0f} seconds")
        finally:
            shutil.rmtree(self.root / ".hypothesis", ignore_errors=True)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    time = next(_TIMES)
    os.utime(path, (time, time))


@contextmanager
def tree_copy() -> Iterator[TreeCopy]:
    with tempfile.TemporaryDirectory(prefix="tree-", ignore_cleanup_errors=True) as folder:
        yield TreeCopy(Path(folder))
