"""The function that wandb's modules keep from an import under the hook hands on to wandb's own once the hook is gone."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from wandb_keras_compat.data import kinds
from wandb_keras_compat.hook import helpers, names


@pytest.mark.parametrize(("installed", "calls"), [(True, 0), (False, 1)])
def test_wandbs_own_patch_is_made_only_without_the_hook(
    monkeypatch: pytest.MonkeyPatch, installed: bool, calls: int
) -> None:
    asked: list[Any] = []
    legacy = ModuleType(names.LEGACY)
    vars(legacy)["patch_tf_keras"] = lambda: asked.append(1)
    monkeypatch.setitem(sys.modules, names.LEGACY, legacy)
    monkeypatch.setattr(helpers, "installed", lambda: installed)
    helpers.patch_tf_keras()
    assert len(asked) == calls


def test_where_wandb_has_none_or_ours_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helpers, "installed", lambda: False)
    monkeypatch.delitem(sys.modules, names.LEGACY, raising=False)
    helpers.patch_tf_keras()
    legacy = ModuleType(names.LEGACY)
    monkeypatch.setitem(sys.modules, names.LEGACY, legacy)
    helpers.patch_tf_keras()
    vars(legacy)["patch_tf_keras"] = helpers.patch_tf_keras
    helpers.patch_tf_keras()  # and does not call itself for ever


def test_the_functions_that_programs_import_are_there() -> None:
    assert set(helpers.__all__) == {"is_dataset", "is_generator_like", "patch_tf_keras"}
    assert (helpers.is_dataset, helpers.is_generator_like) == (kinds.is_dataset, kinds.is_generator_like)
