"""Runs the programs in the environment at hand against a backend of their own, and keeps the trace of each.

    python -m wandb_keras_compat.parity.keras2.play twin|plain|option FOLDER [NAME...]

``twin`` is the installed wandb's own class with the program in the spelling of Keras 2.12 (see :mod:`.twin`),
``plain`` ``run PROGRAM`` and ``option`` ``run --keras tf_keras PROGRAM``. ``FOLDER/NAME.json`` is the trace;
``FOLDER/NAME.ended.txt`` is what a program that did not end well said last.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from ...testing.child_environment import inherited_environment, wandb_folders
from ...testing.doors.server import Backend
from ...testing.trace.normalize import dumps, trace_of
from .twin import twin

PROGRAMS = Path(__file__).with_name("programs")
NAMES = sorted(path.stem for path in PROGRAMS.iterdir() if path.suffix in {".py", ".ipynb"})
#: The folder that the package is in, for the processes that are started.
SOURCES = Path(__file__).parents[3]

# What the terminal shows has times in it; which packages happen to be imported, the environment decides.
BLIND = ["runs[*].console", 'runs[*].telemetry["imports_*"]']

#: What makes a program log the same each time, wherever it is played.
SAME = {
    "TF_ENABLE_ONEDNN_OPTS": "0", "PYTHONHASHSEED": "0", "WANDB_DISABLE_CODE": "true", "WANDB_DISABLE_GIT": "true",
    "WANDB_ERROR_REPORTING": "false", "WANDB__DISABLE_STATS": "true", "WANDB_X_DISABLE_STATS": "true",
}  # fmt: skip


#: What the output says when wandb's own watcher of files has ended early, before 0.17. It knows files by their inode:
#: a picture written a second time with the same bytes gives its inode back, the model's file may get it, and the
#: watcher takes the picture for moved there, fails, and never uploads the model. 4 of about 60 plays on a busy machine.
WATCHER_ENDED = re.compile(r"in _on_file_moved\b.*KeyError: 'media/", re.DOTALL)
_TRIES = 5

#: How many programs are played at once. With wandb 0.16 a run waits 3 s for its own service.
_AT_ONCE = 3


class Preloaded:
    """Starts programs as forks of a process that has TensorFlow loaded, see :mod:`.preloaded`."""

    def __init__(self, how: str) -> None:
        script = PROGRAMS / "any.py"
        command = [sys.executable, "-m", f"{__package__}.preloaded", how]
        self._process = subprocess.Popen(
            command, env=own_environment(script), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._answer()  # it is ready

    def run(self, script: Path, environment: dict[str, str]) -> tuple[int, str]:
        """The exit code of the program and what it printed."""
        output = script.parent / "output.txt"
        job = {"script": str(script), "folder": str(script.parent), "environment": environment, "output": str(output)}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        code = int(self._answer())
        return code, output.read_text(encoding="utf-8", errors="replace")

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process that starts the programs has ended")
        return line

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def play(name: str, how: str, preloaded: Preloaded | None = None) -> tuple[dict[str, Any], int, str]:
    """The trace of a program, its exit code and what it printed.

    A play in which wandb lost its watcher of files says nothing about the callback, and is done again.

    Raises:
        RuntimeError: the watcher ended each time.
    """
    for _ in range(_TRIES):
        played = _play(name, how, preloaded)
        if not WATCHER_ENDED.search(played[2]):
            return played
    raise RuntimeError(f"{name}: in {_TRIES} plays out of {_TRIES} wandb's watcher of files ended early:\n{played[2]}")


def _play(name: str, how: str, preloaded: Preloaded | None) -> tuple[dict[str, Any], int, str]:
    with tempfile.TemporaryDirectory() as folder, Backend() as backend:
        place = Path(folder)
        script = copy_to(name, place, spelled_anew=how == "twin")
        environment = {**own_environment(script), **backend.environment(), **wandb_folders(place / "wandb")}
        if preloaded is None or script.suffix == ".ipynb" or "subprocess" in script.read_text(encoding="utf-8"):
            done = subprocess.run(
                [sys.executable, *started(script, how)],
                check=False, env=environment, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, errors="replace",
            )  # fmt: skip
            code, output = done.returncode, done.stdout
        else:
            code, output = preloaded.run(script, environment)
        trace = trace_of(backend.snapshot(), "http", blind=BLIND)
    return told(trace, how), code, output


def started(script: Path, how: str) -> list[str]:
    """The arguments of the interpreter; the cells of a notebook are run by IPython."""
    if script.suffix == ".ipynb":
        return ["-m", f"{__package__}.cells", how, str(script)]
    run = [] if how == "twin" else ["-m", "wandb_keras_compat", "run"]
    return [*run, *(["--keras", "tf_keras"] if how == "option" else []), str(script)]


def copy_to(name: str, place: Path, *, spelled_anew: bool = False) -> Path:
    """The program in a folder of its own, as it stands or in the spelling of 2.12, and what it reads beside it."""
    (original,) = (path for path in PROGRAMS.glob(f"{name}.*"))
    script = place / original.name
    source = original.read_text(encoding="utf-8")
    if spelled_anew:
        source = twin(source)[0]
        if script.suffix == ".ipynb":  # no IPython can be had beside TensorFlow 2.12
            script, source = script.with_suffix(".py"), cells_of(source)
    script.write_text(source, encoding="utf-8")
    if "saved" in source:
        shutil.copytree(PROGRAMS / "saved", place / "saved")
    return script


def cells_of(notebook: str) -> str:
    """The code of a notebook as a script."""
    return "\n\n".join("".join(cell["source"]) for cell in json.loads(notebook)["cells"] if cell["cell_type"] == "code")


def own_environment(script: Path) -> dict[str, str]:
    """Ours without anything of wandb and Keras, and the same numbers each time."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "IPYTHONDIR": str(script.parent / "ipython")}
    return inherited_environment(SAME, quiet, drop=("WANDB_", "KERAS_", "TF_"), path=[SOURCES])


def told(trace: dict[str, Any], how: str) -> dict[str, Any]:
    """*trace* with every version that matters, and nothing of the terminal."""
    keras = "tf-keras" if how == "option" else "keras"
    packages = {"tensorflow": "tensorflow", "wandb": "wandb", "numpy": "numpy", "h5py": "h5py", "keras": keras}
    versions = {name: version_of(package) for name, package in packages.items()}
    python = ".".join(map(str, sys.version_info[:3]))
    return silenced(trace, {"python": python, **{k: v for k, v in versions.items() if v}})


def silenced(trace: dict[str, Any], made_with: dict[str, str]) -> dict[str, Any]:
    """*trace* with these versions, and nothing of the terminal."""
    for run in trace["runs"]:
        run["console"] = []
    trace["made_with"] = made_with
    return trace


def version_of(package: str) -> str | None:
    for name in (package, f"{package}-cpu"):
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return None


def main(how: str, folder: str, *names: str) -> None:
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    waiting = SimpleQueue[str]()
    for name in names or NAMES:
        waiting.put(name)

    def lane() -> None:
        preloaded = Preloaded(how)
        try:
            with suppress(Empty):
                while True:
                    name = waiting.get_nowait()
                    _keep(target, name, *play(name, how, preloaded))
        finally:
            preloaded.close()

    lanes = min(_AT_ONCE, waiting.qsize())
    with ThreadPoolExecutor(lanes) as pool:
        for ended in [pool.submit(lane) for _ in range(lanes)]:
            ended.result()


def _keep(folder: Path, name: str, trace: dict[str, Any], code: int, output: str) -> None:
    (folder / f"{name}.json").write_text(dumps(trace), encoding="utf-8")
    ended = folder / f"{name}.ended.txt"
    ended.unlink(missing_ok=True)
    if code:
        ended.write_text(output, encoding="utf-8")
    print(f"{name}: {'played' if not code else f'ended with {code}'}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
