"""Writes down which public names a release of Keras 2 has: ``python -m tests.hook.keras2_names.derive WHEEL...``.

The wheels are those of PyPI (``pip download --no-deps keras==2.2.4``); they are read, not imported, and nothing of
them but names goes into the files beside this one. A line is a module and the public names in it: what the module
defines, and what it takes from another module of Keras, which programs import from either place. Of the releases before
2.6, which have no list of what is public, there are lines "module:Class" as well, with the public methods of the class.
"""

from __future__ import annotations

import ast
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

FOLDER = Path(__file__).parent
_API = "keras.api._v2.keras"
# Not for programs: tests and their tools, and what protocol buffers generated.
_INTERNAL = ("keras.api", "keras.integration_test", "keras.protobuf", "keras.testing_infra", "keras.tests")
_ENDINGS = ("_test", "_tests", "_test_base", "test_utils", "testing_utils", "keras_parameterized")


class Release:
    """The modules of one wheel, as syntax trees."""

    def __init__(self, wheel: Path) -> None:
        self.version = wheel.name.split("-")[1]
        self.trees: dict[str, ast.Module] = {}
        self.packages: set[str] = set()
        self._names: dict[str, dict[str, bool]] = {}
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                path = PurePosixPath(name)
                if path.suffix != ".py" or path.parts[0] != "keras":
                    continue
                module = ".".join(path.with_suffix("").parts)
                if path.stem == "__init__":
                    module = ".".join(path.parent.parts)
                    self.packages.add(module)
                self.trees[module] = ast.parse(archive.read(name))

    @property
    def has_api(self) -> bool:
        """Whether the release says itself what is public."""
        return _API in self.trees

    def public(self) -> dict[str, list[str]]:
        """Module -> names, of the modules themselves and of the API that is generated from them."""
        found: dict[str, set[str]] = {}
        for module in self.trees:
            if f"{module}.".startswith(f"{_API}."):
                place = "keras" + module[len(_API) :]
            elif module.startswith(_INTERNAL) or module.endswith(_ENDINGS):
                continue
            else:
                place = module
            if not any(part.startswith("_") for part in place.split(".")):
                names = {name for name, own in self.names(module).items() if not name.startswith("_")}
                found.setdefault(place, set()).update(names)
        return {module: sorted(names) for module, names in sorted(found.items())}

    def methods(self) -> dict[str, list[str]]:
        """ "module:Class" -> the public methods that the class defines."""
        found = {}
        for module in self.public():
            for statement in _top(self.trees[module].body) if module in self.trees else ():
                if isinstance(statement, ast.ClassDef) and not statement.name.startswith("_"):
                    functions = [part.name for part in statement.body if isinstance(part, ast.FunctionDef)]
                    names = sorted({name for name in functions if not name.startswith("_")})
                    if names:
                        found[f"{module}:{statement.name}"] = names
        return found

    def names(self, module: str) -> dict[str, bool]:
        """What a module binds that is of Keras."""
        if module not in self._names:
            self._names[module] = {}  # modules import one another
            for statement in _top(self.trees[module].body):
                self._names[module].update(dict.fromkeys(self._bound(module, statement), True))
        return self._names[module]

    def _bound(self, module: str, statement: ast.stmt) -> Iterator[str]:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            yield statement.name
        elif isinstance(statement, ast.Assign):
            yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
        elif isinstance(statement, ast.ImportFrom):
            source = self._source(module, statement)
            if source not in self.trees:
                return
            for alias in statement.names:
                if alias.name == "*":
                    if not source.endswith(("theano_backend", "cntk_backend")):
                        yield from (name for name in self.names(source) if not name.startswith("_"))
                elif f"{source}.{alias.name}" not in self.trees or module in self.packages:
                    yield alias.asname or alias.name

    def _source(self, module: str, statement: ast.ImportFrom) -> str:
        if not statement.level:
            return statement.module or ""
        parts = module.split(".")
        up = statement.level - (module in self.packages)
        return ".".join([*parts[: len(parts) - up], *([statement.module] if statement.module else [])])


def _top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, those below ``if`` and ``try`` included."""
    for statement in body:
        if isinstance(statement, (ast.If, ast.Try, ast.With)):
            for part in (statement.body, getattr(statement, "orelse", []), getattr(statement, "finalbody", [])):
                yield from _top(part)
        else:
            yield statement


def main(wheels: list[str]) -> None:
    for wheel in wheels:
        release = Release(Path(wheel))
        found = {**release.public(), **({} if release.has_api else release.methods())}
        lines = [f"{module} {' '.join(names)}".rstrip() + "\n" for module, names in found.items()]
        (FOLDER / f"{release.version}.txt").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
