"""The code under test: a copy that a cell runs, so that work on the tree does not change it midway, and its digest."""

from __future__ import annotations

import ast
import hashlib
import io
import shutil
import subprocess
import tokenize
from pathlib import Path

import wandb_keras_compat
from wandb_keras_compat.parity.check.parsing import parsed
from wandb_keras_compat.parity.check.problems import OtherTree

from .axes import HERE

ROOT = HERE.parent
PACKAGE = ROOT / "src" / "wandb_keras_compat"

#: What no training runs: a change of it makes no result older than the code.
_BESIDE = {"testing", "parity", "commands", "cli.py", "__main__.py", "examples"}


def check_checkout(imported: Path = Path(wandb_keras_compat.__file__).parent) -> None:
    """Sees to it that traces are compared by this checkout, whose ledger it is.

    Raises:
        OtherTree: the package at *imported* is that of another.
    """
    if imported.resolve() != PACKAGE.resolve():
        raise OtherTree(imported, ROOT)


def copy_to(folder: Path) -> Path:
    """Copies what the cells run: the package, which has the suite.

    Raises:
        OtherTree: what they do would be judged by another checkout.
    """
    check_checkout()
    ignored = shutil.ignore_patterns("__pycache__", "goldens", "results", "locks")
    shutil.copytree(ROOT / "src", folder / "src", ignore=ignored)
    return folder


def digest(package: Path = PACKAGE) -> str:
    """Digest of the modules that log, without their comments and docstrings: of what they do."""
    found = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        within = path.relative_to(package)
        if within.parts[0] not in _BESIDE:
            found.update(within.as_posix().encode() + b"\0" + _meaning(path).encode() + b"\0")
    return found.hexdigest()[:16]


def commit() -> tuple[str, bool]:
    """The commit that is checked out, and whether the package differs from it. Empty outside a repository."""
    try:
        head = _git("rev-parse", "HEAD").strip()
        return head, bool(_git("status", "--porcelain", "--", "src").strip())
    except (OSError, subprocess.CalledProcessError):
        return "", False


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607 - git as the user has it


def _meaning(path: Path) -> str:
    """The source without comments, docstrings, blank lines and indentation; the same with every Python."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.walk(parsed(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(
            node
        ):
            docstring = node.body[0]
            for at in range(docstring.lineno - 1, docstring.end_lineno or docstring.lineno):
                lines[at] = ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        row, column = token.start
        if token.type == tokenize.COMMENT:
            lines[row - 1] = lines[row - 1][:column]
    return "\n".join(line.strip() for line in lines if line.strip())
