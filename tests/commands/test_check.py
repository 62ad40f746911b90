"""``check`` as a command: what it prints, writes and exits with. What it finds, tests/parity/check judges."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.parity.check.judged import goldens
from tests.parity.check.test_run import wrong_val_loss
from wandb_keras_compat.cli import main
from wandb_keras_compat.parity.check import process, program_plays
from wandb_keras_compat.parity.check.capabilities import CAPABILITIES, OF_THE_CLASS
from wandb_keras_compat.parity.check.judge import Verdict
from wandb_keras_compat.testing.child_environment import inherited_environment

Check = Callable[..., Result]


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Check:
    """``check(*arguments, change=...)``: the command, with what the real class left, changed, for what is played."""

    def call(*arguments: str, change: Callable[[dict[str, Any]], Any] = lambda trace: None) -> Result:
        def run(command: list[str], *_: Any) -> process.ProcessResult:
            at = command.index("wandb_keras_compat.parity.check.player") + 2
            return goldens(change)(pathlib.Path(command[at]), command[at + 1 :])

        monkeypatch.setattr(process, "run", run)
        for kind in ("played_hook", "played_in_keras_2_spelling"):
            monkeypatch.setattr(program_plays, kind, lambda names, *_, **__: map(Verdict, names))
        return CliRunner().invoke(main, ["check", *arguments])

    return call


def test_a_table_of_every_capability(check: Check) -> None:
    result = check()
    assert result.exit_code == 0
    rows = dict(
        line.split()[:2] for line in result.output.splitlines() if line.split()[0:1] and not line.startswith(" ")
    )
    assert rows | {"keras_2_spelling": "not"} == rows | dict.fromkeys(OF_THE_CLASS, "works,")
    assert {rows[name] for name in ("metrics_logger", "model_checkpoint", "eval_callback", "hook")} == {"works,"}
    assert "TensorFlow 2.12.1" in result.output


def test_a_failure(check: Check, tmp_path: pathlib.Path) -> None:
    result = check("--only", "metrics", "--json", str(tmp_path / "c.json"), change=wrong_val_loss)
    assert result.exit_code == 1 and "val_loss" in result.output
    found = json.loads((tmp_path / "c.json").read_text())
    assert [item["state"] for item in found["capabilities"]] == ["fails"] and found["exit_code"] == 1


def test_explain(check: Check) -> None:
    def unsaved(trace: dict[str, Any]) -> None:
        trace["runs"][0]["telemetry"].remove("feature.save")

    plain, explained = (check("--only", "save_model", *more, change=unsaved).output for more in ([], ["--explain"]))
    assert "calls wandb.save" not in plain and "calls wandb.save" in explained


@pytest.mark.parametrize("content", [None, "- {id: 3", "- {id: 3}", "\x00"])
def test_a_ledger_that_does_not_parse_is_a_sentence_and_the_table_is_there(
    check: Check, tmp_path: pathlib.Path, content: str | None
) -> None:
    path = tmp_path / "own.yaml"
    if content is not None:
        path.write_text(content)
    result = check("--only", "best", "--ledger", str(path))
    assert result.exit_code == 2
    assert "best  works, 3 of 3 scenarios" in result.output and "own.yaml" in result.output


def test_a_ledger_of_ones_own(check: Check, tmp_path: pathlib.Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "- {id: MY-1, feature: metrics, where: ['runs[*].history[*].val_loss'], kind: upstream, legacy: a,"
        " shim: b, why: c, witness: t}\n"
    )
    result = check("--only", "metrics_alone", "--ledger", str(own), change=wrong_val_loss)
    assert result.exit_code == 0 and "works with known differences (MY-1)" in result.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--only", "gradient"], "Did you mean gradients"),
        (["--only", "zzz"], "Capabilities: metrics, best"),
        (["--against", "legacy"], "--against"),
        (["--timeout", "-1"], "--timeout"),
        (["--python", "3.11"], "--tensorflow"),
        (["--tensorflow", "2.21.0"], "--wandb"),
        (["train.py"], "PROGRAM"),
        (["--tensorflow", "x", "--wandb", "0.31.0"], "--tensorflow x"),
    ],
)
def test_what_cannot_be_meant_is_refused(check: Check, arguments: list[str], says: str) -> None:
    result = check(*arguments)
    assert result.exit_code == 2 and says in result.output


def test_a_file_that_cannot_be_written_is_told_before_anything_is_played(
    check: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    played: list[Any] = []
    monkeypatch.setattr("wandb_keras_compat.parity.check.run.check", lambda *given: played.append(given))
    result = check("--json", str(tmp_path / "no" / "c.json"))
    assert result.exit_code == 2 and played == []


@pytest.mark.parametrize("library", ["jsonschema", "ruamel"])
def test_what_is_missing_is_named_with_the_command(library: str) -> None:
    program = f"import sys; sys.modules[{library!r}] = None; from wandb_keras_compat.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "check"], env=inherited_environment(), capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "pip install 'wandb-keras-compat[testing]'" in done.stderr and library in done.stderr


@pytest.mark.parametrize("module", ["wandb", "tensorflow"])
def test_what_cannot_be_imported_is_told_and_every_row_is_there(
    module: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that plays is a real one here."""
    (tmp_path / f"{module}.py").write_text("raise ImportError('libcuda.so.1: cannot open shared object file')")
    if module == "tensorflow":
        (tmp_path / "wandb.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    result = CliRunner().invoke(main, ["check"])
    assert result.exit_code == 2
    assert f"{module} cannot be imported" in result.output and "libcuda.so.1" in result.output
    assert result.output.count("NOT JUDGED") == len(CAPABILITIES)


def test_a_scenario_that_takes_too_long_is_told(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that plays is a real one here: one that never comes to play."""
    (tmp_path / "wandb.py").write_text("import signal; signal.pause()")
    monkeypatch.syspath_prepend(str(tmp_path))
    result = CliRunner().invoke(main, ["check", "--only", "flops", "--timeout", "0.5"])
    assert result.exit_code == 2 and "came to nothing: nothing happened for" in result.output


def test_the_progress_of_a_run_is_on_standard_error(check: Check) -> None:
    result = check("--only", "best")
    assert "check: 0 of 3 played" in result.stderr and "check:" not in result.stdout
