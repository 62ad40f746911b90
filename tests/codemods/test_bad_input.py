"""Files that cannot be handled: one error each with file and line, everything else done, nothing half-written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from wandb_keras_codemods.engine import atomic_write, runner
from wandb_keras_codemods.engine.migrate_file import Job, Outcome, migrate_file
from wandb_keras_codemods.engine.runner import Options, Summary, run
from wandb_keras_codemods.records import SourceError
from wandb_keras_codemods.rules import selected

from ..waiting import until
from .tools import migrate, tree

OLD = b"from wandb.keras import WandbCallback\n"
NEW = b"from wandb_keras_compat import WandbCallback\n"

BAD = {
    "syntax error": (b"x = 1\ny = = 2\n" + OLD, 2),
    "python 2": (b"import os\nprint 'x'\n" + OLD, 2),
    "shell line of a notebook export": (b"!pip install wandb\n" + OLD, 1),
    "tabs and spaces": (b"if 1:\n        a = 1\n\tb = 2\n" + OLD, 3),
    "binary": (OLD + b"\n\0\0", 3),
    "not utf-8": (b"# \xe9\n" + OLD, 1),
    "not in its own encoding": (b"# coding: ascii\n" + OLD + b"# \xe9\n", 3),
    "unknown encoding": (b"# coding: klingon\n" + OLD, 1),
    "brackets": (OLD + b"x = " + b"(" * 10_000 + b"\n", 2),
}


@pytest.mark.parametrize(("data", "line"), BAD.values(), ids=BAD)
def test_a_file_that_cannot_be_read_as_python(data: bytes, line: int) -> None:
    """Its line is named, on one line."""
    outcome = migrate(data)
    assert outcome.failed
    assert outcome.after is None
    assert [record.location.line for record in outcome.records] == [line]
    assert "\n" not in outcome.records[0].reason


def test_python_that_libcst_refuses_is_said_to_be_that() -> None:
    """CPython accepts a form feed that resets the indentation; LibCST does not."""
    data = b"if 1:\n    x = 1\n \x0cy = 2\n" + OLD
    compile(data, "x", "exec")
    outcome = migrate(data)
    if outcome.failed:
        assert "LibCST does not" in outcome.records[0].reason
        assert outcome.after is None
    else:
        assert outcome.after == data.replace(OLD, NEW)


@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    [
        "x = " + "+".join(["1"] * 1500),
        "x = a" + ".b()" * 1000,
        "if a: pass\n" + "elif b: pass\n" * 600,
        "x = " + "not " * 1000 + "1",
        "x = " + "'a' " * 1000,
    ],
)
def test_long_chains_are_handled(code: str) -> None:
    """Deep trees need a deep stack, and get one."""
    data = OLD + code.encode() + b"\n"
    assert migrate(data).after == data.replace(OLD, NEW)


@pytest.mark.slow
def test_a_process_that_dies_loses_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may end a worker (out of memory): that file is an error, every other one is done."""
    project = tmp_path / "project"  # the workers import this module, and with it what keeps files where it starts
    project.mkdir()
    for name in ("a.py", "deadly.py", "z.py"):
        (project / name).write_bytes(OLD)
    monkeypatch.setattr(runner, "migrate_file", deadly_process)
    summary = run([str(project)], Options(selected(1), write=True, jobs=2))
    assert [Path(outcome.file).name for outcome in summary.outcomes if outcome.failed] == ["deadly.py"]
    assert tree(project) == {"a.py": NEW, "deadly.py": OLD, "z.py": NEW}


def deadly_process(job: Job) -> Outcome:
    """Runs in a worker."""
    if job.file.endswith("deadly.py"):
        os.kill(os.getpid(), signal.SIGKILL)
    return migrate_file(job)


CRASHES = {
    "segfault.py": ("os.kill(os.getpid(), signal.SIGSEGV)", "ended the process that parsed it (SIGSEGV)"),
    "abort.py": ("os.abort()", "ended the process that parsed it (SIGABRT)"),
    "killed.py": ("os.kill(os.getpid(), signal.SIGKILL)", "ended the process that parsed it (SIGKILL)"),
    "exit.py": ("os._exit(7)", "ended the process that parsed it (exit code 7)"),
    "memory.py": ("raise MemoryError", "cannot be handled: MemoryError"),
    "recursion.py": ("raise RecursionError", "does not parse: RecursionError"),
}
CRASHING = """
import os, signal, sys
import libcst
parse_module = libcst.parse_module

def parse(text, *rest):
    for line in text.splitlines():
        if line.startswith("# crash: "):
            exec(line.removeprefix("# crash: "))
    return parse_module(text, *rest)

libcst.parse_module = parse
from wandb_keras_codemods.cli import migrate
migrate()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a few small files are parsed in the process itself elsewhere")
@pytest.mark.parametrize("target", ["compat", "callbacks"])
def test_a_crash_of_a_library_is_one_line_for_its_file(target: str, tmp_path: Path) -> None:
    """However the process ends, and though there are few files: the others are done, with the default arguments."""
    project, script = tmp_path / "project", tmp_path / "crashing.py"
    project.mkdir()
    script.write_text(CRASHING)
    for name, (crash, _) in CRASHES.items():
        (project / name).write_bytes(OLD + f"# crash: {crash}\n".encode())
    for name in ("a.py", "n.py", "z.py"):
        (project / name).write_bytes(OLD)
    done = subprocess.run(
        [sys.executable, str(script), "--write", "--to", target, str(project)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    found = tree(project)
    assert {name for name, data in found.items() if data != OLD and name not in CRASHES} == {"a.py", "n.py", "z.py"}
    for name, (_, reason) in CRASHES.items():
        assert found[name].startswith(OLD)
        lines = [line for line in done.stderr.splitlines() if f"{name}:" in line and "error" in line]
        assert len(lines) == 1, (name, done.stderr)
        assert reason in lines[0]


def go(*paths: Path, write: bool = True) -> Summary:
    return run([str(path) for path in paths], Options(selected(1), write=write, jobs=1))


def test_every_other_file_is_done(tmp_path: Path) -> None:
    """Exit code 2 at the end, and all that could be migrated is."""
    for index, (data, _) in enumerate(BAD.values()):
        (tmp_path / f"bad{index}.py").write_bytes(data)
    (tmp_path / "a.ipynb").write_bytes(b"{ wandb.keras WandbCallback")
    for name in ("a.py", "z.py"):
        (tmp_path / name).write_bytes(OLD)
    before = tree(tmp_path)
    summary = go(tmp_path, tmp_path / "nowhere.py")
    assert summary.exit_code == 2
    assert sum(outcome.failed for outcome in summary.outcomes) == len(BAD) + 2
    assert tree(tmp_path) == before | {"a.py": NEW, "z.py": NEW}


def test_a_read_only_file_is_not_written(tmp_path: Path) -> None:
    """Not even where the directory would allow it."""
    path = tmp_path / "a.py"
    path.write_bytes(OLD)
    path.chmod(0o444)
    summary = go(path)
    assert summary.exit_code == 2
    assert "read-only" in summary.records[0].reason
    assert tree(tmp_path) == {"a.py": OLD}
    assert go(path, write=False).exit_code == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    """Named, with what the system says."""
    path = tmp_path / "a.py"
    path.write_bytes(OLD)
    path.chmod(0)
    assert "cannot be read" in go(path).records[0].reason


def test_what_is_not_a_regular_file(tmp_path: Path) -> None:
    """A pipe would be waited for for ever."""
    os.mkfifo(tmp_path / "a.py")
    assert go(tmp_path).seen == 0
    summary = go(tmp_path / "a.py")
    assert summary.exit_code == 2
    assert "regular" in summary.records[0].reason


def test_a_file_that_changes_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    """What somebody else wrote stays, and no temporary file does."""
    path = tmp_path / "a.py"
    path.write_bytes(b"changed\n")
    with pytest.raises(SourceError, match="changed while"):
        atomic_write.replace(str(path), OLD, NEW)
    assert tree(tmp_path) == {"a.py": b"changed\n"}


def test_mode_bits_are_kept(tmp_path: Path) -> None:
    """An executable script stays one."""
    path = tmp_path / "a.py"
    path.write_bytes(OLD)
    path.chmod(0o751)
    go(path)
    assert path.stat().st_mode & 0o7777 == 0o751
    assert path.read_bytes() == NEW


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk, for one: the error is reported and the directory is as it was."""
    path = tmp_path / "a.py"
    path.write_bytes(OLD)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_write.os, "fsync", full)
    summary = go(path)
    assert "No space left" in summary.records[0].reason
    assert tree(tmp_path) == {"a.py": OLD}


def test_links(tmp_path: Path) -> None:
    """A link in the tree is not followed out of it, nor replaced by a file."""
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "a.py").write_bytes(OLD)
    (inside / "link.py").symlink_to(outside / "a.py")
    (inside / "folder").symlink_to(outside)
    assert go(inside).exit_code == 0
    summary = go(inside / "link.py")
    assert "symbolic link" in summary.records[0].reason
    assert (inside / "link.py").is_symlink()
    assert (outside / "a.py").read_bytes() == OLD


def new_files(folder: Path) -> int:
    return sum(path.read_bytes().startswith(NEW) for path in folder.glob("[!.]*.py"))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_leaves_every_file_old_or_new(jobs: str, tmp_path: Path) -> None:
    """Ctrl-C in the middle of a long run: no third kind of file, exit code 130."""
    old = OLD + b"".join(b"x%d = [1, 2, {3: 4}]\n" % index for index in range(200))
    for index in range(100):
        (tmp_path / f"{index}.py").write_bytes(old)
    process = subprocess.Popen(
        [sys.executable, "-m", "wandb_keras_codemods", "--write", "--jobs", jobs, str(tmp_path)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    # Temporary files do not count.
    until(lambda: new_files(tmp_path) >= 2 or process.poll() is not None, "two files written")
    assert process.returncode is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    found = tree(tmp_path)
    assert process.returncode == 130, err.decode()
    assert b"interrupted" in err
    assert b"Traceback" not in err
    assert set(found.values()) == {old, old.replace(OLD, NEW)}, "old and new ones, and nothing else"
    assert all(name.endswith(".py") and not name.startswith(".") for name in found)


INTERRUPTED = """
import sys
from pathlib import Path
from wandb_keras_codemods.engine import runner
from wandb_keras_codemods.engine.migrate_file import Job, Outcome

def mark(job):
    Path(job.file).touch()
    sum(range(1_000_000))
    return Outcome(job.file, None, ())

if __name__ == "__main__":
    runner.migrate_file = mark
    jobs = [Job(str(Path(sys.argv[1], str(number))), "python", b"", ()) for number in range(200)]
    outcomes = runner._processed(jobs, 2)
    next(outcomes)
    outcomes.throw(KeyboardInterrupt)
"""


TWICE_INTERRUPTED = """
import os, signal
from wandb_keras_codemods.engine.recursion import with_deep_stack

ended = []

def parse():
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGINT)
        sum(range(10_000_000))
    ended.append(True)

try:
    with_deep_stack(parse)
except KeyboardInterrupt:
    print(ended)
"""


def test_an_interrupted_wait_lasts_until_the_parser_has_ended() -> None:
    """An interrupted ``Thread.join`` of Python 3.11 let the interpreter end under the parser: the process aborted."""
    done = subprocess.run([sys.executable, "-c", TWICE_INTERRUPTED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "[True]\n"), done.stderr


def test_an_interrupt_begins_no_further_file(tmp_path: Path) -> None:
    """The files that workers have in hand are finished; the command does not go on parsing the others before it ends."""
    project, script = tmp_path / "project", tmp_path / "interrupted.py"
    project.mkdir()
    script.write_text(INTERRUPTED)
    done = subprocess.run([sys.executable, str(script), str(project)], capture_output=True, text=True, check=False)
    assert "KeyboardInterrupt" in done.stderr
    assert len(tree(project)) < 200
