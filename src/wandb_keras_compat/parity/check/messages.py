"""The sentences of ``check``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.util import find_spec


def no_such_name(name: str, near: Iterable[str], capabilities: Iterable[str]) -> str:
    meant = f" Did you mean {' or '.join(near)}?" if near else ""
    return (
        f"--only {name}: there is no capability, scenario, use or program of that name.{meant} Capabilities: "
        + ", ".join(capabilities)
    )


def bad_ledger(error: object) -> str:
    return f"{error}. The table was made without this ledger, with the package's own."


def cannot_import(module: str, last_line: str, python: str) -> str:
    backend = os.environ.get("KERAS_BACKEND")
    by = f", with KERAS_BACKEND={backend}" if backend and module != "wandb" else ""
    others = [name for name in ("jax", "torch") if module == "tensorflow" and not backend and find_spec(name)]
    tell = f" {others[0]} is installed: KERAS_BACKEND={others[0]} makes Keras compute with it." if others else ""
    line = last_line.rstrip(".")
    return f"{module} cannot be imported in this environment ({python}{by}): {line}. Nothing can be played.{tell}"


def died_at_start(how: str) -> str:
    return f"the process that imports Keras and wandb came to nothing: {how}. Nothing can be played."


def other_backend(backend: str, versions: str) -> str:
    return (
        f"Keras is told to compute with {backend} here ({versions}), which cannot train. "
        "Run it with KERAS_BACKEND=tensorflow, jax or torch."
    )


def not_here(name: str, why: str) -> str:
    return f"{name} is not played here: {why}"


def no_golden(name: str) -> str:
    return f"{name}: there is no golden of the real class in this installation; it cannot be judged. Install it again."


def no_legacy_class(last_line: str, wandb: str) -> str:
    return f"wandb {wandb} alone has no WandbCallback: {last_line}"


def hangs(name: str, why: str) -> str:
    return f"{name}: ended from outside: {why}; it was not judged. --timeout SECONDS gives it more."


def judge_failed(name: str, error: object) -> str:
    return f"{name}: what it left cannot be compared: {error}"


def not_recorded() -> str:
    return "Nothing was recorded of one of the two, so they cannot be compared."


def program_ended(native: int, ours: int) -> str:
    """Of a program whose exit codes, as it is and with this package, are not both 0."""
    if not ours:
        return (
            f"With this package the program runs to its end; as it is it does not (exit code {native}), so there is "
            "nothing to compare."
        )
    if not native:
        return f"As it is the program runs to its end; with this package it does not (exit code {ours})."
    return (
        f"The program runs to its end neither as it is (exit code {native}) nor with this package (exit code {ours})."
    )


def only_with_an_environment(options: Iterable[str]) -> str:
    return f"{', '.join(options)}: only with --tensorflow and --wandb, the versions of an environment to be made"


def cannot_be_installed(cell: object, proof: object) -> str:
    return f"{cell} cannot be installed together:\n{proof}"


def not_played(number: int, of: int) -> str:
    return f"{number} of {of} were not played"
