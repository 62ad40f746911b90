"""``trace record`` around real programs with the real wandb: exit codes, signals, folders, offline runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import UNTIL_A_SIGNAL
from wandb_keras_compat.testing.child_environment import inherited_environment
from wandb_keras_compat.testing.trace.validate import load

pytestmark = pytest.mark.slow

SOURCE = Path(__file__).parents[3] / "src"

LOGS = "import wandb, sys\nrun = wandb.init(project='p', config={'a': 1})\nwandb.log({'loss': 0.5})\n"
FINISHES = LOGS + "wandb.finish()\n"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


def environment(home: Path, **more: str) -> dict[str, str]:
    own = {"HOME": str(home), "WANDB_CONSOLE": "off"}
    return inherited_environment(own, more, drop=["WANDB_"], path=[SOURCE])


def record(here: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "wandb_keras_compat", "trace", "record", "-o", "t.json", "--", *command],
        cwd=here,
        env=environment(here.parent, **more),
        capture_output=True,
        text=True,
    )


def python(program: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    return done.stderr.splitlines()[-1]


def test_a_program_is_recorded_and_nothing_else_is_left(here: Path) -> None:
    done = record(here, *python(FINISHES + "print('out')\nsys.exit(3)"))
    assert done.returncode == 3, done.stderr
    assert last_line(done) == "trace record: t.json holds 1 run, 1 row"
    assert "does not know" not in done.stderr
    assert done.stdout.splitlines()[-1] == "out"
    assert names(here) == ["t.json"]
    trace = load(here / "t.json")
    assert trace["door"] == "http"
    assert trace["runs"][0]["config"] == {"a": 1}
    assert [row["loss"] for row in trace["runs"][0]["history"]] == [0.5]


def test_the_users_own_folder_and_mode(here: Path) -> None:
    """WANDB_DIR is the user's to choose; a WANDB_MODE in the environment is what record is there to change."""
    (here / "mine").mkdir()
    done = record(here, *python(FINISHES), WANDB_DIR=str(here / "mine"), WANDB_MODE="offline")
    assert done.returncode == 0, done.stderr
    assert load(here / "t.json")["door"] == "http"
    assert names(here) == ["mine", "t.json"] and names(here / "mine") != []


def test_a_program_that_is_offline_by_its_own_decision_is_read_from_its_log(here: Path) -> None:
    (here / "mine").mkdir()
    offline = FINISHES.replace("project='p'", "project='p', mode='offline'")
    for folder in ({}, {"WANDB_DIR": str(here / "mine")}, {"WANDB_DIR": str(here / "mine")}):
        done = record(here, *python(offline), **folder)
        assert done.returncode == 0, done.stderr
        assert last_line(done) == "trace record: t.json holds 1 run, 1 row", "runs that were there before are not in it"
        assert "run logs were read instead" in done.stderr
        trace = load(here / "t.json")
        assert trace["door"] == "log"
        assert [row["loss"] for row in trace["runs"][0]["history"]] == [0.5]


def test_a_program_without_wandb(here: Path) -> None:
    done = record(here, "true")
    assert (done.returncode, last_line(done)) == (0, "trace record: t.json holds nothing")
    assert load(here / "t.json")["runs"] == []


def test_arguments_reach_the_program_as_they_are(here: Path) -> None:
    show = "import json, sys; print(json.dumps(sys.argv[1:]))"
    arguments = ["-o", "x", "--help", "--", "-", "", "a b", "*", "--html"]
    assert json.loads(record(here, *python(show), *arguments).stdout) == arguments


@pytest.mark.parametrize(("command", "code"), [(["./no-such-program"], 127), (["./not-executable"], 126), (["."], 126)])
def test_what_cannot_be_started(here: Path, command: list[str], code: int) -> None:
    (here / "not-executable").write_text("")
    done = record(here, *command)
    assert (done.returncode, done.stderr.startswith("Error: cannot start ")) == (code, True)
    assert names(here) == ["not-executable"]


def test_a_file_that_is_there_is_replaced_as_a_whole(here: Path) -> None:
    (here / "t.json").write_text("earlier")
    look = "import os, sys; sys.exit(open('t.json').read() != 'earlier')"
    assert record(here, *python(look)).returncode == 0, "until the end it is the earlier one"
    assert load(here / "t.json")["runs"] == []
    (here / "t.json").write_text("earlier")
    assert record(here, "./no-such-program").returncode == 127
    assert (here / "t.json").read_text() == "earlier"


@pytest.mark.parametrize("target", ["no/such/folder/t.json", "."])
def test_an_output_that_cannot_be_written_is_told_before_the_program_starts(here: Path, target: str) -> None:
    command = ["-m", "wandb_keras_compat", "trace", "record", "-o", target, "--", "touch", "started"]
    done = subprocess.run(
        [sys.executable, *command], cwd=here, env=environment(here.parent), capture_output=True, text=True
    )
    assert (done.returncode, names(here)) == (2, [])
    assert done.stderr.startswith(f"Error: cannot write {target}")


def test_what_the_backend_does_not_know_is_told(here: Path) -> None:
    asks = (
        "import os, urllib.error, urllib.request\n"
        "try: urllib.request.urlopen(os.environ['WANDB_BASE_URL'] + '/api/no/such/thing')\n"
        "except urllib.error.HTTPError: pass"
    )
    done = record(here, *python(asks))
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "does not know" in line and "no/such/thing" in line]


def interrupted(here: Path, program: str, number: int, **more: Any) -> tuple[int, str]:
    """Starts a recording, waits until its program says that it is ready, sends the signal to the recorder alone."""
    command = [sys.executable, "-m", "wandb_keras_compat", "trace", "record", "-o", "t.json", "--", *python(program)]
    process = subprocess.Popen(
        command,
        cwd=here,
        env=environment(here.parent),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )
    assert process.stdout is not None
    assert next(line for line in process.stdout if line == "ready\n")
    process.send_signal(number)
    _, error = process.communicate()
    return process.returncode, error


# Says that it is ready when a row has arrived: wandb sends them every second, and a program that is terminated takes
# with it what is still to be sent.
WAITS = (
    LOGS
    + UNTIL_A_SIGNAL
    + """
wandb.log({'loss': 0.25})
import base64, json, urllib.request
query = 'query Q($p: String!, $e: String!, $r: String!) { model(name: $p, entityName: $e) { bucket(name: $r) { historyLineCount } } }'
body = json.dumps({'query': query, 'variables': {'p': run.project, 'e': run.entity, 'r': run.id}}).encode()
key = base64.b64encode(('api:' + os.environ['WANDB_API_KEY']).encode()).decode()
headers = {'Authorization': 'Basic ' + key, 'Content-Type': 'application/json'}
def arrived():
    request = urllib.request.Request(os.environ['WANDB_BASE_URL'] + '/graphql', body, headers)
    return json.load(urllib.request.urlopen(request))['data']['model']['bucket']['historyLineCount']
while not arrived():
    pass
print('ready', flush=True)
os.read(wakes, 1)
"""
)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_the_program_and_what_came_is_written(here: Path, number: int) -> None:
    code, error = interrupted(here, WAITS, number)
    assert code == -number, error
    rows = [row["loss"] for row in load(here / "t.json")["runs"][0]["history"]]
    assert rows in ([0.5, 0.25], [0.5])
    assert ("KeyboardInterrupt" in error) == (number == signal.SIGINT)


def test_a_program_that_takes_the_signal_decides_itself(here: Path) -> None:
    takes = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(9))\nprint('ready', flush=True)\nos.read(wakes, 1)"
    program = UNTIL_A_SIGNAL + takes
    code, _ = interrupted(here, program, signal.SIGTERM)
    assert (code, load(here / "t.json")["runs"]) == (9, [])


def test_a_program_killed_by_something_else(here: Path) -> None:
    done = record(here, *python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
    assert (done.returncode, names(here)) == (128 + signal.SIGKILL, ["t.json"])


#: Ctrl-C is pressed.
TIMES = 5


def test_ctrl_c_in_a_terminal_interrupts_the_program_once(here: Path) -> None:
    """In a terminal of its own, where the terminal sends the signal to both."""
    import pty

    # Counts signals as they come, by the bytes that Python writes for each. After the last it asks its parent for
    # another one, of another kind: what the parent does about Ctrl-C is done before that.
    program = f"""
import os, signal
read, write = os.pipe()
os.set_blocking(write, False)
signal.set_wakeup_fd(write)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: None)
print('ready', flush=True)
received = b''
for time in range({TIMES}):
    while received.count(signal.SIGINT) <= time:
        received += os.read(read, 1)
    print('interrupted', flush=True)
os.kill(os.getppid(), signal.SIGTERM)
while signal.SIGTERM not in received:
    received += os.read(read, 1)
raise SystemExit(40 + received.count(signal.SIGINT))
"""
    command = [sys.executable, "-m", "wandb_keras_compat", "trace", "record", "-o", "t.json", "--", *python(program)]
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(here)
        os.execve(sys.executable, command, environment(here.parent))

    def wait_for(line: bytes) -> None:
        shown = b""
        while line not in shown:
            shown += os.read(terminal, 1024)

    wait_for(b"ready")
    for _ in range(TIMES):  # of two signals that come at the same time one is lost, but not always
        os.write(terminal, b"\x03")
        wait_for(b"interrupted")
    try:
        while os.read(terminal, 1024):
            pass
    except OSError:  # the terminal is closed when the program has ended
        pass
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 40 + TIMES
    assert load(here / "t.json")["runs"] == []
