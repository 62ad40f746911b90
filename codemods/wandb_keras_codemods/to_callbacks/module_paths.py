"""What a file imports and runs, and which files of the tree those are."""

from __future__ import annotations

import ast
import os
import re
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping

from ..documents.kinds import kind_of
from .project import FileFacts

_RUN_LINE = re.compile(r"^[ \t]*(?:%run|!python3?)[ \t]+(?:-i[ \t]+)?([\w./-]+)", re.MULTILINE)
_ROOTS = ("", "src", "lib", "python")
"""Folders, seen from one above the importing file, that Python's path may hold."""
_NEVER_OWN = frozenset(
    {*sys.stdlib_module_names, "wandb", "keras", "tf_keras", "tensorflow", "torch", "numpy", "pandas"}
)


def add_imports(text: str, facts: FileFacts) -> None:
    """Add what a module imports by statements, or by ``import_module`` with a literal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            facts.imports |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            facts.imports |= {(module, "" if alias.name == "*" else alias.name) for alias in node.names}
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in {"import_module", "__import__"} and isinstance(node.args[0].value, str):
                facts.imports.add((node.args[0].value, ""))
    facts.searches_path = facts.searches_path or "sys.path" in text


def programs_run_by(cell: str) -> list[tuple[int, str]]:
    """Offset and path of what the magic lines of a cell run."""
    return [(match.start(), match[1]) for match in _RUN_LINE.finditer(cell)]


class ModulePaths:
    """The files of a tree, found by the names that Python and W&B know them under."""

    def __init__(self, files: Iterable[str]) -> None:
        self._files = frozenset(files)
        self._by_end: defaultdict[str, list[str]] = defaultdict(list)
        for file in sorted(self._files):
            self._by_end[os.path.basename(file)].append(file)

    def joined_by_imports(self, file: str, facts: FileFacts) -> set[str]:
        """The files of the tree that a file imports."""
        return {other for module, name in facts.imports for other in self.imported(file, module, name, facts)[0]}

    def imported(self, file: str, module: str, name: str, facts: FileFacts) -> tuple[set[str], bool]:
        """The files that an import may mean, and whether its name is a module itself.

        An absolute import is looked for from the file's own folder upwards, the nearest wins; a module of a package
        that is found nowhere there may be any file of that path, and so may all if the file changes ``sys.path``.
        """
        inner = module + name if module.endswith(".") else f"{module}.{name}"
        submodule = self._module(file, inner, facts) if name else set()
        return (submodule or self._module(file, module, facts)) - {file}, bool(submodule)

    def _module(self, file: str, module: str, facts: FileFacts) -> set[str]:
        level = len(module) - len(module.lstrip("."))
        path = module.lstrip(".").replace(".", os.sep)
        folder = os.path.dirname(file)
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            return self._at(os.path.join(folder, path) if path else folder)
        foreign = path.split(os.sep)[0] in _NEVER_OWN and not self._at(os.path.join(folder, path))
        if foreign or not path:
            return set()
        for above in _upwards(folder):
            for root in _ROOTS:
                if found := self._at(os.path.join(above, root, path)):
                    return found
        if os.sep in path or facts.searches_path:
            return self._ending_in(path + ".py") | self._ending_in(os.path.join(path, "__init__.py"))
        return set()

    def _at(self, path: str) -> set[str]:
        return {path + ".py", os.path.join(path, "__init__.py")} & self._files

    def program(self, file: str, program: str) -> set[str]:
        """The files that a sweep's ``program`` or ``%run`` may be: nearest upwards, else any that ends in that path."""
        program = os.path.normpath(program)
        if kind_of(program) is None:
            program += ".py"
        for above in _upwards(os.path.dirname(file)):
            if (at := os.path.normpath(os.path.join(above, program))) in self._files:
                return {at}
        return self._ending_in(program)

    def _ending_in(self, path: str) -> set[str]:
        end = os.sep + path.lstrip(os.sep)
        return {file for file in self._by_end[os.path.basename(path)] if file.endswith(end)}


def handed_on(files: Mapping[str, FileFacts], paths: ModulePaths) -> dict[str, set[str]]:
    """By what names each file has the legacy class from other files of the tree (``common.WandbCallback``).

    These files count as using it, and what they import others can import from them.
    """
    found: dict[str, set[str]] = {file: set() for file in files}
    pending = True
    while pending:
        pending = False
        for file, facts in files.items():
            for module, name in facts.imports:
                sources, submodule = paths.imported(file, module, name, facts)
                bound = {bound for source in sources for bound in files[source].binds_legacy}
                whole = not name or submodule
                names = bound if whole else bound & {name}
                prefix = f"{module}.{name}." if submodule else f"{module}."
                found[file] |= {prefix + each for each in names}
                taken = names if not submodule else set()
                if names and not (facts.trains and taken <= facts.binds_legacy):
                    facts.trains, pending = True, True
                    facts.binds_legacy |= taken
    return found


def _upwards(folder: str) -> Iterable[str]:
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above
