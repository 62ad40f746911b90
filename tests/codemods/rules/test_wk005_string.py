"""WK005: import paths in strings."""

from __future__ import annotations

import pytest

from ..tools import check_noop, check_transformed, reasons

FORMS = {
    "import_module": (
        'import importlib\nc = getattr(importlib.import_module("wandb.keras"), "WandbCallback")\n',
        'import importlib\nc = getattr(importlib.import_module("wandb_keras_compat"), "WandbCallback")\n',
    ),
    "import_module by name": (
        "from importlib import import_module as load\nk = load('wandb.keras')\n",
        "from importlib import import_module as load\nk = load('wandb_keras_compat')\n",
    ),
    "__import__": ("k = __import__('wandb.keras')\n", "k = __import__('wandb_keras_compat')\n"),
    "mock.patch": (
        'from unittest import mock\n@mock.patch("wandb.keras.WandbCallback")\ndef test(_): ...\n',
        'from unittest import mock\n@mock.patch("wandb_keras_compat.WandbCallback")\ndef test(_): ...\n',
    ),
    "patch of a method, raw string": (
        'from unittest.mock import patch\nwith patch(r"wandb.keras.WandbCallback.on_epoch_end"): ...\n',
        'from unittest.mock import patch\nwith patch(r"wandb_keras_compat.WandbCallback.on_epoch_end"): ...\n',
    ),
    "fixtures": (
        'def test(mocker, monkeypatch):\n    mocker.patch("wandb.keras.WandbMetricsLogger")\n'
        '    monkeypatch.setattr("wandb.keras.WandbCallback", None)\n',
        'def test(mocker, monkeypatch):\n    mocker.patch("wandb_keras_compat.WandbMetricsLogger")\n'
        '    monkeypatch.setattr("wandb_keras_compat.WandbCallback", None)\n',
    ),
    "hydra": (
        'a = {"_target_": "wandb.keras.WandbCallback"}\nb = dict(_target_="wandb.integration.keras.WandbCallback")\n',
        'a = {"_target_": "wandb_keras_compat.WandbCallback"}\nb = dict(_target_="wandb_keras_compat.WandbCallback")\n',
    ),
}


@pytest.mark.parametrize(("before", "after"), FORMS.values(), ids=FORMS)
def test_form(before: str, after: str) -> None:
    """A string that is an import path by where it stands moves."""
    check_transformed(before, after)


@pytest.mark.parametrize(
    ("imports", "function"),
    [
        *(("from unittest import mock", f"mock.patch{suffix}") for suffix in ("", ".multiple", ".dict")),
        *(("import mock", f"mock.patch{suffix}") for suffix in ("", ".multiple", ".dict")),
        *(("", f"mocker.patch{suffix}") for suffix in ("", ".multiple", ".dict")),
        *(("", f"monkeypatch.{method}") for method in ("setattr", "delattr")),
        *(("import importlib", f"importlib.{name}") for name in ("import_module", "__import__")),
    ],
)
def test_a_function_that_takes_a_path_gets_the_new_one(imports: str, function: str) -> None:
    """What it is told beside the path is its own."""
    before = f'{imports}\n{function}("wandb.keras.WandbCallback", "wandb.keras")\n'
    check_transformed(before, before.replace("wandb.keras.WandbCallback", "wandb_keras_compat.WandbCallback"))


@pytest.mark.parametrize(
    "text",
    [
        'from os.path import join\nx = WandbModelCheckpoint(join(d, "wandb.keras"))\n',
        'open("wandb.keras")\n',
        'from os.path import exists\nexists("wandb.keras")\n',
        'files = {"model": "wandb.keras", "wandb.keras": "model"}\n',
        'import_module("wandb.keras")\n',
        'class Loader:\n    def import_module(self): ...\nLoader().import_module("wandb.keras")\n',
        'import importlib\nimportlib.import_module("wandb.keras_x")\n',
        'import importlib\nimportlib.import_module("x", "wandb.keras")\n',
        'x = "WandbCallback" in target  # wandb.keras\n',
        'import importlib\nimportlib.import_module(f"wandb.{name}")  # keras WandbCallback\n',
        'import importlib\nimportlib.import_module("wandb." "keras")  # wandb.keras\n',
    ],
)
def test_other_strings_stay(text: str) -> None:
    """``wandb.keras`` is a file name in real code."""
    check_noop(text)


def test_a_string_annotation_is_reported() -> None:
    """It is neither rewritten nor passed over."""
    assert "string annotation" in reasons(check_noop('x: "wandb.keras.WandbCallback"\n'))
