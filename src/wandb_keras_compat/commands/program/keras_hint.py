"""The hint that ``run`` prints when a program ends because it uses something that Keras 3 does not have any more.

Or because there is no wandb, no Keras, or not what it is set to compute with.

Imported only after an error. Nothing here imports Keras, TensorFlow or a backend.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from subprocess import CalledProcessError
from types import ModuleType, TracebackType

from wandb_keras_codemods import keras_removed

from ...backends import messages
from ...backends.families import chosen_framework, what_is_missing
from ...hook import keras_checks, keras_messages, keras_names
from ...hook.choices import AS_IN_2_2, KERAS_CHOICES, KERAS_VARIABLE
from ...hook.frameworks import TRAINING
from ...hook.keras_finder import sentence_for
from ...needed import wandb_is_there
from ...sdk.messages import no_wandb_for_the_program
from . import keras_2_files, keras_subprocess

# How the modules of Keras 3 are named: as imported, as they name themselves, and as tf.keras.
_KERAS = re.compile(r"(?P<root>tensorflow\.keras|keras\._tf_keras\.keras|keras\.api|keras)(?:\.(?P<below>.+))?")
_CANNOT_IMPORT = re.compile(r"cannot import name '(?P<name>\w+)' from '(?P<module>[\w.]+)'")
_NO_ATTRIBUTE = re.compile(r"(?:module '(?P<module>[\w.]+)'|'(?P<kind>\w+)' object) has no attribute '(?P<name>\w+)'")
_NEVER_CALLED = re.compile(r"has never been called and thus has no defined (?P<name>input|output)\b")
# The key of a KeyError: of history, or of the file name of a ModelCheckpoint ("... Reason: 'val_acc'").
_METRIC = re.compile(r"(?:^|Reason: ')(?P<key>(?:val_)?acc)'?$")
_NOT_UNDERSTOOD = re.compile(r"(?:unexpected keyword argument|Keyword argument not understood:',) '(?P<name>\w+)'")
_ARGUMENTS = (
    re.compile(r"got an unexpected keyword argument '(?P<names>\w+)'"),
    re.compile(r"Argument\(s\) not recognized: \{(?P<names>.*)\}", re.DOTALL),
    re.compile(r"Unrecognized keyword arguments passed to \w+: \{(?P<names>.*)\}", re.DOTALL),
)
_OTHERS = {
    "A KerasTensor cannot be used as input to a TensorFlow function": "TensorFlow functions of layer outputs",
    "The filepath provided must end in `.keras`": "checkpoints in other formats than .keras",
}
_KINDS = (ImportError, AttributeError, TypeError, ValueError, LookupError, CalledProcessError)


def say(error: BaseException, trace: TracebackType | None, command: Sequence[str] | None) -> None:
    """Print :func:`hint`, if there is one; *command* is what stood after ``run``, None in a notebook."""
    way = keras_messages.by_first_cell if command is None else keras_messages.by_run(command)
    sentence = hint(error, trace, way) if isinstance(error, _KINDS) else None
    if sentence is not None:
        print(f"wandb_keras_compat: {sentence}", file=sys.stderr, flush=True)


def hint(error: BaseException, trace: TracebackType | None, way: keras_messages.Way) -> str | None:
    """The hint about the error that a program ended with, or None.

    Args:
        way: how the program is to be started with the option.
    """
    if isinstance(error, KeyError):
        return _of_metric(error, way)
    missing = (error.name or "") if isinstance(error, ModuleNotFoundError) else ""
    if missing.partition(".")[0] == "wandb" and not wandb_is_there():
        return None if "pip install" in str(error) else no_wandb_for_the_program()
    if missing in (*TRAINING, "keras"):
        assert isinstance(error, ModuleNotFoundError)
        return _of_missing(error)
    return _of_keras_3(error, trace, way) if _keras_3() else _of_keras_1(error)


def _of_missing(error: ModuleNotFoundError) -> str | None:
    """What is to be installed before Keras can be imported; None where the error says so itself."""
    missing = what_is_missing()
    if missing is not None:
        return None if str(error) == str(missing) else str(missing)
    return messages.imports_tensorflow(chosen_framework()) if error.name == "tensorflow" else None


def _of_keras_3(error: BaseException, trace: TracebackType | None, way: keras_messages.Way) -> str | None:
    file = keras_2_files.found(error, trace) if "keras" in sys.modules else None
    if file is not None:
        return file(_how(way))
    found = _of_process(error) if isinstance(error, CalledProcessError) else _removed(error, trace)
    if found is None:
        return None
    what, below = found
    gone = sentence_for(below) if below else None
    if gone is not None:
        return f"Keras 3 removed {what}; {gone}"
    return keras_messages.removed_by_keras_3(what, _how(way))


def _how(way: keras_messages.Way, value: str = KERAS_CHOICES[0]) -> str:
    return way(value, keras_checks.installation())


def _of_keras_1(error: BaseException) -> str | None:
    """The hint for an argument name of Keras 1, which Keras up to 2.2 still accepted; None for other errors."""
    match = _NOT_UNDERSTOOD.search(str(error)) if isinstance(error, TypeError) and "keras" in sys.modules else None
    today = keras_names.ARGUMENTS_OF_KERAS_1.get(match["name"]) if match else None
    return keras_messages.of_keras_1(match["name"], today) if match and today else None


def _of_metric(error: KeyError, way: keras_messages.Way) -> str | None:
    """The hint for a program that reads ``acc`` where the logs have ``accuracy``; None for other errors."""
    found = _METRIC.search(str(error.args[0]) if error.args else "")
    if found is None or "keras" not in sys.modules or os.environ.get(KERAS_VARIABLE) == AS_IN_2_2:
        return None
    return keras_messages.named_otherwise(found["key"], _how(way, AS_IN_2_2))


def _keras_3() -> bool:
    """Whether the Keras of this process is Keras 3."""
    keras = sys.modules.get("keras")
    version = str(getattr(keras, "__version__", "")) or keras_checks.version_of("keras")
    return version.split(".")[0] not in ("", "0", "1", "2")


def _removed(error: BaseException, trace: TracebackType | None) -> tuple[str, str] | None:
    """What Keras 3 removed that the error is about, in words and as a name below keras (or "")."""
    if isinstance(error, ModuleNotFoundError):
        return _of_module(error.name or "")
    if isinstance(error, ImportError):
        match = _CANNOT_IMPORT.match(str(error))
        return _of_name(match["module"], match["name"]) if match else None
    if isinstance(error, AttributeError):
        return _of_sequential(error, trace) or _of_attribute(error)
    if isinstance(error, (TypeError, ValueError)) and (
        _of_keras(trace) or _of_a_class(str(error)) or _of_keras_elsewhere(error)
    ):
        return _of_sequential(error, trace) or _of_argument(str(error))
    return None


def _of_process(error: CalledProcessError) -> tuple[str, str] | None:
    """The same for the error of a process that the program started without the hook."""
    ended = keras_subprocess.error_of(error)
    if ended is not None:
        inner, in_keras = ended
        return _removed(inner, None) or (_of_argument(str(inner)) if in_keras else None)
    program, imports = keras_subprocess.imports_of(error)
    for module, name in imports:
        found = _of_module(module) or (_of_name(module, name) if name else None)
        if found is not None:
            return f"{found[0]}, which {program} imports", found[1]
    return None


def _split(module: str) -> tuple[str, str, bool] | None:
    """For the name of a Keras module: the name to show, the name below ``keras``, and whether it was ``tf.keras``."""
    match = _KERAS.fullmatch(module)
    if match is None:
        return None
    tensorflow = match["root"] in ("tensorflow.keras", "keras._tf_keras.keras")
    below = match["below"] or ""
    shown = ".".join(filter(None, ("tensorflow.keras" if tensorflow else "keras", below)))
    return shown, below, tensorflow


def _of_module(module: str) -> tuple[str, str] | None:
    found = _split(module)
    if found is not None and keras_removed.removed_module(found[1], tensorflow=found[2]):
        return found[0], found[1]
    return None


def _of_name(module: str, name: str) -> tuple[str, str] | None:
    found = _split(module)
    if found is not None and keras_removed.removed_name(found[1], name, tensorflow=found[2]):
        return f"{found[0]}.{name}", f"{found[1]}.{name}".lstrip(".")
    return None


def _of_attribute(error: AttributeError) -> tuple[str, str] | None:
    owner = getattr(error, "obj", None)
    match = _NO_ATTRIBUTE.search(str(error))
    name = getattr(error, "name", None) or (match["name"] if match else "")
    module = owner.__name__ if isinstance(owner, ModuleType) else match["module"] if match else None
    if module:
        return _of_name(module, name)
    if name not in keras_removed.REMOVED_METHODS:
        return None
    kinds = type(owner).__mro__ if owner is not None else ()
    if any(_of_keras_module(kind.__module__) for kind in kinds):
        return f"the attribute {name} of its {kinds[0].__name__}", ""
    kind = match["kind"] if match else None
    return (f"the attribute {name} of its {kind}", "") if kind in ("Sequential", "Model", "Functional") else None


def _of_sequential(error: Exception, trace: TracebackType | None) -> tuple[str, str] | None:
    """``input`` or ``output`` of a Sequential model, in words; Keras 3 has them only after another model called it."""
    match = _NEVER_CALLED.search(str(error))
    while match is not None and trace is not None:
        layer = trace.tb_frame.f_locals.get("self")
        if type(layer).__name__ == "Sequential" and getattr(layer, "_functional", None) is not None:
            return f"the attribute {match['name']} of its Sequential model", ""
        trace = trace.tb_next
    return None


def _of_argument(text: str) -> tuple[str, str] | None:
    for pattern in _ARGUMENTS:
        match = pattern.search(text)
        names = re.findall(r"'(\w+)':|^(\w+)$", match["names"]) if match else []
        for name in ("".join(found) for found in names):
            if name in keras_removed.REMOVED_ARGUMENTS:
                return f"the argument {name}", ""
    return next(((what, "") for start, what in _OTHERS.items() if start in text), None)


def _of_keras(trace: TracebackType | None) -> bool:
    """Whether the error was raised in Keras or on calling it."""
    while trace is not None and trace.tb_next is not None:
        if _of_keras_module(str(trace.tb_frame.f_globals.get("__name__", ""))):
            return True
        trace = trace.tb_next
    return trace is not None and (
        _of_keras_module(str(trace.tb_frame.f_globals.get("__name__", "")))
        or any(_of_keras_module(str(getattr(value, "__module__", ""))) for value in trace.tb_frame.f_locals.values())
    )


def _of_keras_elsewhere(error: BaseException) -> bool:
    """Whether a process of a pool has handed over an error that was raised in Keras."""
    return keras_subprocess.last_in_keras(str(getattr(error.__cause__, "tb", "")))


def _of_a_class(text: str) -> bool:
    """Whether a class of Keras refused an argument; the traceback has no frame of Keras then."""
    match = re.match(r"(\w+)\.__init__\(\) got an unexpected", text)
    places = [sys.modules.get(f"keras.{part}") for part in ("callbacks", "layers", "optimizers", "losses", "metrics")]
    return match is not None and any(hasattr(place, match[1]) for place in places if place is not None)


def _of_keras_module(name: str) -> bool:
    return name == "keras" or name.startswith("keras.")
