"""Imports the Keras package of the installed wandb, or what stands in its place in a program without TensorFlow.

No other module imports ``wandb.integration.keras`` or ``wandb.keras``: the import hook may have given those our names,
and importing them may replace ``Model.fit`` and leave an import hook of wandb's behind.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from ..backends.families import framework_of, program_keras
from ..hook import fit_left_alone, names
from .artifact_ids import have_ids_of_their_own


def installed_callbacks() -> types.ModuleType:
    """The module of the installed wandb's own three callbacks, imported without a change to Keras or to imports.

    It imports TensorFlow. Where Keras computes with another framework, TensorFlow is not there, or the program does not
    use it and shall not wait for it; there it is :mod:`.own_callbacks`.

    Raises:
        ImportError: there is no Keras that could train.
    """
    have_ids_of_their_own()
    if not are_wandbs():
        return import_module(f"{__package__}.own_callbacks")
    with fit_left_alone(), _imports_left_alone():
        return import_module(names.CALLBACKS_OF_WANDB)


def are_wandbs() -> bool:
    """Whether :func:`installed_callbacks` are wandb's own.

    Raises:
        ImportError: there is no Keras that could train.
    """
    return framework_of(program_keras()) == "tensorflow"


@contextmanager
def _imports_left_alone() -> Iterator[None]:
    """Removes the import hook that wandb registers in ``wandb.util`` when Keras is not imported yet.

    The hook would warn of Keras before 2.4, which no supported TensorFlow has. A hook registered earlier, for instance
    by the program's own import of wandb's Keras package, stays.
    """
    if names.PACKAGE in sys.modules:
        yield
        return
    before = _hook_of_wandb()
    try:
        yield
    finally:
        hook = _hook_of_wandb()
        if hook is not None:
            _take_back(hook.on_import)
            if before is None and not hook.on_import:
                if hook in sys.meta_path:
                    hook.uninstall()
                sys.modules["wandb.util"]._import_hook = None  # type: ignore[attr-defined]


def _hook_of_wandb() -> Any:
    return getattr(sys.modules.get("wandb.util"), "_import_hook", None)


def _take_back(on_import: dict[str, list[Callable[[], object]]]) -> None:
    for name, functions in [*on_import.items()]:
        kept = [function for function in functions if not function.__module__.startswith(names.PACKAGE)]
        if kept:
            on_import[name] = kept
        else:
            del on_import[name]
