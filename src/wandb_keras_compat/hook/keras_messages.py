"""The messages of the option ``keras="tf_keras"``, and of the hints to use it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence

OPTION = "keras='tf_keras'"


def unknown_value(value: object, choices: tuple[str, ...]) -> str:
    return f"keras={value!r}: the choices are {', '.join(map(repr, choices))}"


def chosen_already(chosen: str, value: str) -> str:
    return f"keras={value!r} came after keras={chosen!r} in one process: choose one of them, or call uninstall() before"


def too_late(module: str) -> str:
    return (
        f"{OPTION} came too late: this process has imported {module} already, and that is Keras 3; choose it before "
        "the first import of keras and tensorflow (in a notebook: restart the kernel, then in the first cell)"
    )


def other_backend(backend: str) -> str:
    if backend in ("theano", "cntk"):
        return f"KERAS_BACKEND={backend} ended with Keras 2.3; Keras 2 runs on TensorFlow alone: leave the variable out"
    return (
        f"KERAS_BACKEND={backend} needs Keras 3, and {OPTION} asks for Keras 2, which runs on TensorFlow alone: "
        "leave out one of the two"
    )


def no_tensorflow() -> str:
    return f"{OPTION} needs TensorFlow, which is not installed: pip install tensorflow tf-keras"


def no_tf_keras(minor: str) -> str:
    return f"{OPTION} needs the package tf-keras, which is not installed: {_install(minor)}"


def other_minor(found: str, minor: str) -> str:
    return f"tf-keras {found} does not go with TensorFlow {minor}: {_install(minor)}"


def keras_2_already(version: str) -> str:
    return f"TensorFlow {version} has Keras 2 itself, so there is nothing to choose: leave out {OPTION}"


def keras_3_only(name: str, asked_by: str) -> str:
    who = f"the package {asked_by}" if asked_by else "this program"
    return (
        f"{name} exists in Keras 3 only, and {OPTION} makes keras Keras 2 in this process: {who} needs Keras 3, so "
        f"run it without {OPTION}"
    )


def gone(name: str, instead: str) -> str:
    return f"tf_keras has nothing that means the same as {name}: use {instead}"


#: How a program is started with the option: of a value for it and the problem that is in the way, "" if none is.
Way = Callable[[str, str], str]


def by_run(command: Sequence[str]) -> Way:
    """*command*: what stood after ``run``."""

    def way(value: str, problem: str) -> str:
        first = f" (first: {problem.partition(': ')[2]})" if problem else ""
        return f"python -m wandb_keras_compat run --keras {value} {shlex.join(command)}{first}"

    return way


def by_first_cell(value: str, problem: str) -> str:
    """The way of a notebook."""
    wanting = problem.partition(": ")[2]
    cell = [f"%{wanting}"] if wanting.startswith("pip ") else []
    cell += [f"%env WANDB_KERAS_COMPAT_KERAS={value}", "%load_ext wandb_keras_compat"]
    return "\n    ".join(["restart the kernel, and let this be the first cell:", *cell])


def removed_by_keras_3(what: str, way: str) -> str:
    return f"Keras 3 removed {what}; {as_it_is(way)}"


def as_it_is(way: str) -> str:
    return f"this runs the program as it is, with Keras 2: {way}"


def saved_by_keras_2(name: str, version: str, way: str) -> str:
    return f"{name} was saved by Keras {version}, and Keras 3 cannot load it; {as_it_is(way)}"


def saved_model(name: str, way: str) -> str:
    return f"{name} is in the SavedModel format, which Keras 3 loads no more; {as_it_is(way)}"


def training_after_loading(way: str, *, by_keras_2: bool) -> str:
    if by_keras_2:
        return (
            "this model was loaded from an .h5 that Keras 2 saved, and Keras 3 cannot go on with what it was compiled "
            f"with; {as_it_is(way)}"
        )
    return (
        "Keras 3 cannot go on training a model that it has loaded from .h5; where Keras 2 saved that file, or the "
        f"program itself does, {as_it_is(way)}"
    )


def named_otherwise(key: str, way: str) -> str:
    later = f"{key[:-3]}accuracy"
    return f"Keras up to 2.2 logged metrics=['accuracy'] as {key}, later ones as {later}; this logs it so: {way}"


def of_keras_1(argument: str, today: str) -> str:
    return f"the argument {argument} is named as in Keras 1, which Keras 2 took up to 2.2: write {today}"


def _install(minor: str) -> str:
    return f'pip install "tf-keras=={minor}.*"' if minor else "pip install tf-keras"
