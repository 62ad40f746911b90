"""A user's own program in an environment: recorded as it is and with this package, and what differs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from . import messages


def compare_program(
    python: Path,
    variables: Callable[..., dict[str, str]],
    command: Sequence[str],
    folder: Path,
    keras: str | None = None,
    own: Callable[..., int] | None = None,
) -> int:
    """Records *command* natively and with the package, into *folder*, and prints the difference.

    Args:
        python: the environment's interpreter.
        variables: makes the environment variables of a program there.
        command: ``SCRIPT [ARGS]`` or ``-m MODULE [ARGS]``; a ``python`` in front of it is the environment's.
        keras: what it is given as ``run --keras``.
        own: runs a command of ours, for the tests.

    Returns:
        0 where it runs with the package and logs what it logs natively, or does not run natively; 1 where it does not
        run with the package, or logs something else; 2 where nothing could be recorded.
    """
    own = own or _own_command
    program = list(command[1:] if Path(command[0]).name.startswith("python") else command)
    folder.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    traces = {"native": folder / "native.json", "ours": folder / "ours.json"}
    codes = {}
    for who, trace in traces.items():
        trace.unlink(missing_ok=True)
        shim = ["-m", "wandb_keras_compat", "run", *(("--keras", keras) if keras else ())] if who == "ours" else []
        print(f"--- {' '.join(program)}, {'with this package' if shim else 'as it is'}", flush=True)
        record = ("trace", "record", "-o", str(trace), "--seed", "1", "--", str(python), *shim, *program)
        codes[who] = own(*record, variables=variables(PATH=path))
    if not all(trace.exists() for trace in traces.values()):
        print(messages.not_recorded())
        return 2
    if codes["ours"] or codes["native"]:
        print(messages.program_ended(codes["native"], codes["ours"]))
        return 1 if codes["ours"] else 0
    return own("trace", "diff", *map(str, traces.values()), variables=dict(os.environ))


def _own_command(*arguments: str, variables: Mapping[str, str]) -> int:
    """Runs our own command with this interpreter, in the user's folder; returns its exit code."""
    return subprocess.run(
        [sys.executable, "-m", "wandb_keras_compat", *arguments], env=dict(variables), check=False
    ).returncode
