"""The line that ``backend`` keeps up to date, and the trace that it writes at its end."""

from __future__ import annotations

import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the backend needs the `testing` extra")

from click.testing import CliRunner

from wandb_keras_compat.cli import main
from wandb_keras_compat.commands import backend
from wandb_keras_compat.commands.io import output
from wandb_keras_compat.testing.doors import server
from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.store import RunStore


@pytest.fixture
def store() -> RunStore:
    return RunStore()


def begin(store: RunStore, name: str, rows: int = 0, ended: int | None = None) -> Any:
    run = store.run(RunKey("e", "p", name))
    run.history += [{"_step": row, "a": row} for row in range(rows)]
    run.exit_code = ended
    return run


def test_the_line_counts_what_there_is(store: RunStore) -> None:
    assert backend.status(store) == "no run yet"
    begin(store, "one", rows=2, ended=0)
    assert backend.status(store) == "1 run, 2 rows"
    begin(store, "two", rows=1, ended=1).files.update({"a": [b"1", b"2"], "b": [b""]})
    assert backend.status(store) == "2 runs, 3 rows, 2 files"
    run = begin(store, "three")
    run.logged.append(store.collection("e", "p", "a", "t").add("id"))
    assert backend.status(store) == "3 runs, 3 rows, 2 files, 1 artifact; 1 going on"
    begin(store, "four")
    assert backend.status(store).endswith("; 2 going on")


def test_what_is_not_known_is_in_the_line_whether_there_are_runs_or_not(store: RunStore) -> None:
    for line in ("GET /a", "GET /b"):
        store.note_unknown(line)
    assert backend.status(store) == "no run yet; 2 unknown requests, the last: GET /b"
    begin(store, "one", ended=0)
    assert backend.status(store) == "1 run; 2 unknown requests, the last: GET /b"


def test_a_line_that_has_not_changed_is_not_printed_again(
    store: RunStore, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stop(threading.Event):
        waited = 0

        def wait(self, timeout: float | None = None) -> bool:
            assert timeout is not None and 0 < timeout <= 1
            self.waited += 1
            if self.waited == 2:
                begin(store, "one", ended=0)
            if self.waited == 4:
                self.set()
            return self.is_set()

    backend._watch(store, Stop())
    assert capsys.readouterr().out.splitlines() == ["no run yet", "1 run"]


def test_in_a_terminal_one_line_is_kept_up_to_date(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    console = backend.Console(file=screen, force_terminal=True, width=80)
    monkeypatch.setattr(backend, "Console", lambda: console)

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            begin(store, "two" if store.runs else "one", ended=0)
            return len(store.runs) == 2

    backend._watch(store, Stop())
    assert screen.getvalue().rstrip("\x1b[?25h\n").endswith("2 runs")


def test_the_trace_is_of_all_runs_and_what_was_not_known_is_said_once(
    store: RunStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(store, "one", rows=1, ended=0)
    store.note_unknown("GET /a")
    path = tmp_path / "t.json"
    with output(path) as file:
        backend._write(file, store)
    written = json.loads(path.read_text(encoding="utf-8"))
    assert (written["door"], len(written["runs"])) == ("http", 1)
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "backend: was asked what it does not know: GET /a"
    assert said[1].startswith(f"backend: {path} holds 1 run")


@pytest.mark.parametrize("key", [None, "k" * 40])
def test_what_is_printed_leads_a_program_to_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: str | None
) -> None:
    seen: list[Any] = []

    class Backend(server.Backend):
        def start(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            seen.append("stopped")

    monkeypatch.setattr(server, "Backend", Backend)
    monkeypatch.setattr(backend, "_watch", lambda store, stop: seen.append(stop.is_set()))
    path = tmp_path / "t.json"
    more = [] if key is None else ["--api-key", key, "--trace", str(path)]
    ended = CliRunner().invoke(main, ["backend", "--port", "8123", *more])
    assert (ended.exit_code, seen) == (0, [False, "stopped"]), ended.output
    assert "W&B backend at http://127.0.0.1:8123. Ctrl-C stops it." in ended.output
    assert path.exists() is (key is not None)
    exports = dict(line.removeprefix("export ").split("=", 1) for line in ended.output.splitlines() if "export" in line)
    assert exports["WANDB_BASE_URL"] == "http://127.0.0.1:8123"
    assert exports["WANDB_API_KEY"] == (key or server.KEY)
