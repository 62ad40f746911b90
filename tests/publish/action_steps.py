"""Plays the steps of ``action.yml`` as a runner does, as far as one machine can: ``python action_steps.py PYTHON``.

The nox session ``publish`` does it: the first step really makes an environment and installs into it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
LEGACY = "from wandb.keras import WandbCallback\n"
MOVED = "from wandb_keras_compat import WandbCallback\n"


def action() -> dict[str, Any]:
    return YAML(typ="safe", pure=True).load((ROOT / "action.yml").read_text(encoding="utf-8"))


def environment_of(step: Mapping[str, Any], given: Mapping[str, str], outputs: Mapping[str, str]) -> dict[str, str]:
    """The variables of *step*, with the inputs *given*, the default of each other, and what earlier steps put out."""
    inputs = {name: given.get(name, entry["default"]) for name, entry in action()["inputs"].items()}
    values = {f"inputs.{name}": value for name, value in inputs.items()} | {"github.action_path": str(ROOT), **outputs}
    return {
        name: re.sub(r"\$\{\{ ([\w.]+) \}\}", lambda found: values[found[1]], text)
        for name, text in step["env"].items()
    }


def outputs_of(steps: list[Mapping[str, Any]], file: Path) -> dict[str, str]:
    """What is in *file*, by the name that an expression has for it."""
    (number,) = [step["id"] for step in steps if "id" in step]
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {f"steps.{number}.outputs.{name}": value for name, _, value in (line.partition("=") for line in lines)}


def play(work: Path, temporary: Path, *steps: Mapping[str, Any], **given: str) -> subprocess.CompletedProcess[str]:
    """Runs *steps* in the folder *work*, up to the first that fails, and gives back the last that ran."""
    file = temporary / "output"
    for step in steps:
        assert step["shell"] == "bash"
        environment = environment_of(step, given, outputs_of(action()["runs"]["steps"], file))
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=work, env={**os.environ, "RUNNER_TEMP": str(temporary), "GITHUB_OUTPUT": str(file), **environment},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if ended.returncode:
            break
    return ended


def main(python: str) -> None:
    install, look = action()["runs"]["steps"]
    with tempfile.TemporaryDirectory() as name:
        temporary, work = Path(name, "runner"), Path(name, "work")
        temporary.mkdir()
        (work / "a folder").mkdir(parents=True)
        (work / "train.py").write_text(LEGACY, encoding="utf-8")
        (work / "a folder" / "moved.py").write_text(MOVED, encoding="utf-8")

        found = play(work, temporary, install, look, python=python)
        assert found.returncode == 1, f"{found.stdout}{found.stderr}"
        assert "would rewrite train.py" in found.stdout, found.stdout
        clean = play(work, temporary, look, paths="a folder\n")
        assert clean.returncode == 0, f"{clean.stdout}{clean.stderr}"
        chosen = play(work, temporary, look, paths="train.py\na folder", options="--to callbacks --exit-zero")
        assert chosen.returncode == 0, f"{chosen.stdout}{chosen.stderr}"
        assert (work / "train.py").read_text(encoding="utf-8") == LEGACY, "--check writes nothing"
        wrong = play(work, temporary, look, options="--nothing-such")
        assert wrong.returncode == 2, f"{wrong.stdout}{wrong.stderr}"

        installed = subprocess.run(
            [(temporary / "output").read_text(encoding="utf-8").partition("=")[2].strip(), "-m", "pip", "list"],
            capture_output=True, text=True, check=True,
        ).stdout.lower().split()  # fmt: skip
        assert {"wandb", "numpy", "tensorflow"}.isdisjoint(installed), installed
    print("action.yml: its steps end with 1 for legacy code, 0 for none, 2 for a wrong option")


if __name__ == "__main__":
    main(*sys.argv[1:])
