"""Whole programs in ``check``: what each needs, how it is started, and what is held against it."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from wandb_keras_compat.parity.check import process, program_plays, programs
from wandb_keras_compat.parity.check.capabilities import CAPABILITIES
from wandb_keras_compat.parity.check.interpreter import Interpreter
from wandb_keras_compat.parity.check.judge import Verdict
from wandb_keras_compat.parity.check.options import PACKAGE
from wandb_keras_compat.parity.check.process import ProcessResult, TimeLimits
from wandb_keras_compat.parity.keras2 import play, table
from wandb_keras_compat.parity.keras2.record import golden
from wandb_keras_compat.parity.ledger import ledger
from wandb_keras_compat.testing.doors.recorder import Recorder

from .judged import ENDED, checked, environment, row, states

HOOK = [PACKAGE / programs.HOOK_PROGRAMS / f"{name}.py" for name in programs.OF_THE_HOOK]
VERSIONS = {"python": "3.12.1", "tensorflow": "2.19.1", "keras": "2.19.0", "wandb": "0.31.0", "numpy": "1.26.4"}


def test_the_programs_are_there() -> None:
    assert sorted(HOOK) == sorted((PACKAGE / programs.HOOK_PROGRAMS).glob("*.py"))
    assert (PACKAGE / programs.STARTED).is_file()
    assert set(programs.IN_KERAS_2_SPELLING) <= set(play.NAMES)


@pytest.mark.parametrize("script", HOOK, ids=lambda script: script.stem)
def test_each_program_of_the_hook_promises_something_and_names_its_project(script: pathlib.Path) -> None:
    """Its runs are found by the project, since several programs share a process."""
    assert program_plays.unkept(script, [])
    assert f'project="{script.stem}"' in script.read_text(encoding="utf-8")


# --- what is held against a run ------------------------------------------------------------------------------------------


def a_run(*, without: str = "") -> Any:
    import wandb

    with Recorder() as recorder:
        run = recorder.start_run()
        run.log({key: 1 for key in ("loss", "own/key") if key != without})
        if without != "model-<run>":
            artifact = wandb.Artifact(f"model-{run.id}", "model")
            run.log_artifact(artifact)
        run.finish()
        return recorder.snapshot().runs[-1]


@pytest.mark.parametrize("lost", ["", "loss", "own/key", "model-<run>"])
def test_what_a_program_promises_and_does_not_log_is_named(tmp_path: pathlib.Path, lost: str) -> None:
    script = tmp_path / "one.py"
    script.write_text('"""Does something.\n\nLogs: loss\nown/key\nArtifacts: model-<run>\n"""\n', encoding="utf-8")
    assert program_plays.unkept(script, [a_run(without=lost)]) == ([lost] if lost else [])


# --- several in one process ------------------------------------------------------------------------------------------------


def test_programs_share_a_process_and_each_ends_alone(tmp_path: pathlib.Path) -> None:
    texts = {
        "fine": "import sys, os\nassert __name__ == '__main__' and sys.argv == [__file__]\nopen('mine', 'w').close()",
        "raises": "import os\nassert not os.path.exists('mine')\nraise ValueError('boom')",
        "exits": "raise SystemExit('the weights are others')",
        "exits_well": "import sys\nsys.exit(0)",
        "last": "print('not JSON')",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, PACKAGE / programs.STARTED, *(f"{name}.py" for name in texts)],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [pathlib.Path(each["program"]).stem for each in found] == list(texts)
    ended = dict(zip(texts, (each["ended"] for each in found)))
    assert ended["raises"].splitlines()[-1] == "ValueError: boom"
    assert ended["exits"] == "SystemExit: the weights are others"
    assert [name for name, how in ended.items() if not how] == ["fine", "exits_well", "last"]


Says = Callable[[Sequence[str]], ProcessResult]


def interpreter(monkeypatch: pytest.MonkeyPatch, folder: pathlib.Path, says: Says) -> Interpreter:
    """Its processes are *says*, of what they are started with; they see a server."""

    def run(command: Sequence[str], variables: Mapping[str, str], *_: Any) -> ProcessResult:
        assert variables["WANDB_BASE_URL"].startswith("http://127.0.0.1")
        return says(command[1:])

    monkeypatch.setattr(process, "run", run)
    return Interpreter("python", {}, folder, TimeLimits(60, 60))


@pytest.mark.parametrize("ours", [True, False])
def test_ours_is_started_under_run_and_the_installed_wandb_plainly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, ours: bool
) -> None:
    started: list[Sequence[str]] = []

    def says(arguments: Sequence[str]) -> ProcessResult:
        started.append(arguments)
        lines = [json.dumps({"program": path, "ended": ""}) for path in arguments if "hook_programs" in path]
        return ProcessResult(0, "\n".join(lines), "")

    names = list(programs.OF_THE_HOOK)
    found = list(program_plays.played_hook(names, interpreter(monkeypatch, tmp_path, says), PACKAGE, ours=ours))
    ((*begin, _, _, _, _),) = started
    assert begin == [*(programs.RUN if ours else ()), str(PACKAGE / programs.STARTED)]
    # It ran to its end and logged nothing: that is no success.
    assert found[0].how == "no epoch, loss, val_loss in its run"
    assert all(verdict.state == "fails" for verdict in found)


def test_a_program_at_which_the_process_dies_costs_the_others_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    starts = 0

    def says(arguments: Sequence[str]) -> ProcessResult:
        nonlocal starts
        starts += 1
        if starts == 1:
            return ProcessResult(-11, "", "Fatal Python error: Segmentation fault")
        ended = "Traceback\nValueError: boom\n"
        return ProcessResult(0, json.dumps({"program": arguments[-1], "ended": ended}), "")

    place = interpreter(monkeypatch, tmp_path, says)
    found = list(program_plays.played_hook(["from_wandb_keras", "attribute_of_wandb"], place, PACKAGE, ours=True))
    assert ["-11" in found[0].how, found[1].how] == [True, "ValueError: boom"]


@pytest.mark.parametrize(
    ("name", "keras", "backend", "there"),
    [
        ("from_wandb_keras", "3.15.1", "tensorflow", True),
        ("from_wandb_keras", "3.15.1", "jax", False),
        ("all_callbacks", "3.15.1", "jax", True),
        ("all_callbacks", "3.3.3", "tensorflow", True),
        ("all_callbacks", "2.15.0", "tensorflow", False),
    ],
)
def test_a_program_is_left_out_only_where_it_cannot_run(name: str, keras: str, backend: str, there: bool) -> None:
    assert programs.not_here(name, {"keras": keras}, backend, {}) == "" or not there
    assert bool(programs.not_here(name, {"keras": keras}, backend, {})) is not there


@pytest.mark.parametrize(("distribution", "there"), [("tf-keras", True), ("tf_keras", True), ("keras", False)])
def test_the_spelling_of_keras_2_needs_tf_keras(distribution: str, there: bool) -> None:
    for name in programs.IN_KERAS_2_SPELLING:
        assert bool(programs.not_here(name, {}, "tensorflow", {distribution: "2.19.0"})) is not there


# --- those that the real class was recorded with ---------------------------------------------------------------------------


Change = Callable[[dict[str, Any]], object]


class Played:
    """Stands for the interpreter and the server: what was started, and the golden, changed, as its trace."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: pathlib.Path) -> None:
        self.started: list[Sequence[str]] = []
        self.change: Change = lambda trace: None
        self.ended = ProcessResult(0, "", "")
        self._interpreter = interpreter(monkeypatch, folder, self._says)
        monkeypatch.setattr(program_plays, "trace_of", self._trace)

    def _says(self, arguments: Sequence[str]) -> ProcessResult:
        self.started.append(arguments)
        return self.ended

    def _trace(self, *arguments: Any, **more: Any) -> dict[str, Any]:
        found = golden(pathlib.Path(self.started[-1][-1]).stem)
        self.change(found)
        return found

    def verdicts(self, *, ours: bool = True) -> list[Any]:
        names = programs.IN_KERAS_2_SPELLING
        return list(
            program_plays.played_in_keras_2_spelling(names, self._interpreter, PACKAGE, VERSIONS, ledger(), ours=ours)
        )


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> Played:
    return Played(monkeypatch, tmp_path)


@pytest.mark.parametrize("ours", [True, False])
def test_ours_is_started_under_the_option(played: Played, ours: bool) -> None:
    assert {verdict.state for verdict in played.verdicts(ours=ours)} == {"works"}
    under = [*programs.RUN, "--keras", "tf_keras"] if ours else []
    assert [list(start[:-1]) for start in played.started] == [under] * len(programs.IN_KERAS_2_SPELLING)
    assert all(pathlib.Path(start[-1]).is_file() for start in played.started)


def wrong_loss(trace: dict[str, Any]) -> None:
    trace["runs"][0]["history"][0]["loss"] = 99.0


def a_row_less(trace: dict[str, Any]) -> None:
    del trace["runs"][0]["history"][-1]


def no_run(trace: dict[str, Any]) -> None:
    trace["runs"].clear()


@pytest.mark.parametrize("change", [wrong_loss, a_row_less, no_run])
def test_what_is_logged_otherwise_than_by_the_real_class_fails(played: Played, change: Change) -> None:
    played.change = change
    for verdict in played.verdicts():
        assert verdict.state == "fails" and verdict.differences[0]["path"].startswith("runs")


def test_a_program_that_ends_fails_with_its_last_line(played: Played) -> None:
    error = "Traceback\n  File \"x\"\nModuleNotFoundError: No module named 'keras.layers.core'\n"
    played.ended = ProcessResult(1, "", error)
    (first, *_) = played.verdicts()
    assert first.how == "ModuleNotFoundError: No module named 'keras.layers.core'" and first.traceback == error


def test_one_that_hangs_is_not_judged(played: Played) -> None:
    played.ended = ProcessResult(-9, "", "", "nothing happened for 300 s")
    assert all(verdict.hung and "nothing happened" in verdict.how for verdict in played.verdicts())


def test_the_programs_are_plain_and_no_ledger_entry_is_about_one_of_them() -> None:
    """A later entry is applied by a program's name (:func:`.judge.judge_again`), not by the ids it is known for."""
    for name in programs.IN_KERAS_2_SPELLING:
        assert (play.PROGRAMS / f"{name}.py").exists() and not table.KINDS[name].known
        assert "saved" not in (play.PROGRAMS / f"{name}.py").read_text(encoding="utf-8")


# --- in the table of check ----------------------------------------------------------------------------------------------------


def test_programs_are_judged_after_the_scenarios_and_left_out_where_they_cannot_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def play_nothing(folder: pathlib.Path, names: Sequence[str]) -> ProcessResult:
        assert not names, "what programs need is asked of a process that plays nothing"
        environment(folder)
        return ENDED

    wanted = [*CAPABILITIES["hook"].programs, *CAPABILITIES["keras_2_spelling"].programs]
    with monkeypatch.context() as patched:
        patched.setattr(program_plays, "played_hook", lambda names, *_, **__: [process_verdict(name) for name in names])
        report = checked(patched, play_nothing, *wanted)
    assert states(report) == {"hook": "fails", "keras_2_spelling": "absent"} and report.exit_code == 1
    hook = row(report, "hook")
    assert (hook.judged, hook.of) == (3, 3)  # Keras 2 is installed: one is written for Keras 3
    assert [finding.scenario for finding in hook.findings] == ["attribute_of_wandb"]
    assert "are started with tf-keras" in "\n".join(report.lines())


def process_verdict(name: str) -> Verdict:
    return Verdict(name, how="no loss in its run" if name == "attribute_of_wandb" else "")
