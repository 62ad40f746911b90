"""Other text for a module that is about to be imported."""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import sys
import tempfile
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from .sources import ROOT

# Whatever imported setuptools, as TensorFlow does, has its private packages on sys.path, and typeguard says it is a plugin.
_WITHOUT = [word for name in ("cacheprovider", "xdist", "typeguard") for word in ("-p", f"no:{name}")]
#: Of pytest in a process whose modules are swapped; slow tests are run, too: they are named.
OPTIONS_OF_PYTEST = [
    "-q", "--no-header", *_WITHOUT, "--timeout=0", f"--rootdir={ROOT}", "-m", "not cell and not whole",
]  # fmt: skip


def forget(*packages: str, but: str) -> None:
    """Takes the modules of *packages* out of ``sys.modules``, those below *but* excepted: they are imported anew."""
    for name in list(sys.modules):
        if any(_is_in(name, package) for package in packages) and not _is_in(name, but):
            del sys.modules[name]


def put_in(name: str, source: str) -> None:
    """Module *name*, when it is imported, has the text *source*."""
    sys.meta_path.insert(0, _Finder(name, source))


def file_of(process: int) -> Path:
    """Where a process has the text: TensorFlow traces what it reads there."""
    return Path(tempfile.gettempdir()) / f"mutant-{process}.py"


def _is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    def __init__(self, name: str, source: str) -> None:
        self._name = name
        self._source = source
        self._file = ""

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        found = PathFinder.find_spec(fullname, path)
        assert found is not None and found.origin is not None
        self._file = found.origin
        return importlib.util.spec_from_file_location(
            fullname, self._file, loader=self, submodule_search_locations=found.submodule_search_locations
        )

    def get_source(self, fullname: str) -> str:
        return self._source

    def get_filename(self, fullname: str) -> str:
        return self._file

    def get_code(self, fullname: str) -> Any:
        path = file_of(os.getpid())
        path.write_text(self._source, encoding="utf-8")
        return compile(self._source, str(path), "exec")

    def is_package(self, fullname: str) -> bool:
        return self._file.endswith("__init__.py")
