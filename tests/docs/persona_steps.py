"""Four people, what they have, and what each page that they follow asks of them: played in an environment of their own."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import tempfile
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from compat_matrix.install_questions import listed, size_of
from wandb_keras_compat.parity.check import uv
from wandb_keras_compat.parity.check.cell_environment import interpreter_of
from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders

from . import commands
from .commands import Command

HERE = Path(__file__).parent
PROGRAMS = commands.ROOT / "src" / "wandb_keras_compat" / "parity" / "migration"
#: What of Colab's image the steps can meet: googlecolab/backend-info, pip-freeze.gpu.txt of June 2026, on Python 3.12.
COLAB = (
    "tensorflow==2.20.0 keras==3.13.2 tf_keras==2.20.0 numpy==2.0.2 scipy==1.16.3 pandas==2.2.2 scikit-learn==1.6.1 "
    "h5py==3.16.0 protobuf==5.29.6 wandb==0.27.0 pillow==11.3.0 ipython==7.34.0 ipykernel==6.17.1 nbformat==5.10.4 traitlets==5.7.1 click==8.4.1 "
    "rich==13.9.4 packaging==26.2 pytest==8.4.2 jsonschema==4.26.0 jinja2==3.1.6 starlette==0.52.1 uvicorn==0.48.0 "
    "pydantic==2.12.3 requests==2.32.4 urllib3==2.5.0 PyYAML==6.0.3 typing_extensions==4.15.0 setuptools==75.2.0 pip==24.1.2"
)
FILES = 300
REPOSITORIES = 30
#: Commands that are not run, by their beginning, with the reason.
NOT_RUN = {
    "multi-gitter ": "asks a forge, with an account",
    "turbolift ": "asks a forge, with an account",
    "wandb-keras-compat trace record --seed 1 -o before.json -- old/bin/python": "wants an environment of 2023",
}
#: Lines that stand last and are about something else: wandb's, pip's, and those of what TensorFlow is made of.
NOISE = re.compile(r"wandb:|\[notice\]|[IWEF]0000 ")
#: What the site says is to be written for the name of the package as long as no index has it.
CHECKOUT = "../wandb-keras-compat"


def nothing_else(_: Path) -> None:
    """The files of the pages are all."""


def three_hundred_files(folder: Path) -> None:
    """The sources and notebooks of the pages, grown by the programs that the codemods are tried on until they are that many."""
    there = [path for part in ("src", "notebooks") for path in (folder / part).rglob("*") if path.is_file()]
    for number, source in zip(range(FILES - len(there)), itertools.cycle(programs())):
        copy_of(source, folder / "src" / f"group_{number // 20:02}", number)


def many_repositories(folder: Path) -> None:
    """Beside the two that the page makes, as many as a platform has, with ten files each."""
    sources = itertools.cycle(programs())
    for repository in range(REPOSITORIES - 2):
        for number in range(FILES // REPOSITORIES):
            copy_of(next(sources), folder / "work" / f"team_{repository:02}", number)


def programs() -> list[Path]:
    return [path for path in sorted(PROGRAMS.glob("*/*")) if path.suffix in {".py", ".ipynb"} and path.name[0] != "_"]


def copy_of(source: Path, folder: Path, number: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, folder / f"{source.stem}_{number:03}{source.suffix}")


@dataclass(frozen=True)
class Persona:
    """Who reads which pages, on which Python, with what installed."""

    who: str
    python: str
    has: tuple[str, ...]
    pages: tuple[str, ...]
    prepare: Callable[[Path], None] = nothing_else
    note: str = ""

    def steps(self) -> list[tuple[str, Command]]:
        """The commands of the pages that are run, in their order."""
        return [(page, command) for page in self.pages for command in of(page)[0] if not_run(command) is None]


PERSONAS = {
    "notebook": Persona(
        "A researcher with a notebook, on the versions of Colab", "3.12", tuple(COLAB.split()), ("docs/tutorial/old-notebook.md",),
        note="What the steps can meet of Colab's image is here at the versions that the repository googlecolab/backend-info names in "
        "`pip-freeze.gpu.txt` of June 2026, on the Python of that image. Colab itself was not used, and there is no GPU.",
    ),
    "engineer": Persona(
        f"An engineer with {FILES} files and a sweep",
        "3.11",
        ("tensorflow==2.19.*", "wandb"),
        (
            "docs/how-to/keep-a-script-running.md",
            "docs/how-to/migrate-a-repository.md",
            "docs/how-to/prove-that-nothing-changed.md",
            "docs/sweeps.md",
            "docs/how-to/leave-the-class.md",
        ),
        three_hundred_files,
    ),
    "platform": Persona(
        f"A platform team with {REPOSITORIES} repositories", "3.13", (), ("docs/how-to/migrate-many-repositories.md",), many_repositories
    ),
    "tests": Persona("An author of tests", "3.10", ("tensorflow-cpu", "wandb"), ("docs/test-suites.md",)),
}  # fmt: skip


def of(page: str) -> tuple[list[Command], dict[str, str]]:
    return commands.pieces((commands.ROOT / page).read_text(encoding="utf-8"))


def not_run(command: Command) -> str | None:
    return next((why for beginning, why in NOT_RUN.items() if command.text.startswith(beginning)), None)


def as_typed(command: str) -> str:
    """The command with the path of a checkout for the name of the package, as the site says it is to be done."""
    return (
        re.sub(r"(?<=[' ])wandb-keras-compat(?=[\[' ]|$)", CHECKOUT, command) if "pip install" in command else command
    )


def played(persona: Persona) -> dict[str, Any]:
    """What came of the steps of *persona*, in an environment that is thrown away.

    Raises:
        RuntimeError: a command ended otherwise than its page says.
    """
    with tempfile.TemporaryDirectory() as around:
        place = Path(around, "environment")
        uv.run("make", "venv", "--quiet", "--seed", "--python", uv.interpreter(persona.python), str(place))
        python = str(interpreter_of(place))
        if persona.has:
            uv.run("install what is there before", "pip", "install", "--quiet", "--python", python, *persona.has)
        Path(around, "home").mkdir()
        Path(around, CHECKOUT.rpartition("/")[2]).symlink_to(commands.ROOT, target_is_directory=True)
        variables = environment(Path(around), place)
        before = listed(python)
        found: dict[str, Any] = {"cores": os.cpu_count(), "megabytes_before": megabytes(place), "steps": []}
        folder = Path(around)
        last = None
        for page, command in persona.steps():
            if page != last:
                folder = Path(around, Path(page).stem)
                laid_out(folder, page, persona)
                last = page
            found["steps"].append(a_step(page, command, folder, place, variables))
            click.echo(found["steps"][-1])
        after = listed(python)
        found["megabytes_after"] = megabytes(place)
        found["changed"] = sorted(f"{name} {before[name]}" for name in before if after.get(name) != before[name])
        names = ("tensorflow", "tensorflow-cpu", "keras", "tf-keras", "numpy", "wandb", "ipython")
        found["versions"] = {name: after[name] for name in names if name in after}
        return found


def laid_out(folder: Path, page: str, persona: Persona) -> None:
    """The files that a page begins with."""
    shutil.copytree(HERE / "files", folder, ignore=shutil.ignore_patterns("__pycache__"))
    for notebook in (commands.ROOT / page).parent.glob("*.ipynb"):
        shutil.copy(notebook, folder)
    persona.prepare(folder)
    for name, text in of(page)[1].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def environment(around: Path, place: Path) -> dict[str, str]:
    """A shell in which that environment is active, with a home of its own and nothing else of ours."""
    return inherited_environment(
        wandb_folders(around / "wandb-folders"),
        {
            "PATH": os.pathsep.join([str(place / "bin"), "/usr/local/bin", "/usr/bin", "/bin"]),
            "VIRTUAL_ENV": str(place),
            "HOME": str(around / "home"),
            "WANDB_MODE": "offline",
            "NO_COLOR": "1",
            "COLUMNS": "120",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "-1",
        },
        drop=("WANDB_", "PYTEST_", "KERAS_", "TF_USE_LEGACY"),
        path=(),
    )


def a_step(page: str, command: Command, folder: Path, place: Path, variables: dict[str, str]) -> dict[str, Any]:
    """One command: how long it took, how it ended, what it said last, and what it left."""
    begun, used = time.monotonic(), os.times()
    done = subprocess.run(
        ["bash", "-c", as_typed(command.text)],
        cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False,
    )  # fmt: skip
    seconds, now = round(time.monotonic() - begun, 1), os.times()
    computed = now.children_user + now.children_system - used.children_user - used.children_system
    if done.returncode != command.exit_code:
        raise RuntimeError(f"{page}: {command.text} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return {
        "page": page,
        "command": command.text,
        "exit_code": done.returncode,
        "seconds": seconds,
        "computed": round(computed, 1),
        "said": last_line(done.stdout, folder.parent),
        "megabytes": megabytes(folder),
        "environment": megabytes(place) if "pip install" in command.text else None,
    }


def last_line(output: str, around: Path) -> str:
    """The last line that is not wandb's, without our folders and in one line of the table."""
    lines = [line.strip() for line in commands.COLOUR.sub("", output).replace(str(around), "").splitlines()]
    said = [line for line in lines if re.search(r"[a-z]{3}", line) and not NOISE.match(line)]
    return textwrap.shorten(said[-1], 120, placeholder=" …") if said else ""


def megabytes(place: Path) -> float:
    return round(size_of(place) / 1e6, 1)
