"""The command, as people and CI call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result
from wandb_keras_codemods import cli
from wandb_keras_codemods.cli import migrate
from wandb_keras_codemods.engine.json_report import schema
from wandb_keras_codemods.rules import RULES

from .tools import tree

OLD = "from wandb.keras import WandbCallback\n"
NEW = "from wandb_keras_compat import WandbCallback\n"


def call(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(migrate, [*arguments], input=stdin, catch_exceptions=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.py").write_text(OLD)
    (tmp_path / "b.py").write_text("from wandb import keras\nkeras.models\n")
    (tmp_path / "c.py").write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_default_shows_a_diff_and_writes_nothing(project: Path) -> None:
    """Diff on standard output, the rest on standard error."""
    before = tree(project)
    result = call(".")
    assert result.exit_code == 1
    assert result.stdout == f"--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-{OLD}+{NEW}"
    assert "b.py:1: left: WK003" in result.stderr
    assert "3 files seen, 1 would change, 1 place in 1 file left for you" in result.stderr
    assert tree(project) == before


def test_the_diff_applies(project: Path) -> None:
    """It is one that git takes, a missing final newline included."""
    (project / "d.py").write_text("import wandb\nx = wandb.keras.WandbCallback")
    diff = call(".").stdout
    subprocess.run(["git", "apply", "-"], input=diff, text=True, check=True, cwd=project)
    assert call("--check", ".").exit_code == 0
    assert (
        project / "d.py"
    ).read_text() == "import wandb\nfrom wandb_keras_compat import WandbCallback\nx = WandbCallback"


def test_colours_on_request(project: Path) -> None:
    """Added lines are green."""
    assert f"\x1b[32m+{NEW.rstrip()}" in call("--color", "--diff", ".").stdout
    assert "\x1b[" not in call("--no-color", ".").stdout


@pytest.mark.parametrize(
    ("variables", "arguments", "coloured"),
    [
        ({}, [], False),  # no terminal
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, [], True),  # no-color.org: when present and not an empty string
        ({"NO_COLOR": "1"}, ["--color"], True),  # what the command says goes over what the environment says
        ({"FORCE_COLOR": "1"}, ["--no-color"], False),
    ],
)
def test_no_color_is_honoured(
    variables: dict[str, str], arguments: list[str], coloured: bool, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without colours there is no escape sequence, on neither output; bold is one, too."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    result = call(*arguments, ".")
    assert ("\x1b[" in result.stdout) == coloured
    assert ("\x1b[" in result.stderr) == coloured


def test_check_and_write(project: Path) -> None:
    """1 while there is something to do, then 0."""
    assert call("--check", ".").exit_code == 1
    assert (project / "a.py").read_text() == OLD
    result = call("--write", ".")
    assert (result.exit_code, result.stdout) == (1, "rewrote a.py\n")
    assert (project / "a.py").read_text() == NEW
    assert call("--check", ".").exit_code == 0
    assert call("--write", ".").exit_code == 0


@pytest.mark.parametrize("name", ["[b]bold.py", "[red]a[red].py", f"{'long' * 50}.py", "a name.py"])
def test_a_file_is_named_as_it_is(name: str, project: Path) -> None:
    """On one line, for what reads the output."""
    (project / name).write_text(OLD)
    assert call("--check", name).stdout == f"would rewrite {name}\n"
    assert call("--write", name).stdout == f"rewrote {name}\n"
    assert f"[b]{name}/r.json: the report cannot be written" in call("--report", f"[b]{name}/r.json", ".").stderr


def test_an_interrupt_says_what_the_files_are(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "run", interrupted)
    result = call("--write", ".")
    assert result.exit_code == 130
    assert "every file is either as it was or completely migrated" in " ".join(result.stderr.split())


def test_exit_zero(project: Path) -> None:
    """For those who only want errors to fail; errors still do."""
    assert call("--exit-zero", ".").exit_code == 0
    assert call("--exit-zero", ".", "nowhere").exit_code == 2


def test_the_report_follows_its_schema(project: Path) -> None:
    """One record per place, with and without changes, errors included."""
    (project / "sweep.yaml").write_text("method: grid\nmetric: {name: val_loss}\n")
    (project / "t.py").write_text(
        "from wandb.keras import WandbCallback as W\nm.fit(x, callbacks=[W(save_model=False)])\n"
    )
    for target, *keys in (("compat",), ("callbacks", "--keys", "both"), ("callbacks",)):
        call("--to", target, *keys, "--report", "r.json", ".", "nowhere.py")
        report = json.loads(Path("r.json").read_text())
        assert report["keys"] == (None if target == "compat" else keys[1] if keys else "new")
        jsonschema.Draft202012Validator.check_schema(schema())
        jsonschema.validate(report, schema())
        assert report["exit_code"] == 2
        assert report["files"]["changed"][0] == "a.py"
        actions = {(record["file"], record["action"]) for record in report["records"]}
        assert {("a.py", "changed"), ("b.py", "left"), ("nowhere.py", "error")} <= actions
    assert {"old": "val_loss", "new": "epoch/val_loss"} in [m for r in report["records"] for m in r["moved"]]
    assert json.loads(call("--report-schema").stdout) == schema()


def test_keys_are_chosen_with_the_callbacks(project: Path) -> None:
    """They are in the result, of standard input too; with imports only there is nothing to choose."""
    (project / "a.py").write_text(OLD + "m.fit(callbacks=[WandbCallback(save_model=False)])\n")
    text = (project / "a.py").read_text()
    for keys in ("both", "legacy"):
        given = ("--to", "callbacks", "--keys", keys)
        assert f'WandbMetricsLogger(keys="{keys}")' in call(*given, "a.py").stdout
        assert f'WandbMetricsLogger(keys="{keys}")' in call(*given, "-", stdin=text).stdout
    assert call("--to", "callbacks", "--keys", "new", "a.py").stdout == call("--to", "callbacks", "a.py").stdout
    wrong = call("--keys", "both", "a.py")
    assert wrong.exit_code == 2
    assert "--to callbacks" in wrong.stderr


def test_standard_input() -> None:
    """The result on standard output, changed or not; a diff if asked; notebooks by their name."""
    assert (call("-", stdin=OLD).stdout, call("-", stdin=OLD).exit_code) == (NEW, 1)
    assert (call("-", stdin="x = 1").stdout, call("-", stdin="x = 1").exit_code) == ("x = 1", 0)
    assert call("-", "--diff", stdin=OLD).stdout.endswith(f"-{OLD}+{NEW}")
    assert call("-", "--check", stdin=OLD).stdout == ""
    broken = call("-", stdin="x = = 1\n" + OLD)
    assert (broken.stdout, broken.exit_code) == ("x = = 1\n" + OLD, 2)
    notebook = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": [OLD]}]})
    assert call("-", "--stdin-filename", "n.ipynb", stdin=notebook).stdout == notebook.replace(
        "wandb.keras", "wandb_keras_compat"
    )
    assert call("-", "--stdin-filename", "script", stdin=OLD).stdout == NEW
    both = call("-", "a.py", stdin="")
    assert both.exit_code == 2
    assert "cannot be combined with other paths" in both.stderr


def test_a_reason_names_standard_input_as_it_is_called() -> None:
    """As it would a file."""
    text = (
        OLD + "import wandb\nm.fit(callbacks=[WandbCallback(save_model=False)])\nprint(wandb.run.summary['val_loss'])\n"
    )
    assert " stdin.py:4 reads " in call("--to", "callbacks", "-", stdin=text).stderr
    named = call("--to", "callbacks", "-", "--stdin-filename", "t.py", stdin=text).stderr
    assert " t.py:4 reads " in named
    assert "t.py:3: left: " in named


def test_rules_can_be_chosen(project: Path) -> None:
    """By id or name; unknown ones are refused."""
    assert call("--skip", "WK001", "--check", ".").exit_code == 0
    assert call("--only", "attribute,WK003", "--check", ".").exit_code == 0
    assert call("--only", "from-import", "--check", ".").exit_code == 1
    wrong = call("--only", "WK999", ".")
    assert wrong.exit_code == 2
    assert "there is no rule 'WK999'" in wrong.stderr


def test_rules_are_listed_and_explained() -> None:
    """Ids in order; each rule's documentation is its module's."""
    lines = call("--list-rules").stdout.splitlines()
    assert [line.split()[0] for line in lines] == sorted(rule.id for rule in RULES)
    for rule in RULES:
        assert rule.doc.strip() in call("--explain", rule.id).stdout


def test_help_is_worth_reading() -> None:
    """Exit codes and the ignore comments are in it."""
    text = call("--help").stdout
    for words in ("Exit codes", "ignore-file", "--to", "--keys", "standard input"):
        assert words in text


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_processes_change_nothing_but_the_time(jobs: str, project: Path) -> None:
    """The same diff, in the same order."""
    for index in range(20):
        (project / f"n{index}.py").write_text(OLD + "x = 1\n" * index)
    assert call("--jobs", jobs, ".").stdout == call("--jobs", "1", ".").stdout


def test_dependencies_are_mentioned_only_where_the_package_is_needed(project: Path) -> None:
    """A project without a hit hears nothing about its requirements."""
    (project / "requirements.txt").write_text("wandb<0.17\n")
    assert "requirements.txt:1: note: WK007" in call(".").stderr
    (project / "a.py").write_text(NEW)
    assert "WK007" not in call(".").stderr


def test_a_report_that_cannot_be_written(project: Path) -> None:
    """One line, exit code 2."""
    result = call("--report", "nowhere/r.json", ".")
    assert result.exit_code == 2
    assert "the report cannot be written" in result.stderr


def test_as_a_module_without_wandb_or_tensorflow(project: Path) -> None:
    """Neither is imported, installed or not; nothing of the shim is either."""
    script = (
        "import sys, runpy\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in {'wandb', 'tensorflow', 'keras', 'wandb_keras_compat'}:\n"
        "            raise AssertionError(name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
        "sys.argv = ['migrate', '--write', 'a.py']\n"
        "runpy.run_module('wandb_keras_codemods', run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=os.environ, check=False)
    assert (done.returncode, (project / "a.py").read_text()) == (1, NEW), done.stderr


def test_as_a_libcst_codemod(project: Path) -> None:
    """``python -m libcst.tool codemod`` runs level 1."""
    done = subprocess.run(
        [sys.executable, "-m", "libcst.tool", "codemod", "--no-format", "-x", "wandb_keras_codemods.command.ToCompat", "a.py", "b.py"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (project / "a.py").read_text() == NEW, done.stderr
    assert "WK003" in done.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nosuch.py", "nosuch.py: error: there is no such file or directory\n"),
        ("sub/mian.py", "sub/mian.py: error: there is no such file or directory; did you mean sub/main.py?\n"),
        ("no/such.py", "no/such.py: error: there is no such file or directory\n"),
    ],
)
def test_a_path_that_leads_to_nothing_is_named_and_the_others_are_done(project: Path, name: str, said: str) -> None:
    (project / "sub").mkdir()
    (project / "sub" / "main.py").write_text("x = 1\n")
    result = call("--write", name, "a.py")
    assert result.exit_code == 2
    assert said.replace("/", os.sep) in result.stderr.replace("/", os.sep)
    assert "1 file seen, 1 changed, 1 not handled" in result.stderr
    assert (project / "a.py").read_text() == NEW


def test_help_is_within_80_columns_and_states_the_exit_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    text = call("--help").output
    assert [line for line in text.splitlines() if len(line) > 80] == []
    assert "Exit codes:" in text
