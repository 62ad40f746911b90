"""Finds the files of a run: walks directories, honours ``.gitignore``, skips virtual environments."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..documents.document import Kind
from ..documents.kinds import kind_of
from ..records import SourceError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SKIPPED_DIRECTORIES = frozenset(
    {".git", ".hg", ".svn", "__pycache__", "node_modules", "site-packages", ".ipynb_checkpoints",
     ".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".eggs"}
)  # fmt: skip
_ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})


@dataclass(frozen=True)
class Found:
    """A file to migrate, or a path that cannot be, with the reason in ``problem``."""

    path: str
    kind: Kind
    problem: str = ""
    link: bool = False


#: How the problem of a path begins that leads to nothing.
NO_SUCH_FILE = "there is no such file or directory"


def _near(path: str) -> str:
    """What may be meant: a name that is there and nearly the same."""
    folder, name = os.path.split(path)
    try:
        near = difflib.get_close_matches(name, sorted(os.listdir(folder or os.curdir)), n=1, cutoff=0.8)
    except OSError:
        return ""
    return f"; did you mean {os.path.join(folder, near[0])}?" if near else ""


def discover(paths: Sequence[str]) -> Iterator[Found]:
    """The files below ``paths``, in a stable order, each once.

    A path given by name is always included, whatever its name or place; ignore rules apply only inside directories.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _below(path):
            shown = os.path.normpath(found.path) if found.path[:1] == "." else found.path
            key = os.path.abspath(shown)
            if key not in seen:
                seen.add(key)
                yield replace(found, path=shown)


def _below(path: str) -> Iterator[Found]:
    kind = kind_of(path) or "python"
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        yield Found(path, kind, NO_SUCH_FILE + _near(path))
        return
    except OSError as error:
        yield Found(path, kind, f"cannot be read: {error.strerror or error}")
        return
    if stat.S_ISDIR(mode):
        yield from _walk(path, _GitIgnore(path))
    elif not stat.S_ISREG(mode):
        yield Found(path, kind, "is not a regular file")
    else:
        yield Found(path, kind, link=os.path.islink(path))


def _walk(directory: str, ignores: _GitIgnore) -> Iterator[Found]:
    pending = [directory]
    while pending:
        current = pending.pop()
        try:
            entries = list(os.scandir(current))
        except OSError as error:
            yield Found(current, "python", f"cannot be read: {error.strerror or error}")
            continue
        names = {entry.name for entry in entries}
        if current != directory and names & _ENVIRONMENT_MARKS:
            continue
        if ".gitignore" in names:
            ignores.add(current)
        entries.sort(key=lambda entry: entry.name)
        below: list[str] = []
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED_DIRECTORIES and not ignores.match(entry.path, directory=True):
                    below.append(entry.path)
                continue
            kind = kind_of(entry.name)
            if kind is None or not entry.is_file(follow_symlinks=False):
                continue
            if not ignores.match(entry.path, directory=False):
                yield Found(entry.path, kind)
        pending += reversed(below)


class _GitIgnore:
    """The ``.gitignore`` files that apply below a directory, its parents' up to the repository's top included."""

    def __init__(self, root: str) -> None:
        self._specs: list[tuple[str, GitIgnoreSpec]] = []
        for parent in reversed(_up_to_repository(os.path.abspath(root))):
            self.add(parent)

    def add(self, directory: str) -> None:
        from pathspec import GitIgnoreSpec

        try:
            with open(os.path.join(directory, ".gitignore"), encoding="utf-8", errors="replace") as file:
                spec = GitIgnoreSpec.from_lines(file)
        except (OSError, ValueError):
            return  # what git could not read either
        self._specs.append((os.path.abspath(directory) + os.sep, spec))

    def match(self, path: str, *, directory: bool) -> bool:
        if not self._specs:
            return False
        absolute = os.path.abspath(path)
        for base, spec in reversed(self._specs):
            if not absolute.startswith(base):
                continue
            relative = absolute[len(base) :].replace(os.sep, "/") + ("/" if directory else "")
            include = spec.check_file(relative).include
            if include is not None:
                return bool(include)
        return False


def _up_to_repository(root: str) -> list[str]:
    """The parents of a directory up to the one that holds ``.git``; none if there is no repository."""
    if os.path.exists(os.path.join(root, ".git")):
        return []
    parents: list[str] = []
    current = root
    while (parent := os.path.dirname(current)) != current:
        parents.append(parent)
        if os.path.exists(os.path.join(parent, ".git")):
            return parents
        current = parent
    return []


def repository_of(path: str) -> str | None:
    """The directory that holds ``.git`` above a path, if any."""
    start = os.path.abspath(path if os.path.isdir(path) else os.path.dirname(path) or ".")
    if os.path.exists(os.path.join(start, ".git")):
        return start
    parents = _up_to_repository(start)
    return parents[-1] if parents else None


def read(path: str) -> bytes:
    """A file's bytes.

    Raises:
        SourceError: it cannot be read, or changed meanwhile.
    """
    try:
        with open(path, "rb", buffering=0) as file:
            before = os.fstat(file.fileno())
            data = file.read()
            after = os.fstat(file.fileno())
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}") from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise SourceError("changed while it was being read; run again")
    return data
