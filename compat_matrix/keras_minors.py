"""Keras' minors on JAX and on PyTorch: ``check`` and a program with everything on are run with each; a page shows it.

``python -m compat_matrix.keras_minors run`` makes one environment after another, of ``[[keras_minors]]`` in
matrix.toml, and keeps what ``check --json`` said and what the program logged; ``... report [--check]`` renders it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from packaging.version import Version

from wandb_keras_compat.parity.check import uv
from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders
from wandb_keras_compat.testing.doors import run_log
from wandb_keras_compat.testing.model.snapshot import RunSnapshot

from .axes import HERE, MATRIX_TOML
from .page_of_results import write_or_check

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]  # comes with nox and pytest there

PROGRAM = HERE / "programs" / "keras_3_everything.py"
RESULTS = HERE / "keras_minors.json"
PAGE = HERE.parent / "docs" / "keras-minors.md"
LABELS = {"jax": "JAX", "torch": "PyTorch"}
SOURCES = [HERE.parent / name for name in ("src", "codemods")]
MINUTES = 10
#: What is kept of a cell, as JSON.
Result = dict[str, Any]
#: What ``check`` reads the ledger with.
OF_CHECK = ("jsonschema", "ruamel.yaml")


@dataclass(frozen=True)
class MinorCell:
    """A Keras on a framework.

    Attributes:
        requirements: the framework and what goes with it, beside Keras and wandb.
        refused: whether the package says that this Keras is too old.
    """

    backend: str
    keras: str
    python: str
    requirements: tuple[str, ...]
    refused: bool

    @property
    def name(self) -> str:
        return f"keras{self.keras}-{self.backend}"


def cells() -> list[MinorCell]:
    """Of matrix.toml, as they stand there: the newest Keras first."""
    found = tomllib.loads(MATRIX_TOML.read_text(encoding="utf-8"))["keras_minors"]
    return [
        MinorCell(part["backend"], keras, part["python"], tuple(part["requirements"]), part.get("refused", False))
        for part in found
        for keras in part["keras"]
    ]


def logged(run: RunSnapshot) -> dict[str, bool]:
    """Of each capability whether the program's run has what it logs."""
    keys, summary = set(run.history_keys()), set(run.summary())
    artifacts = {(artifact.type, artifact.name.partition("-")[0]) for artifact in run.artifacts()}
    kinds = {kind for kind, _ in artifacts}
    return {
        "flops": run.summary().get("GFLOPs", 0) > 0,
        "graph": "graph" in summary,
        "weights": "parameters/conv.weights" in keys,
        "gradients": {"gradients/conv/kernel.gradient", "gradients/bn/gamma.gradient"} <= keys,
        "examples": "examples" in keys,
        "evaluation": "validation_predictions" in keys,
        "metrics": {"loss", "accuracy", "val_loss", "epoch"} <= keys,
        "best": {"best_val_loss", "best_epoch"} <= summary,
        "checkpoint": ("model", "model") in artifacts,
        "metrics_logger": {"epoch/loss", "epoch/val_loss", "epoch/learning_rate"} <= keys,
        "model_checkpoint": any(kind == "model" and name.startswith("run_") for kind, name in artifacts),
        "eval_callback": "evaluation" in kinds,
    }


def checked(cell: MinorCell, folder: Path, python: str) -> Result:
    """What ``check`` says there: each capability's state and known differences; where it judged nothing, why."""
    report = folder / "check.json"
    _run(cell, folder, python, "check", "--json", str(report))
    found = json.loads(report.read_text(encoding="utf-8"))
    capabilities = {
        each["capability"]: {
            "state": each["state"],
            "known": each["known"],
            "findings": sorted({finding["scenario"] for finding in each["findings"]}),
            "judged": each["judged"],
            "of": each["of"],
        }
        for each in found["capabilities"]
    }
    return {"exit_code": found["exit_code"], "problems": found["problems"], "capabilities": capabilities}


def play(cell: MinorCell, folder: Path, python: str) -> Result:
    """Runs the program in the environment of *python*; what it says and logs."""
    ended = _run(cell, folder, python, "run", str(PROGRAM))
    runs = [run_log.load(path).run for path in run_log.find_run_logs(folder)]
    found: Result = {"logged": logged(runs[-1]) if runs else {}}
    found["untouched"] = "\nUNTOUCHED " in f"\n{ended.stdout}"
    if ended.returncode != 0:
        lines = ended.stdout.strip().splitlines()
        found["ended"] = next((line for line in reversed(lines) if "Error" in line.partition(" ")[0]), lines[-1])
    return found


def _run(cell: MinorCell, folder: Path, python: str, *command: str) -> subprocess.CompletedProcess[str]:
    """A command of the package, in the environment of *python*."""
    return subprocess.run(
        [python, "-m", "wandb_keras_compat", *command],
        cwd=folder,
        env=inherited_environment(
            wandb_folders(folder),
            {"KERAS_BACKEND": cell.backend, "WANDB_MODE": "offline", "KERAS_HOME": str(folder / "keras")},
            drop=["WANDB_", "KERAS_", "TF_USE_LEGACY_KERAS"],
            path=SOURCES,
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=60 * MINUTES,
        check=False,
    )


def run_cell(cell: MinorCell) -> Result:
    """Makes the environment of *cell*, plays there and removes it."""
    with tempfile.TemporaryDirectory(prefix="wandb-keras-compat-minor-") as scratch:
        environment, folder = Path(scratch, "environment"), Path(scratch, "program")
        folder.mkdir()
        uv.run(
            f"an environment for {cell.name}",
            "venv",
            "--quiet",
            "--python",
            uv.interpreter(cell.python),
            str(environment),
        )
        python = str(environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        asked = [f"keras=={cell.keras}", *cell.requirements, "h5py", "pillow", "packaging", "click", "rich", *OF_CHECK]
        more = ["--extra-index-url", "https://download.pytorch.org/whl/cpu"]
        if cell.backend != "torch" or "UV_FIND_LINKS" in os.environ:
            more = []
        uv.run(f"install {cell.name}", "pip", "install", "--quiet", "--python", python, *more, *asked)
        freeze = uv.run("list", "pip", "freeze", "--python", python).splitlines()
        versions = dict(line.split("==") for line in freeze if "==" in line)
        kept = {name: versions[name] for name in ("keras", cell.backend, "numpy", "wandb")}
        found = {"python": cell.python, "versions": kept, **play(cell, folder, python)}
        return found if cell.refused else {**found, "check": checked(cell, folder, python)}


def known() -> dict[str, Result]:
    """Name of a cell to its result."""
    results: dict[str, Result] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    return results


def said(cell: MinorCell, result: Result | None) -> str:
    """One place of the table."""
    if result is None:
        return "not run"
    if "ended" in result and cell.refused:
        return f"refused: {result['ended']}"
    versions = result["versions"]
    of = f"{LABELS[cell.backend]} {versions[cell.backend].partition('+')[0]}, NumPy {versions['numpy']}"
    if "ended" in result:
        return f"ends ({of}): {result['ended']}"
    parts = (
        [f"{_of_check(result['check'])}; everything on:"] if "check" in result else ["check not run; everything on:"]
    )
    missing = [name for name, there in result["logged"].items() if not there]
    count = f"{len(result['logged']) - len(missing)} of {len(result['logged'])}"
    everything = [f"{count} ({of})", *(f"no {name}" for name in missing)]
    return " ".join([*parts, ", ".join(everything + ([] if result["untouched"] else ["**the weights are others**"]))])


def _in_brackets(names: list[str]) -> Iterator[str]:
    if names:
        yield f"({', '.join(names)})"


def _of_check(report: Result) -> str:
    """In words: how many capabilities work, and what does not."""
    found = report["capabilities"]
    wrong = {name: each for name, each in found.items() if each["state"] not in ("works", "differs")}
    told = [" ".join([f"**{name} {each['state']}**", *_in_brackets(each["findings"])]) for name, each in wrong.items()]
    return ", ".join([f"{len(found) - len(wrong)} of {len(found)}", *told, *report["problems"]])


HEAD = """<!-- Generated by python -m compat_matrix.keras_minors report; do not edit. -->

# Keras 3 on JAX and PyTorch, minor by minor

Each place was run: an environment with that Keras and no TensorFlow, in which one program
(`compat_matrix/programs/keras_3_everything.py`) trains with `WandbCallback` with every capability on and with the three
newer callbacks, under `wandb-keras-compat run`, and once more with no callback. A number says of how many capabilities
the run has what they log; weights and optimizer are the same, bit for bit, with and without the callbacks, where
nothing else is said. Before that `wandb-keras-compat check` has played its 31 trainings there, held to what the legacy
class logged: the first number is of how many capabilities work, with known differences or none. Before 3.3 the package
refuses with one sentence.

Old minors need a JAX or NumPy of their time, since Keras uses what these have removed by now.

| Keras | on JAX | on PyTorch | wandb | Python |
|---|---|---|---|---|
"""


def rendered() -> str:
    """The page."""
    results = known()
    by_keras: dict[str, dict[str, MinorCell]] = {}
    for cell in cells():
        by_keras.setdefault(cell.keras, {})[cell.backend] = cell
    return HEAD + "\n".join(_rows(by_keras, results)) + "\n"


def _rows(by_keras: dict[str, dict[str, MinorCell]], results: dict[str, Result]) -> Iterator[str]:
    for keras in sorted(by_keras, key=Version, reverse=True):
        of = by_keras[keras]
        places = [said(of[name], results.get(of[name].name)) if name in of else "" for name in LABELS]
        found = [results[cell.name] for cell in of.values() if cell.name in results]
        wandb, python = (sorted({str(value) for value in values}) for values in (
            [result["versions"]["wandb"] for result in found], [result["python"] for result in found],
        ))  # fmt: skip
        yield f"| {keras} | {' | '.join(places)} | {', '.join(wandb)} | {', '.join(python)} |"


@click.group()
def main() -> None:
    """Keras' minors on JAX and PyTorch."""


@main.command()
@click.option("--only", multiple=True, help="The name of a cell, as keras3.3.3-jax; may be repeated.")
def run(only: tuple[str, ...]) -> None:
    """Run the program in each environment, and keep what came of it."""
    for cell in cells():
        if only and cell.name not in only:
            continue
        result = run_cell(cell)
        click.echo(f"{cell.name}: {said(cell, result)}")
        RESULTS.write_text(
            json.dumps({**known(), cell.name: result}, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )


@main.command()
@click.option("--check", is_flag=True, help="Only say whether the page is what the results say.")
def report(check: bool) -> None:
    """Render the page."""
    write_or_check(PAGE, rendered(), check=check)


if __name__ == "__main__":
    main()
