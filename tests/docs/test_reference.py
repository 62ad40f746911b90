"""Every public name is on a page of the reference, and everything on these pages is there to be imported."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

import wandb_keras_compat
from wandb_keras_compat import testing

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
DOCUMENTED = re.compile(r"^\.\. (?:auto(?:class|function|exception|data)|data):: (\S+?)(?:\(.*\))?$", re.MULTILINE)
NOTEBOOK = {"load_ipython_extension", "unload_ipython_extension"}  # IPython's names; not for `import *`


def documented(page: str) -> list[str]:
    """The full names that *page* has an entry for."""
    return DOCUMENTED.findall((REFERENCE / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("page", "package", "more"),
    [("api.md", wandb_keras_compat, NOTEBOOK), ("testing-api.md", testing, set())],
    ids=["api", "testing"],
)
def test_every_public_name_is_there_once(page: str, package: object, more: set[str]) -> None:
    names = {f"{package.__name__}.{name}" for name in {*package.__all__, *more}}
    there = documented(page)
    assert names - set(there) == set()
    assert len(there) == len(set(there))


def test_the_fixtures_and_the_options_of_pytest_are_there() -> None:
    page = (REFERENCE / "testing-api.md").read_text(encoding="utf-8")
    plugin = (Path(testing.__file__).parent / "plugin.py").read_text(encoding="utf-8")
    fixtures = re.findall(r"^@pytest\.fixture.*\ndef (\w+)", plugin, re.MULTILINE)
    options = re.findall(r'parser\.addini\("(\w+)"', plugin)
    assert len(fixtures) == 3
    assert len(options) == 2
    assert [name for name in fixtures if f"testing.plugin.{name}\n" not in page] == []
    assert [name for name in options if f"| `{name} = " not in page] == []


@pytest.mark.parametrize("page", ["testing-api.md", "logged.md"])
def test_what_is_there_can_be_imported(page: str) -> None:
    """Of api.md the test above knows it; the build of the pages judges all of them, in another environment."""
    for full in documented(page):
        home, _, name = full.rpartition(".")
        assert hasattr(import_module(home), name), full


def test_every_public_member_of_the_classes_says_what_it_is() -> None:
    """Sphinx leaves out a member without a docstring, and says nothing."""
    silent = []
    classes = re.findall(
        r"^\.\. autoclass:: (\S+)", (REFERENCE / "testing-api.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    for full in classes:
        home, _, name = full.rpartition(".")
        kind = getattr(import_module(home), name)
        for member in (member for member in dir(kind) if not member.startswith("_")):
            found = inspect.getattr_static(kind, member)
            is_one = inspect.isfunction(found) or isinstance(found, property | classmethod)
            if is_one and not inspect.getdoc(getattr(kind, member)):
                silent.append(f"{full}.{member}")
    assert len(classes) > 10
    assert silent == ["wandb_keras_compat.testing.Fault.hits"]  # the server's own
