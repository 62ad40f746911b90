"""wandb's Keras package is imported in one place, which keeps Keras as it is; found in the source, not by importing."""

from __future__ import annotations

import ast
import re
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import wandb

from wandb_keras_compat.backends.checkpoints.model_checkpoint import KerasModelCheckpoint
from wandb_keras_compat.sdk import installed_callbacks

SOURCE = Path(__file__).parents[2] / "src" / "wandb_keras_compat"
#: Where the names of wandb's modules are, and from where they are imported.
DOOR = {"hook/names.py", "hook/__init__.py", "hook/finder.py", "sdk/installed_callbacks.py"}
#: Versions as such, for messages; the SDK below the recorder and the server; those that a trace says it was made with.
#: The last two say it to the user: of everything that is installed, and of a wandb that is too old for the callbacks.
MAY_ASK = {
    "versions.py", "testing/doors/installed_sdk.py", "testing/trace/ledger.py", "commands/diagnosis.py", "needed.py",
}  # fmt: skip
PACKAGE = re.compile(r"wandb\.(keras|integration)\b[\w.]*")


def modules() -> list[Path]:
    """Those of the package, but for the parity suite: its programs import what users' programs import."""
    return [path for path in SOURCE.rglob("*.py") if path.relative_to(SOURCE).parts[0] != "parity"]


def reaches(tree: ast.AST) -> Iterator[str]:
    """What in *tree* imports wandb's Keras package, or gets it from the module ``wandb``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, (ast.Attribute, ast.Constant)):
            text = ast.unparse(node).strip("'\"")  # a name in a text: import_module("...") and the like
            found = [text] if PACKAGE.fullmatch(text) else []
        else:
            continue
        yield from (name for name in found if PACKAGE.match(name))


@pytest.mark.parametrize(
    "line",
    [
        "import wandb.keras",
        "import wandb.integration.keras as k",
        "from wandb import keras",
        "from wandb.integration.keras.callbacks import WandbMetricsLogger",
        "wandb.keras.WandbCallback",
        "import_module('wandb.integration.keras')",
        "sys.modules['wandb.keras']",
    ],
)
def test_the_scan_sees(line: str) -> None:
    assert list(reaches(ast.parse(line)))


def test_the_scan_lets_prose_and_wandb_itself_pass() -> None:
    assert not list(
        reaches(ast.parse('"""Like wandb.keras was."""\nimport wandb\nfrom wandb.sdk.lib import telemetry'))
    )


def test_nothing_but_the_door_reaches_wandbs_keras_package() -> None:
    found = {
        path.relative_to(SOURCE).as_posix(): names
        for path in modules()
        if (names := list(reaches(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert {path: names for path, names in found.items() if path not in DOOR} == {}
    assert "hook/names.py" in found  # else nothing would be found anywhere


def test_the_checkpoint_of_the_backend_is_the_one_that_wandbs_is_made_from() -> None:
    assert KerasModelCheckpoint in installed_callbacks.installed_callbacks().WandbModelCheckpoint.__mro__


def test_only_the_sdk_asks_which_wandb_is_installed() -> None:
    asks = re.compile(r"wandb\.__version__|installed\(.wandb.\)|(?<!\w)Version\(")
    found = {path.relative_to(SOURCE).as_posix() for path in modules() if asks.search(path.read_text("utf-8"))}
    assert {path for path in found if not path.startswith("sdk/")} <= MAY_ASK
    assert "sdk/callback_versions.py" in found


def registered_by(module: str) -> Callable[[], None]:
    def check_keras_version() -> None:
        pass

    check_keras_version.__module__ = module
    return check_keras_version


@pytest.mark.parametrize("others", [[], ["keras"], ["torch"], ["keras", "torch"]])
def test_what_wandb_registers_for_a_later_import_of_keras_is_taken_back(
    monkeypatch: pytest.MonkeyPatch, others: list[str]
) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.setattr(wandb.util, "_import_hook", None)
    monkeypatch.delitem(sys.modules, "wandb.integration.keras", raising=False)
    finders = [*sys.meta_path]
    of_others = {name: registered_by("wandb.integration.torch") for name in others}
    for name, function in of_others.items():
        wandb.util.add_import_hook(name, function)

    with installed_callbacks._imports_left_alone():
        wandb.util.add_import_hook("keras", registered_by("wandb.integration.keras.keras"))

    hook = wandb.util._import_hook
    assert (hook.on_import if hook else {}) == {name: [function] for name, function in of_others.items()}
    assert sys.meta_path == [hook, *finders] if others else sys.meta_path == finders


def test_what_the_program_had_wandb_register_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.setattr(wandb.util, "_import_hook", None)
    monkeypatch.setitem(sys.modules, "wandb.integration.keras", types.ModuleType("wandb.integration.keras"))
    check = registered_by("wandb.integration.keras.keras")
    wandb.util.add_import_hook("keras", check)
    with installed_callbacks._imports_left_alone():
        pass
    assert wandb.util._import_hook.on_import == {"keras": [check]}
