"""Artifacts that are made at the same state of ``random`` are two to wandb, in every version of it."""

from __future__ import annotations

import random
import sys
from typing import Any

import pytest
import wandb

from wandb_keras_compat.sdk.artifact_ids import have_ids_of_their_own
from wandb_keras_compat.sdk.installed_callbacks import installed_callbacks


def made_at_the_same_state() -> list[Any]:
    made = []
    for name in ("first", "second"):
        random.seed(7)
        made.append(wandb.Artifact(name, type="dataset"))
    return made


def ids(artifact: Any) -> tuple[str, str]:
    return artifact._client_id, artifact._sequence_client_id


def of_wandb_0_23_1(length: int) -> str:
    return "".join(random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=length))


def test_of_the_installed_wandb() -> None:
    installed_callbacks()
    first, second = made_at_the_same_state()
    assert len({*ids(first), *ids(second)}) == 4


def test_of_one_whose_ids_follow_the_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules[wandb.Artifact.__module__]
    if not hasattr(module, "generate_fast_id"):
        pytest.skip(f"wandb {wandb.__version__} has the one way to draw an id that no seed decides")
    monkeypatch.setattr(module, "generate_fast_id", of_wandb_0_23_1)
    first, second = made_at_the_same_state()
    assert ids(first) == ids(second), "what is mended"
    installed_callbacks()
    first, second = made_at_the_same_state()
    assert len({*ids(first), *ids(second)}) == 4


def test_a_wandb_without_that_function_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules[wandb.Artifact.__module__]
    monkeypatch.setattr(module, "generate_fast_id", of_wandb_0_23_1, raising=False)
    monkeypatch.delattr(module, "generate_fast_id")
    before = dict(vars(module))
    have_ids_of_their_own()
    assert vars(module) == before


def test_looking_draws_nothing_from_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[wandb.Artifact.__module__], "generate_fast_id", of_wandb_0_23_1, raising=False)
    state = random.getstate()
    have_ids_of_their_own()
    assert random.getstate() == state
