"""How the installed wandb is told from others, whichever it is."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wandb_keras_compat.testing.doors import installed_sdk


def takes_it(self: Any, name: str, enable_digest_deduplication: bool = False) -> None:
    """As versions that ask for it."""


def takes_it_not(self: Any, name: str) -> None:
    """As the others."""


@pytest.mark.parametrize(("create", "reuses"), [(takes_it, False), (takes_it_not, True), (None, True)])
def test_a_version_is_reused_where_wandb_does_not_ask_for_it(
    monkeypatch: pytest.MonkeyPatch, create: Any, reuses: bool
) -> None:
    there = ModuleType("wandb.sdk.internal.internal_api")
    vars(there)["Api"] = type("Api", (), {} if create is None else {"create_artifact": create})
    monkeypatch.setitem(sys.modules, there.__name__, there)
    assert installed_sdk.reuses_artifacts.__wrapped__() is reuses
    monkeypatch.setitem(sys.modules, there.__name__, None)
    assert installed_sdk.reuses_artifacts.__wrapped__() is True


def test_variables_are_put_back_that_the_program_took_away_meanwhile(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WANDB_CACHE_DIR", "before")
    monkeypatch.delenv("WANDB_DATA_DIR", raising=False)
    with installed_sdk.isolated_from_servers(tmp_path, lambda *_: []):
        assert Path(os.environ["WANDB_CACHE_DIR"]).is_relative_to(tmp_path)
        del os.environ["WANDB_CACHE_DIR"], os.environ["WANDB_DATA_DIR"]
    assert os.environ["WANDB_CACHE_DIR"] == "before" and "WANDB_DATA_DIR" not in os.environ
