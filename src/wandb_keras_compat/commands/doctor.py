"""``wandb-keras-compat doctor``: what is installed, how it is set up, and what to mend."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click

from ..hook.frameworks import chosen_backend
from ..testing.child_environment import inherited_environment
from .diagnosis import Diagnosis, Fact, Problem, diagnose

SECONDS = 120
#: Prints the devices of a backend, one a line; asked in a process of its own, since it takes the devices.
_ASK = {
    "tensorflow": "import tensorflow as tf; print(*(d.name for d in tf.config.list_logical_devices()), sep='\\n')",
    "jax": "import jax; print(*jax.devices(), sep='\\n')",
    "torch": "from torch import cuda; print('cpu', *map(cuda.get_device_name, range(cuda.device_count())), sep='\\n')",
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--devices", is_flag=True, help="Also start the backend and list its devices (seconds).")
def doctor(as_json: bool, devices: bool) -> None:
    """Say what is installed, how it is set up, and what to mend.

    Imports neither TensorFlow nor wandb, sends nothing, and shows no key: the
    report can be pasted into an issue as it is.

    Exit code: 0 nothing to mend, 1 something is.
    """
    found = diagnose()
    if devices:
        found = _with_devices(found)
    click.echo(_as_json(found) if as_json else _as_text(found))
    if found.problems:
        raise click.exceptions.Exit(1)


def _with_devices(found: Diagnosis) -> Diagnosis:
    backend, _ = chosen_backend(inherited_environment(), Path.home())
    asked = _ASK.get(backend)
    if asked is None:
        return found
    command = [sys.executable, "-c", asked]
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=SECONDS, env=inherited_environment()
        )
    except subprocess.TimeoutExpired:
        problem = Problem(f"{backend} did not list its devices within {SECONDS} seconds", "look at its installation")
        return Diagnosis(found.facts, [*found.problems, problem])
    if ended.returncode != 0:
        last = (ended.stderr.strip().splitlines() or ["no message"])[-1]
        problem = Problem(
            f"{backend} cannot be started: {last}", f"reinstall {backend}, or choose another KERAS_BACKEND"
        )
        return Diagnosis(found.facts, [*found.problems, problem])
    fact = Fact(f"devices of {backend}", ", ".join(ended.stdout.split("\n")).strip(", "))
    return Diagnosis([*found.facts, fact], found.problems)


def _as_text(found: Diagnosis) -> str:
    lines = [f"{fact.name}: {fact.value}" for fact in found.facts]
    lines += ["", "Nothing to mend." if not found.problems else f"To mend ({len(found.problems)}):"]
    for number, problem in enumerate(found.problems, 1):
        lines += [f"{number}. {problem.what}.", f"   {problem.mend}"]
    return "\n".join(lines)


def _as_json(found: Diagnosis) -> str:
    return json.dumps(
        {"facts": {fact.name: fact.value for fact in found.facts}, "problems": [p._asdict() for p in found.problems]},
        indent=2,
        ensure_ascii=False,
    )
