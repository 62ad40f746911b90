"""What the process that plays does when it has played."""

from __future__ import annotations

import pathlib
import sys

import pytest

from wandb_keras_compat.parity import play
from wandb_keras_compat.parity.check import player
from wandb_keras_compat.parity.check.player import AFTERWARDS, Environment

PROGRAM = """
import json, sys

def main(words):
    print("afterwards", json.dumps(words), sys.path[-1])
"""


@pytest.fixture
def place(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A folder with a program in it that no process has on its path."""
    (tmp_path / "place" / "another_program").mkdir(parents=True)
    (tmp_path / "place" / "another_program" / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(play, "main", lambda which, folder, *names: print("played", *names))
    return tmp_path / "place"


def test_it_is_another_program_with_its_words_and_finds_that_last(
    place: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(player, "found", lambda which, names: Environment())
    monkeypatch.delitem(sys.modules, "another_program", raising=False)
    words = (AFTERWARDS, str(place), "another_program", "best", "--examples", "6")
    assert player.main("shim", str(tmp_path), "weights", "flops", *words) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == ["ready", "played weights flops", f'afterwards ["best", "--examples", "6"] {place}']
    assert player.main("shim", str(tmp_path), "weights") == 0
    assert capsys.readouterr().out.splitlines() == ["ready", "played weights"]


def test_where_nothing_can_be_played_nothing_is_done_afterwards(
    place: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(player, "found", lambda which, names: Environment(cannot_import="wandb"))
    assert player.main("shim", str(tmp_path), "weights", AFTERWARDS, str(place), "another_program") == 0
    assert capsys.readouterr().out == ""
