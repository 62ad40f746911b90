"""Whole programs in Keras 2 spelling, unmodified under ``run --keras tf_keras``, log what the real class logged.

The real class speaks through goldens that ``python -m wandb_keras_compat.parity.keras2.record`` makes in the oracle environment.
What came of all programs on each TensorFlow is in ``docs/keras2-programs.md``.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib import metadata, util
from pathlib import Path
from typing import Any

import pytest

from wandb_keras_compat.parity.keras2 import play, twin
from wandb_keras_compat.parity.keras2.judge import against_golden
from wandb_keras_compat.parity.keras2.record import GOLDENS, golden
from wandb_keras_compat.parity.keras2.table import KINDS
from wandb_keras_compat.parity.ledger import told

from . import render_keras2_programs

pytest.importorskip("tensorflow")


def has_tf_keras() -> bool:
    """Whether tf-keras is there and of TensorFlow's own minor version."""
    if util.find_spec("tf_keras") is None:
        return False
    versions = [play.version_of("tensorflow"), metadata.version("tf-keras")]
    return len({str(version).rsplit(".", 1)[0] for version in versions}) == 1


with_tf_keras = pytest.mark.skipif(not has_tf_keras(), reason="no tf-keras of this TensorFlow's version is installed")

#: A notebook and a program that starts others; the rest with the whole.
SELECTION = ("flowers", "folds_in_processes")
#: Played under the command itself, below.
RECORDED = "shapes_cnn"


def reason(name: str) -> str:
    """Why a program does not log the same with this TensorFlow, or the newest looked at; empty where it does."""
    found = [each for each in render_keras2_programs.results() if each["how"] == "option"]
    own = [each for each in found if each["made_with"]["tensorflow"] == play.version_of("tensorflow")]
    return str((own or found)[-1]["programs"][name].get("why", ""))


@with_tf_keras
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "name", [*SELECTION, *(pytest.param(each, marks=pytest.mark.whole) for each in play.NAMES if each not in SELECTION)]
)
def test_a_program_logs_what_the_real_class_logged(name: str) -> None:
    trace, code, output = play.play(name, "option")
    if reason(name):
        assert code or against_golden(name, trace), "it is the same now: judge again, and render the page"
        return
    assert code == 0, output[-4000:]
    same(name, trace)


@with_tf_keras
@pytest.mark.timeout(600)
def test_a_program_is_recorded_by_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = play.copy_to(RECORDED, tmp_path)
    target = tmp_path / "trace.json"
    command = [sys.executable, *play.started(script, "option")]
    recorded = [sys.executable, "-m", "wandb_keras_compat", "trace", "record", "-o", str(target), "--", *command]
    environment = play.own_environment(script)
    done = subprocess.run(
        recorded, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, done.stdout[-4000:]
    trace = json.loads(target.read_text(encoding="utf-8"))
    trace["blind"] += play.BLIND
    same(RECORDED, play.told(trace, "option"))


def same(name: str, trace: dict[str, Any]) -> None:
    assert trace["runs"] and all(run["history"] for run in trace["runs"])
    found = against_golden(name, trace)
    assert not found, told(found)


def test_every_program_is_told_and_recorded_with_the_real_class() -> None:
    assert set(KINDS) == set(play.NAMES) == {path.stem for path in GOLDENS.glob("*.json")}
    assert not list(GOLDENS.glob("*.ended.txt"))
    assert {golden(name)["made_with"]["tensorflow"] for name in play.NAMES} == {"2.12.1"}
    assert {golden(name)["made_with"]["wandb"] for name in play.NAMES} == {"0.16.6"}


def test_the_page_is_that_of_the_results() -> None:
    assert render_keras2_programs.PAGE.read_text(encoding="utf-8") == render_keras2_programs.render()


def test_each_replacement_is_needed_and_changes_nothing_but_names() -> None:
    needed: set[twin.Replacement] = set()
    for path in play.PROGRAMS.glob("*.*"):
        source = path.read_text(encoding="utf-8")
        spelled, used = twin.twin(source)
        needed |= set(used)
        assert len(spelled.splitlines()) == len(source.splitlines())
        if path.suffix == ".py":
            ast.parse(spelled)
            assert "wandb_keras_compat" not in source
    assert needed == set(twin.REPLACEMENTS)


#: What wandb 0.16.6 printed when a picture's inode had become that of the model's file.
WATCHER = """Exception in thread Thread-12:
  File "wandb_watchdog/events.py", line 454, in dispatch
    _method_map[event_type](event)
  File "wandb/filesync/dir_watcher.py", line 305, in _on_file_moved
    del self._file_event_handlers[old_save_name]
        ~~~~~~~~~~~~~~~~~~~~~~~~~^^^^^^^^^^^^^^^
KeyError: 'media/images/examples_0_990d93023c77bba542ce.png'
"""


def test_a_play_without_wandb_s_watcher_of_files_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    plays = iter([({"runs": ["no model"]}, 0, WATCHER), ({"runs": ["all of it"]}, 0, "Epoch 1/1")])
    monkeypatch.setattr(play, "_play", lambda *_: next(plays))
    assert play.play("any", "twin")[0] == {"runs": ["all of it"]}

    monkeypatch.setattr(play, "_play", lambda *_: ({}, 0, WATCHER))
    with pytest.raises(RuntimeError, match="any: in 5 plays out of 5 wandb's watcher of files ended early"):
        play.play("any", "twin")


@pytest.mark.parametrize("output", ["KeyError: 'media/x.png'", "in _on_file_moved", "KeyError: 'val_loss'", ""])
def test_any_other_end_is_a_play(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plays = iter([({}, 1, output)])
    monkeypatch.setattr(play, "_play", lambda *_: next(plays))
    assert play.play("any", "twin") == ({}, 1, output)
