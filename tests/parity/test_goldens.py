"""A golden that was edited by hand is noticed when the real class is recorded again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wandb_keras_compat.parity.record_goldens import GOLDENS, differences
from wandb_keras_compat.testing.trace.normalize import dumps

NAME = "gradients_batch_norm"


def scaled(trace: dict[str, Any], by: float) -> None:
    row = trace["runs"][0]["history"][0]
    row["loss"] *= by


def without_a_row(trace: dict[str, Any]) -> None:
    trace["runs"][0]["history"].pop()


def another_name(trace: dict[str, Any]) -> None:
    trace["runs"][0]["name"] = "another"


def another_edge(trace: dict[str, Any]) -> None:
    trace["runs"][0]["history"][0]["gradients/bn/beta.gradient"]["bins"][3] *= 1.01


def made_elsewhere(trace: dict[str, Any]) -> None:
    trace["made_with"]["numpy"] = "1.0"


def recorded_again(folder: Path, edit: Callable[[dict[str, Any]], None]) -> list[str]:
    trace = json.loads((GOLDENS / f"{NAME}.json").read_text(encoding="utf-8"))
    edit(trace)
    fresh = folder / f"{NAME}.json"
    fresh.write_text(dumps(trace), encoding="utf-8")
    return differences(fresh, GOLDENS / fresh.name)


@pytest.mark.parametrize(
    "edit", [lambda trace: scaled(trace, 1.001), without_a_row, another_name, another_edge, made_elsewhere]
)
def test_an_edit_is_noticed(tmp_path: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    assert recorded_again(tmp_path, edit)


def test_the_last_digits_of_another_processor_are_not(tmp_path: Path) -> None:
    assert not recorded_again(tmp_path, lambda trace: scaled(trace, 1 + 5e-5))


def test_another_end_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "images_none_wanted.ended.txt").write_text("ValueError: another end\n", encoding="utf-8")
    assert differences(tmp_path / "images_none_wanted.ended.txt", GOLDENS / "images_none_wanted.ended.txt")
