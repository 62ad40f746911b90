"""``trace show``, ``trace diff`` and ``backend`` as commands: what they print, write and exit with."""

from __future__ import annotations

import copy
import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from wandb_keras_compat.cli import main
from wandb_keras_compat.commands.io import output
from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders
from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.validate import check

from .pages import Page
from .traces import HOSTILE, run, trace

SOURCE = Path(__file__).parents[3] / "src"


def command(*arguments: object) -> Result:
    # As wide as a file that is written to would be: nothing is folded in the middle of a word.
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, list(map(str, arguments)))


def written(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return written(tmp_path / "old.json", trace())


@pytest.fixture
def new(tmp_path: Path) -> Path:
    changed = trace()
    changed["runs"][0]["history"][2]["loss"] = 1.5
    changed["runs"][0]["summary"]["best_epoch"] = 2
    changed["runs"][0]["telemetry"].append("feature.new")
    return written(tmp_path / "new.json", changed)


def test_the_traces_of_these_tests_are_traces() -> None:
    check(trace())


# --- show --------------------------------------------------------------------------------------------


def test_show_names_everything_in_the_trace(old: Path) -> None:
    result = command("trace", "show", old)
    assert result.exit_code == 0
    for text in ("1 run, 4 rows", "accuracy", "▁▅▇█", "0.1 → 0.799183", "parameters/conv_1.weights", "“0 → 3”",
                 "table, 3 rows", "graph, 2 nodes, 1 edge", "model-best.h5", "policy live", "feature.keras", "batch_size",
                 "model-glad-sun-1", "wandb 0.31.0"):  # fmt: skip
        assert text in result.output, text


def test_show_keeps_control_characters_from_the_terminal(tmp_path: Path) -> None:
    bad = {
        **run(HOSTILE),
        "tags": [HOSTILE],
        "console": [HOSTILE],
        "summary": {HOSTILE: HOSTILE},
        "telemetry": [HOSTILE],
    }
    bad["history"] = [{"_step": 0, HOSTILE: 1, "text": HOSTILE, "[bold]markup[/]": "[red]"}]
    other = copy.deepcopy(bad)
    other["history"][0][HOSTILE] = 2
    files = [written(tmp_path / f"{i}.json", trace(each)) for i, each in enumerate((bad, other))]
    for result in (command("trace", "show", files[0]), command("trace", "diff", *files)):
        assert result.exit_code in {0, 1}, result.output
        assert "\x1b" not in result.output and "\\x1b[31m" in result.output
    assert "[bold]markup[/]" in command("trace", "show", files[0]).output


def test_show_writes_a_page(old: Path, tmp_path: Path) -> None:
    result = command("trace", "show", old, "--html", tmp_path / "page.html")
    assert (result.exit_code, str(tmp_path / "page.html") in result.output) == (0, True)
    assert Page((tmp_path / "page.html").read_text(encoding="utf-8")).mistakes == []


# --- diff --------------------------------------------------------------------------------------------


def test_equal_traces(old: Path) -> None:
    result = command("trace", "diff", old, old)
    assert (result.exit_code, result.output) == (0, "No difference.\n")


def test_what_differs_is_summed_up_first_and_then_told_by_path(old: Path, new: Path) -> None:
    result = command("trace", "diff", old, new)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == "3 paths differ, in 3 things"
    assert lines[-3:] == [
        "runs[0].history[2].loss: 0.846123 → 1.5",
        "runs[0].summary.best_epoch: 3 → 2",
        'runs[0].telemetry["feature.new"]: absent → “feature.new”',
    ]


def test_the_ledger_and_blindness_are_counted(tmp_path: Path, new: Path) -> None:
    ledger = tmp_path / "ledger.yaml"
    ledger.write_text(
        "- {id: KD-001, feature: metrics, where: 'runs[*].history[*].loss', kind: intended, legacy: a, shim: b, why: c,"
        " witness: tests/x.py}\n"
    )
    blind = written(tmp_path / "blind.json", trace(blind=("runs[*].telemetry[*]",)))
    result = command("trace", "diff", blind, new, "--ledger", ledger)
    assert result.exit_code == 1
    assert "runs[0].summary.best_epoch: 3 → 2" in result.output and "history[2].loss" not in result.output
    assert "1 path left out as known differences: KD-001 (1)." in result.output
    assert "left out as one of the two cannot see them: runs[*].telemetry[*]" in result.output


def test_differences_as_json(old: Path, new: Path) -> None:
    result = command("trace", "diff", old, new, "--json")
    assert result.exit_code == 1
    printed = json.loads(result.output)
    expected = diff(json.loads(old.read_text()), json.loads(new.read_text()))
    assert printed["equal"] is False
    assert [each["path"] for each in printed["differences"]] == expected.paths()
    assert [set(each) - {"kind"} for each in printed["differences"]] == [{"path", "old", "new"}] * 2 + [{"path", "new"}]
    assert json.loads(command("trace", "diff", old, old, "--json").output)["equal"] is True


def test_many_paths_are_cut_short_unless_all_are_asked_for(old: Path, tmp_path: Path) -> None:
    many = trace()
    many["runs"][0]["console"] = [f"line {number}" for number in range(300)]
    other = written(tmp_path / "many.json", many)
    short, every = (command("trace", "diff", old, other, *flags).output for flags in ([], ["--all"]))
    expected = diff(json.loads(old.read_text()), many).paths()
    assert [path for path in expected if f"{path}: " not in every] == []
    assert f"{len(expected) - 10} more paths of console; --all prints them" in short


def test_the_page_of_a_diff(old: Path, new: Path, tmp_path: Path) -> None:
    result = command("trace", "diff", old, new, "--html", tmp_path / "page.html")
    assert result.exit_code == 1
    page = Page((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert {"runs[0].history[2].loss", "runs[0].summary.best_epoch"} <= set(page.texts)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"schema": "other"}', b"\x00" * 10])
def test_what_is_no_trace_is_refused(tmp_path: Path, old: Path, content: bytes) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(content)
    for arguments in (["show", bad], ["diff", old, bad], ["diff", bad, old]):
        result = command("trace", *arguments)
        assert result.exit_code == 2
        assert result.output.startswith("Error: ") and "bad.json" in result.output


def test_the_path_that_is_wrong_is_named(tmp_path: Path) -> None:
    wrong = trace()
    wrong["runs"][0]["history"][1]["_step"] = -1
    result = command("trace", "show", written(tmp_path / "wrong.json", wrong))
    assert (result.exit_code, "runs[0].history[1]._step" in result.output) == (2, True)


def test_files_that_are_not_there_or_cannot_be_written(tmp_path: Path, old: Path) -> None:
    (tmp_path / "ledger.yaml").write_text("- {id: 3")
    for arguments in (
        ["show", tmp_path / "none.json"],
        ["diff", old, tmp_path / "none.json"],
        ["diff", old, old, "--ledger", tmp_path / "none.yaml"],
        ["diff", old, old, "--ledger", tmp_path / "ledger.yaml"],
        ["show", old, "--html", tmp_path / "no" / "folder" / "page.html"],
        ["diff", old, old, "--html", tmp_path],
    ):
        result = command("trace", *arguments)
        assert (result.exit_code, result.output.startswith("Error: ")) == (2, True), result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ledger.yaml", "old.json"]


# --- the frame ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [["trace"], ["trace", "record"], ["trace", "show"], ["trace", "diff"], ["backend"]]
)
def test_help_needs_nothing_of_the_testing_extra(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("starlette", "uvicorn", "graphql", "jsonschema", "jinja2"):
        monkeypatch.setitem(sys.modules, name, None)
    result = command(*arguments, "--help")
    assert result.exit_code == 0
    assert "Exit codes" in result.output or arguments == ["trace"]


@pytest.mark.parametrize(
    ("arguments", "library"),
    [
        (["backend"], "starlette"),
        (["trace", "record", "-o", "t.json", "--", "true"], "uvicorn"),
        (["trace", "show", "old.json"], "jsonschema"),
        (["trace", "show", "old.json", "--html", "page.html"], "jinja2"),
        (["trace", "diff", "old.json", "old.json", "--html", "page.html"], "jinja2"),
        (["trace", "diff", "old.json", "old.json", "--ledger", "l.yaml"], "ruamel"),
    ],
)
def test_without_the_testing_extra_one_sentence_says_what_to_do(arguments: list[str], library: str, old: Path) -> None:
    (old.parent / "l.yaml").write_text("[]")
    missing = f"import sys; sys.modules[{library!r}] = None; from wandb_keras_compat.cli import main; main()"
    environment = inherited_environment(path=[SOURCE])
    done = subprocess.run(
        [sys.executable, "-c", missing, *arguments], cwd=old.parent, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert re.fullmatch(
        rf"Error: .* needs {library}[.\w]*, which is not installed: pip install 'wandb-keras-compat\[testing\]'\n",
        done.stderr,
    )
    assert not (old.parent / "page.html").exists() and not (old.parent / "t.json").exists()


def test_a_file_that_is_written_anew_keeps_its_permissions_and_a_failure_leaves_it(tmp_path: Path) -> None:
    target = tmp_path / "t.json"
    target.write_text("earlier")
    target.chmod(0o640)
    with pytest.raises(KeyboardInterrupt), output(target) as file:
        file.write("half")
        raise KeyboardInterrupt
    with output(target):
        pass
    assert (target.read_text(), list(tmp_path.iterdir())) == ("earlier", [target])
    with output(target) as file:
        file.write("new")
    assert (target.read_text(), target.stat().st_mode & 0o777, list(tmp_path.iterdir())) == ("new", 0o640, [target])


# --- backend -----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_backend_prints_what_to_paste_and_writes_a_trace_when_it_is_stopped(tmp_path: Path, how: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "wandb_keras_compat", "backend", "--trace", "t.json", "--api-key", "k" * 40],
        cwd=tmp_path,
        env=inherited_environment({"PYTHONUNBUFFERED": "1"}, path=[SOURCE]),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    exports = {}
    for line in process.stdout:
        if line.startswith("export "):
            name, _, value = line[len("export ") :].strip().partition("=")
            exports[name] = value
        if line.startswith("no run yet"):
            break
    assert exports["WANDB_MODE"] == "online" and exports["WANDB_API_KEY"] == "k" * 40
    program = "import wandb; r = wandb.init(project='p'); wandb.log({'loss': 1}); wandb.finish()"
    environment = inherited_environment(exports, wandb_folders(tmp_path))
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True, capture_output=True)
    process.send_signal(how)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "1 run, 1 row" in out or "1 run, 1 row" in error
    recorded = json.loads((tmp_path / "t.json").read_text())
    check(recorded)
    assert [row["loss"] for row in recorded["runs"][0]["history"]] == [1]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_the_backend_refuses_an_address_that_others_can_reach(host: str) -> None:
    result = command("backend", "--host", host)
    assert (result.exit_code, "loopback" in result.output) == (2, True)


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    from wandb_keras_compat.testing.doors.server import Backend

    with Backend() as there:
        result = command("backend", "--port", there.port, "--trace", tmp_path / "t.json")
        assert (result.exit_code, f"port {there.port}" in result.output) == (2, True)
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(there.url)
    assert list(tmp_path.iterdir()) == []
