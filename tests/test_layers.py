"""What the contracts of ``[tool.importlinter]`` leave open: ``lint-imports`` (``nox -s layers``) judges the rest.

The contracts look at siblings; a package and what is in it can still import each other in a circle.
"""

from __future__ import annotations

import ast
import itertools
import re
import sys
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # comes with pytest there

ROOT = Path(__file__).parents[1]
PACKAGES = {"wandb_keras_compat": ROOT / "src", "wandb_keras_codemods": ROOT / "codemods", "compat_matrix": ROOT}
SHIM = "wandb_keras_compat"
#: What testing may have of the package.
SHARED = {"atomic_files", "messages", "versions"}


def circles(imports: Mapping[str, AbstractSet[str]]) -> Iterator[list[str]]:
    """The groups of modules of which each imports all others, if by way of others (Tarjan's components)."""
    numbers: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    count = itertools.count()

    def visit(module: str) -> Iterator[list[str]]:
        numbers[module] = lowest[module] = next(count)
        stack.append(module)
        for imported in sorted(imports[module]):
            if imported not in numbers:
                yield from visit(imported)
                lowest[module] = min(lowest[module], lowest[imported])
            elif imported in stack:
                lowest[module] = min(lowest[module], numbers[imported])
        if lowest[module] == numbers[module]:
            place = stack.index(module)
            group = sorted(stack[place:])
            del stack[place:]
            if len(group) > 1 or module in imports[module]:
                yield group

    for module in sorted(imports):
        if module not in numbers:
            yield from visit(module)


def import_graph() -> dict[str, set[str]]:
    """Module to the modules of ours that it imports, wherever in its text."""
    names = {name: path for package, folder in PACKAGES.items() for name, path in _modules(folder, package)}
    graph = {}
    for name, path in names.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        graph[name] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
                module = ".".join([*above, *filter(None, [node.module])])
                submodules = [f"{module}.{alias.name}" for alias in node.names]
                found = [submodule if submodule in names else module for submodule in submodules]
            else:
                continue
            graph[name].update(imported for imported in found if imported in names)
    return graph


def _modules(folder: Path, package: str) -> Iterator[tuple[str, Path]]:
    for path in (folder / package).rglob("*.py"):
        parts = path.relative_to(folder).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert list(circles(import_graph())) == []


def test_the_graph_has_the_imports_of_every_kind() -> None:
    graph = import_graph()
    assert f"{SHIM}.cli" in graph[f"{SHIM}.__main__"], "from .cli import main"
    assert f"{SHIM}.messages" in graph[f"{SHIM}.options"], "from . import messages"
    assert graph[f"{SHIM}.messages"] <= {f"{SHIM}.versions"}


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"a"}}, [["a", "b"]]),
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}}, [["b", "c"]]),
        ({"a": {"a"}}, [["a"]]),
        ({"a": {"b", "c"}, "b": {"c"}, "c": {"d"}, "d": {"a"}, "e": {"a"}}, [["a", "b", "c", "d"]]),
    ],
)
def test_circles_are_found(imports: dict[str, set[str]], expected: list[list[str]]) -> None:
    assert list(circles(imports)) == expected


def test_the_contract_of_testing_names_everything_else() -> None:
    """``forbidden`` has no wildcard for "all but": a new module of the package has to be in the list."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (contract,) = [each for each in linter["contracts"] if each.get("source_modules") == [f"{SHIM}.testing"]]
    listed = {module.removeprefix(f"{SHIM}.") for module in contract["forbidden_modules"] if module.startswith(SHIM)}
    there = {
        path.stem for path in (ROOT / "src" / SHIM).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert listed == there - {"__init__", "testing"} - SHARED


def of_tests(text: str) -> list[str]:
    """What Python code imports of ``tests``, and what of it stands in its strings (docstrings aside): commands, paths."""
    tree = ast.parse(text)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.partition(".")[0] == "tests"]
        elif isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").partition(".")[0] == "tests":
            found.append(str(node.module))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            found += ["tests"] * (isinstance(node.right, ast.Constant) and node.right.value == "tests")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            found += [node.value] * bool(re.search(r"(?<![\w./-])tests(?=[./]\w|/$)", node.value))
    return found


def test_what_is_installed_and_what_cells_run_is_nothing_of_tests() -> None:
    """The suite that the matrix plays is ``wandb_keras_compat.parity``, which is where the package is."""
    files = [path for package, folder in PACKAGES.items() for path in (folder / package).rglob("*.py")]
    assert ROOT / "compat_matrix" / "play_in_cell.py" in files
    found = {path.relative_to(ROOT).as_posix(): of_tests(path.read_text(encoding="utf-8")) for path in files}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("from tests.parity import play", ["tests.parity"]),
        ("import tests.parity.play", ["tests.parity.play"]),
        ('place.run("-m", "tests.parity.play")', ["tests.parity.play"]),
        ('(source / "tests" / "parity").is_dir()', ["tests"]),
        ('f"tests/{name}"', ["tests/"]),
        ('open("tests/parity/known_differences.yaml")', ["tests/parity/known_differences.yaml"]),
        ('run("python -m tests.parity.play")', ["python -m tests.parity.play"]),
        ('"""Held by tests/parity/test_play.py."""', []),
        ('from .tests import x; y = "the latest/tests.json", "my_tests.x", "tests"', []),
    ],
)
def test_mentions_of_tests_are_found(line: str, expected: list[str]) -> None:
    assert of_tests(line) == expected


#: Each of the two packages has one writer of files that are there whole or not at all; the codemods do not import ours.
WRITERS = {"src/wandb_keras_compat/atomic_files.py", "codemods/wandb_keras_codemods/engine/atomic_write.py"}

RENAMES = {"replace", "rename", "renames", "move"}


def renames(text: str) -> list[str]:
    """The calls in Python code that put a file where another is: ``os.replace`` and the like, ``Path.replace``."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module in {"os", "shutil"}:
            found += [f"{node.module}.{alias.name}" for alias in node.names if alias.name in RENAMES]
        elif isinstance(node, ast.Attribute) and node.attr in RENAMES:
            found += [ast.unparse(node)] * (ast.unparse(node.value) in {"os", "shutil"})
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RENAMES:
            # A text's replace has two arguments.
            of_a_path = re.search(r"(path|file|temporary|partial|Path\(.*\))$", ast.unparse(node.func.value))
            found += [ast.unparse(node.func)] * bool(of_a_path and len(node.args) == 1)
    return found


def test_files_are_put_in_place_by_one_module_of_each_package() -> None:
    files = [path for package, folder in PACKAGES.items() for path in (folder / package).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix(): renames(path.read_text(encoding="utf-8")) for path in files}
    assert {path for path, calls in found.items() if calls} == WRITERS


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("os.replace(one, other)", ["os.replace"]),
        ("shutil.move(one, other)", ["shutil.move"]),
        ("path.replace(other)", ["path.replace"]),
        ("Path(one).rename(other)", ["Path(one).rename"]),
        ("from os import replace as put", ["os.replace"]),
        ('text.replace("a", "b"); dataclasses.replace(node, x=1)', []),
        ('path.replace("a", "b"); folder.rename(names)', []),
    ],
)
def test_renames_are_found(line: str, expected: list[str]) -> None:
    assert renames(line) == expected
