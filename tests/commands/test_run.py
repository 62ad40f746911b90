"""``run`` against plain python: the same program, the same output, errors, exit status and view of itself."""

from __future__ import annotations

import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.waiting import UNTIL_A_SIGNAL
from wandb_keras_compat.testing.child_environment import inherited_environment

SOURCE = Path(__file__).parents[2] / "src"
RUN = ("-m", "wandb_keras_compat", "run")

PROGRAMS = {
    "arguments": "import sys; print(sys.argv, sys.path, __file__, __name__)",
    "namespace": (
        "import sys, __main__\n"
        "print(sorted(globals()), __doc__, __package__, __spec__, type(__loader__), vars(__main__) is globals())"
    ),
    "docstring and annotation": "'text'\nvalue: int = 3\nprint(__doc__, globals().get('__annotations__'))",
    "future is not inherited": "def f(x: undefined): pass",
    "exit number": "raise SystemExit(7)",
    "exit text": "import sys; sys.exit('in a sentence')",
    "exit none": "import sys; sys.exit()",
    "exit true": "import sys; print('out'); sys.exit(True)",
    "error": "def f():\n    1 / 0\nf()",
    "error with context": (
        "try:\n    {}['a']\nexcept KeyError:\n    try:\n        [][1]\n    except IndexError as e:\n"
        "        raise ValueError('b') from e"
    ),
    "error in a library": "import json; json.loads('{')",
    "error from importlib": "import no_such_module_at_all",
    "syntax error": "print('never')\nx = = 1\n",
    "own excepthook": "import sys\nsys.excepthook = lambda kind, e, tb: print('mine', e, tb.tb_lineno)\n1 / 0",
    "excepthook and last exception": (
        "import atexit, sys, traceback\n"
        "def show(): print(traceback.format_tb(sys.last_traceback), sys.excepthook is sys.__excepthook__)\n"
        "atexit.register(show)\n"
        "1 / 0"
    ),
    "exit from excepthook": "import sys\nsys.excepthook = lambda *a: sys.exit(9)\n1 / 0",
    "keyboard interrupt": "raise KeyboardInterrupt",
    "keyboard interrupt by signal": "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nsignal.pause()",
    "end of file error": "input()",
    "broken pipe error": "raise BrokenPipeError(32, 'x')",
    "click exception": "import click\nraise click.UsageError('not ours to show')",
    "killed": "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)",
    "late threads and atexit": (
        "import atexit, threading\nvalue = 'still here'\natexit.register(lambda: print('atexit', value))\n"
        "main = threading.main_thread()\n"
        "threading.Thread(target=lambda: (main.join(), print('thread', value))).start()\n"
    ),
    "pickle": "import pickle\nclass C: pass\nprint(type(pickle.loads(pickle.dumps(C()))) is C, pickle.dumps(C))",
    "coding cookie": "# -*- coding: latin-1 -*-\nprint(ascii('\xe9'))",
    "stdin is the program's": "import sys; print(sys.stdin.read())",
    "inspect": "import inspect\nclass C:\n    def f(self): pass\nprint(inspect.getsource(C), inspect.getfile(C))",
    "warning": "import warnings\nwarnings.warn('look')",
}


def python(*arguments: str, cwd: Path, **more: str) -> tuple[int, bytes, bytes]:
    environment = inherited_environment(more, path=[SOURCE])
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, input=b"", capture_output=True, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_script_cannot_tell_the_difference(tmp_path: Path, name: str) -> None:
    encoding = "latin-1" if "latin-1" in PROGRAMS[name] else "utf-8"
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "program.py").write_bytes(PROGRAMS[name].encode(encoding))
    command = ["scripts/program.py", "--help", "-m", "--", "-x", "", "a b", "--version"]
    assert python(*RUN, *command, cwd=tmp_path) == python(*command, cwd=tmp_path)


@pytest.mark.parametrize("written", ["./program.py", "../here/program.py", "link.py", "sub/../program.py"])
def test_however_the_path_is_written(tmp_path: Path, written: str) -> None:
    here = tmp_path / "here"
    (here / "sub").mkdir(parents=True)
    target = tmp_path / "elsewhere" / "real.py"
    target.parent.mkdir()
    for path in (here / "program.py", target):
        path.write_text(PROGRAMS["arguments"] + "\n1 / 0")
    (here / "link.py").symlink_to(target)
    assert python(*RUN, written, cwd=here) == python(written, cwd=here)


@pytest.mark.parametrize("flags", [["-O"], ["-W", "error"], ["-P"], ["-B", "-s"]], ids=" ".join)
def test_flags_of_the_interpreter_stay_in_force(tmp_path: Path, flags: list[str]) -> None:
    if flags == ["-P"] and sys.version_info < (3, 11):
        pytest.skip("python has -P from 3.11 on")
    (tmp_path / "program.py").write_text("import sys\nprint(sys.path, sys.flags)\nassert not __debug__\n")
    assert python(*flags, *RUN, "program.py", cwd=tmp_path) == python(*flags, "program.py", cwd=tmp_path)


@pytest.mark.parametrize("container", ["folder", "archive.zip"])
def test_a_folder_or_zip_file_with_a_main(tmp_path: Path, container: str) -> None:
    program = "import sys, helper\nprint(sys.argv, sys.path[0], __spec__.name, __package__, __file__)"
    files = {"__main__.py": program, "helper.py": ""}
    if container == "folder":
        (tmp_path / container).mkdir()
        for name, text in files.items():
            (tmp_path / container / name).write_text(text)
    else:
        with zipfile.ZipFile(tmp_path / container, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
    assert python(*RUN, container, "--help", cwd=tmp_path) == python(container, "--help", cwd=tmp_path)


@pytest.mark.parametrize("name", ["package", "package.module", "package.failing", "single"])
def test_a_module(tmp_path: Path, name: str) -> None:
    shown = "import sys\nprint(sys.argv, sys.path, __name__, __spec__.name, __package__, __file__)\n"
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    for module in ("__main__", "module"):
        (package / f"{module}.py").write_text(shown + "from . import __name__ as parent\nprint(parent)")
    (package / "failing.py").write_text(shown + "def f(): raise ValueError('x')\nf()")
    (tmp_path / "single.py").write_text(shown + "sys.exit(5)")
    ours, plain = python(*RUN, "-m", name, "--help", cwd=tmp_path), python("-m", name, "--help", cwd=tmp_path)
    assert ours == (*plain[:2], _without_runpy(plain[2]))


def _without_runpy(trace: bytes) -> bytes:
    """Plain python shows its own runpy frames above a module's; we show the module's alone."""
    lines, kept, inside = trace.splitlines(keepends=True), [], False
    for line in lines:
        inside = (line.startswith(b"  File") and b"runpy" in line) or (inside and line.startswith(b"    "))
        kept += [] if inside else [line]
    return b"".join(kept)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["missing.py"], 2, "can't open file '{cwd}/missing.py': [Errno 2] No such file or directory"),
        (["-m", "missing_module"], 1, "No module named missing_module"),
        (["-m", "bare"], 1, "No module named bare.__main__; 'bare' is a package and cannot be directly executed"),
        (["bare"], 1, "can't find '__main__' module in"),
    ],
)
def test_what_cannot_be_run_is_said_as_python_says_it(
    tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "__init__.py").write_text("")
    expected = sentence.format(cwd=tmp_path)
    for command in ([*RUN, *arguments], arguments):
        status, out, error = python(*command, cwd=tmp_path)
        assert (status, out) == (code, b"")
        assert expected in error.decode() and "Traceback" not in error.decode()


def test_a_parent_package_that_fails_to_import_shows_its_own_frames(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "__init__.py").write_text("import not_there_at_all")
    (tmp_path / "broken" / "module.py").write_text("")
    status, _, error = python(*RUN, "-m", "broken.module", cwd=tmp_path)
    assert status == 1
    assert [line for line in error.decode().splitlines() if line.startswith("  File")] == [
        f'  File "{tmp_path}/broken/__init__.py", line 1, in <module>'
    ]


def test_standard_input_as_the_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, *RUN, "-", "--help"],
        cwd=tmp_path,
        env=inherited_environment(path=[SOURCE]),
        input="import sys; print(sys.argv, sys.path[0] == ''); sys.exit(4)",
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (4, "['-', '--help'] True\n")


def test_the_hook_is_installed_when_the_program_starts(tmp_path: Path) -> None:
    program = "import wandb_keras_compat as w, sys; print(w.installed(), 'wandb' in sys.modules)"
    (tmp_path / "program.py").write_text(program)
    assert python(*RUN, "program.py", cwd=tmp_path) == (0, b"True False\n", b"")


CHILDREN = """
import multiprocessing, sys
import wandb_keras_compat
assert wandb_keras_compat.installed(), "in " + __name__

class Point:
    def __init__(self, x): self.x = x

def work(point):
    return point.x, wandb_keras_compat.installed(), type(point).__name__

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(1) as pool:
        print(pool.map(work, [Point(3)]))
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_children_of_multiprocessing_have_the_hook(tmp_path: Path, method: str) -> None:
    (tmp_path / "program.py").write_text(CHILDREN)
    status, out, error = python(*RUN, "program.py", method, cwd=tmp_path)
    assert (status, out) == (0, b"[(3, True, 'Point')]\n"), error.decode()
    status, out, error = python(*RUN, "-m", "program", method, cwd=tmp_path)
    assert (status, out) == (0, b"[(3, True, 'Point')]\n"), error.decode()


def test_interrupted_from_outside(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(UNTIL_A_SIGNAL + "print('ready', flush=True)\nos.read(wakes, 1)\n")
    results = []
    for command in ([*RUN, "program.py"], ["program.py"]):
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=tmp_path,
            env=inherited_environment(path=[SOURCE]),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGINT)
        results.append((*process.communicate(timeout=60), process.returncode))
    for out, error, status in results:
        # Which line it was at is a matter of luck; whose frame it was is not.
        frames = [line for line in error.splitlines() if line.startswith(b"  File")]
        assert (out, status, len(frames)) == (b"", -signal.SIGINT, 1)
        assert b"program.py" in frames[0] and error.endswith(b"KeyboardInterrupt\n")
