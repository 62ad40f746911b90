"""Which files of a tree a program imports and runs."""

from __future__ import annotations

import pytest
from wandb_keras_codemods.to_callbacks.module_paths import ModulePaths, add_imports, handed_on, programs_run_by
from wandb_keras_codemods.to_callbacks.project import FileFacts

IMPORTS = {
    "import a, b.c\n": {("a", ""), ("b.c", "")},
    "from a import b as c, d\n": {("a", "b"), ("a", "d")},
    "from a import *\n": {("a", "")},
    "from . import a\n": {(".", "a")},
    "from ..a.b import c\n": {("..a.b", "c")},
    "def f():\n    import a\n": {("a", "")},
    "importlib.import_module('a.b')\n": {("a.b", "")},
    "import_module('a')\n": {("a", "")},
    "__import__('a')\n": {("a", "")},
    "import_module(a)\nimport_module(1)\nimport_module()\nload('a')\n": set(),
    "import a\nimport (\n": set(),
}


@pytest.mark.parametrize(("text", "found"), IMPORTS.items(), ids=IMPORTS)
def test_a_module_is_imported_by_a_statement_or_by_a_call_with_its_name(text: str, found: set[tuple[str, str]]) -> None:
    """Nothing of a file that is not Python."""
    facts = FileFacts()
    add_imports(text, facts)
    assert facts.imports == found
    assert not facts.searches_path


def test_a_path_that_one_cell_changes_counts_for_all() -> None:
    facts = FileFacts()
    add_imports("import sys\nsys.path.append('..')\n", facts)
    add_imports("import a\n", facts)
    assert facts.searches_path
    assert facts.imports == {("sys", ""), ("a", "")}


def test_a_magic_names_the_program_that_it_runs() -> None:
    """At the start of a line, by its path."""
    cell = "%run ../a-b.py\n  !python c/d.py --x\n!python3 -i e.py\n# %run f.py\n%run -i g\n%time h.py\n"
    assert programs_run_by(cell) == [
        (cell.index(line), path)
        for line, path in [("%run ..", "../a-b.py"), ("  !py", "c/d.py"), ("!python3", "e.py"), ("%run -i", "g")]
    ]


TREE = (
    "/w/common.py", "/w/p/common.py", "/w/p/a/train.py", "/w/p/a/near.py", "/w/p/src/own.py", "/w/p/keras.py",
    "/w/p/pkg/__init__.py", "/w/p/pkg/x.py", "/w/p/pkg/in/y.py", "/w/p/a/json.py", "/other/deep/z.py", "/other/q.py",
    "/other/deep/__init__.py",
)  # fmt: skip
FOUND = {
    "beside it": ("near", "", {"/w/p/a/near.py"}),
    "the nearest above": ("common", "", {"/w/p/common.py"}),
    "in a folder for sources": ("own", "", {"/w/p/src/own.py"}),
    "a package": ("pkg", "", {"/w/p/pkg/__init__.py"}),
    "a module of a package": ("pkg.x", "", {"/w/p/pkg/x.py"}),
    "a module as a name of a package": ("pkg", "x", {"/w/p/pkg/x.py"}),
    "a name in a package": ("pkg", "other", {"/w/p/pkg/__init__.py"}),
    "one level up": ("..common", "f", {"/w/p/common.py"}),
    "two levels up": ("...common", "f", {"/w/common.py"}),
    "a name beside it": (".", "near", {"/w/p/a/near.py"}),
    "the package above": ("..pkg", "", {"/w/p/pkg/__init__.py"}),
    "a relative one only where it says": (".common", "f", set()),
    "a module of another package": ("deep.z", "", {"/other/deep/z.py"}),
    "another package is no module alone": ("q", "", set()),
    "of the standard library": ("json", "", {"/w/p/a/json.py"}),
    "of another's, above": ("keras", "", set()),
    "itself": ("train", "", set()),
    "nothing": ("", "", set()),
}  # fmt: skip


@pytest.mark.parametrize(("module", "name", "found"), FOUND.values(), ids=FOUND)
def test_an_import_is_looked_for_as_python_does(module: str, name: str, found: set[str]) -> None:
    """From the folder of the file upwards; a name of a well-known package only beside the file itself."""
    files, is_module = ModulePaths(TREE).imported("/w/p/a/train.py", module, name, FileFacts())
    assert files == found
    assert is_module == (bool(name) and name in {"x", "near"})


def test_a_file_that_changes_the_path_may_import_any_of_that_name() -> None:
    facts = FileFacts(imports={("q", ""), ("deep", ""), ("nowhere", "")}, searches_path=True)
    paths = ModulePaths(TREE)
    assert paths.joined_by_imports("/w/p/a/train.py", facts) == {"/other/q.py", "/other/deep/__init__.py"}


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ("near.py", {"/w/p/a/near.py"}),
        ("near", {"/w/p/a/near.py"}),
        ("./near.py", {"/w/p/a/near.py"}),
        ("common.py", {"/w/p/common.py"}),
        ("../../common.py", {"/w/common.py"}),
        ("pkg/x.py", {"/w/p/pkg/x.py"}),
        ("in/y.py", {"/w/p/pkg/in/y.py"}),
        ("n/y.py", set()),
        ("z.py", {"/other/deep/z.py"}),
        ("nowhere.py", set()),
    ],
)
def test_a_program_is_the_nearest_of_its_path_upwards_or_any_that_ends_in_it(program: str, found: set[str]) -> None:
    assert ModulePaths(TREE).program("/w/p/a/train.py", program) == found


def test_a_module_hands_the_class_on_under_its_own_name_through_any_number_of_files() -> None:
    """In whatever order the files come; who has it from another counts as using it."""
    files = {
        "/p/user.py": FileFacts(imports={("between", "Callback"), ("between", "other")}),
        "/p/whole.py": FileFacts(imports={("between", "")}),
        "/p/from_package.py": FileFacts(imports={("pkg", "inner")}),
        "/p/other.py": FileFacts(imports={("between", "other")}),
        "/p/between.py": FileFacts(imports={("common", "")}),
        "/p/common.py": FileFacts(binds_legacy={"Callback"}, trains=True),
        "/p/pkg/inner.py": FileFacts(binds_legacy={"Inner"}, trains=True),
        "/p/pkg/__init__.py": FileFacts(),
    }
    expected = {
        "/p/user.py": {"between.Callback"},
        "/p/whole.py": {"between.Callback"},
        "/p/from_package.py": {"pkg.inner.Inner"},
        "/p/other.py": set(),
        "/p/between.py": {"common.Callback"},
        "/p/common.py": set(),
        "/p/pkg/inner.py": set(),
        "/p/pkg/__init__.py": set(),
    }
    assert handed_on(files, ModulePaths(files)) == expected
    assert {file for file, facts in files.items() if facts.trains} == {
        file for file, names in expected.items() if names
    } | {"/p/common.py", "/p/pkg/inner.py"}
    assert files["/p/user.py"].binds_legacy == {"Callback"}
    assert files["/p/from_package.py"].binds_legacy == set()
