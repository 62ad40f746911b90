"""Recognizes errors that come of a model file of Keras 2, which Keras 3 does not load or loads wrongly.

Evidence is the content of the file, and the local variables in the frames of the error. A file counts only if Keras 2
would load it: all layers, losses and metrics it names are those of Keras, or were given as custom objects.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import FrameType, TracebackType
from typing import Any

from wandb_keras_codemods import keras_removed

from ...hook import keras_messages

# The functions of Keras that load a model, and their argument.
_LOADERS = {
    "load_model": "filepath",
    "load_model_from_hdf5": "filepath",
    "model_from_json": "json_string",
}
_SAVED_MODEL = ("saved_model.pb", "keras_metadata.pb")
_PLACES = (
    "layers models initializers regularizers constraints losses metrics optimizers activations "
    "optimizers.schedules dtype_policies"
)
_HOMES = _PLACES.split()
# What the files of tf.keras have besides the public classes: operations on layer outputs, and names of their own.
_MORE_NAMES = (
    "Functional ClassMethod InstanceMethod InstanceProperty SlicingOpLambda TFOpLambda TensorFlowOpLayer Policy "
    "PolicyV1 LossFunctionWrapper MeanMetricWrapper SumOverBatchSizeMetricWrapper"
)
_OF_TF_KERAS = frozenset(_MORE_NAMES.split())
_ACCURACY = frozenset({"acc", "accuracy", "ce", "crossentropy"})
_UNKNOWN_VARIABLE = "This optimizer can only be called for the variables it was originally built with"
_NESTED_METRICS = "Expected all entries in the `metrics` list to be metric objects"


Say = Callable[[str], str]
"""The sentence, of how the program is started with the option."""


def found(error: BaseException, trace: TracebackType | None) -> Say | None:
    """The hint about the file, or None where the error does not come of one."""
    frames = list(_frames(trace))
    for place, frame in enumerate(frames):
        argument = _LOADERS.get(frame.f_code.co_name)
        if argument is not None and _of_keras(frame):
            rest = frames[place:]
            if all(_of_libraries(each) for each in rest):
                return _of_loading(error, [each.f_locals for each in rest], argument)
            return None
    return _of_training(error, frames)


def _of_loading(error: BaseException, scopes: list[dict[str, Any]], argument: str) -> Say | None:
    source = scopes[0].get(argument)
    given: dict[str, Any] = {}
    for scope in scopes:
        objects = scope.get("custom_objects")
        given |= objects if isinstance(objects, dict) else {}
    given |= sys.modules["keras"].utils.get_custom_objects()
    if argument == "json_string":
        saved: Mapping[str, Any] = _parsed(source)
        version, name = str(saved.get("keras_version", "")), "the JSON of the model"
        configs = [saved]
    else:
        path = str(getattr(source, "filename", source))
        name = os.path.basename(os.path.normpath(path))
        if all(os.path.isfile(os.path.join(path, part)) for part in _SAVED_MODEL):
            return partial(keras_messages.saved_model, name) if "File format not supported" in str(error) else None
        attributes = _attributes(path)
        version = attributes.get("keras_version", "")
        configs = [_parsed(attributes.get(key)) for key in ("model_config", "training_config")]
    if version.split(".")[0] not in ("1", "2") or not configs[0]:
        return None
    if not all(_is_known(each, given) for config in configs for each in _names(config)):
        return None
    # Code of the program's own may have failed, and that need not be for Keras 3.
    own = [each for config in configs for each in _names(config) if each in given]
    return None if any(each in str(error) for each in own) else partial(keras_messages.saved_by_keras_2, name, version)


def _of_training(error: BaseException, frames: list[FrameType]) -> Say | None:
    """The hint for errors of training on: Keras 3 gives the optimizer of an .h5 no variables, and misreads metrics."""
    last = next(iter(frames[-1:]), None)
    if last is None or not _of_keras(last):
        return None
    itself = last.f_locals.get("self")
    if _UNKNOWN_VARIABLE in str(error) and _knows_no_variable(itself):
        # Keras 2 wrote "Adam" where Keras 3 writes "adam".
        by_keras_2 = not str(getattr(itself, "name", "")).islower()
        return partial(keras_messages.training_after_loading, by_keras_2=by_keras_2)
    if isinstance(error, TypeError) and isinstance(getattr(itself, "_fn", None), str):
        return partial(keras_messages.training_after_loading, by_keras_2=True)
    if _NESTED_METRICS in str(error):
        models = (frame.f_locals.get("args", ())[:1] for frame in frames if frame.f_code.co_name == "error_handler")
        for optimizer in (getattr(model, "optimizer", None) for first in models for model in first):
            if _knows_no_variable(optimizer) and not str(getattr(optimizer, "name", "")).islower():
                return partial(keras_messages.training_after_loading, by_keras_2=True)
    return None


def _knows_no_variable(optimizer: Any) -> bool:
    return bool(getattr(optimizer, "built", False)) and getattr(optimizer, "_trainable_variables", None) == []


def _attributes(path: str) -> dict[str, str]:
    """The text attributes that Keras has written into an HDF5 file, whatever the file is called."""
    h5py = sys.modules.get("h5py")
    if h5py is None or not os.path.isfile(path) or not h5py.is_hdf5(path):
        return {}
    with h5py.File(path, "r") as file:
        keys = ("keras_version", "model_config", "training_config")
        texts = {key: file.attrs[key] for key in keys if key in file.attrs}
    return {key: text.decode() if isinstance(text, bytes) else str(text) for key, text in texts.items()}


def _parsed(text: Any) -> dict[str, Any]:
    value = json.loads(text) if isinstance(text, (str, bytes)) else {}
    return value if isinstance(value, dict) else {}


def _names(config: Any, key: str = "") -> Iterator[str]:
    """The names in a configuration that have to be looked up: classes, losses, metrics and activations.

    For a Lambda layer with Python bytecode, which depends on the version of Python, "<lambda>" is given: a name that is
    never found.
    """
    if isinstance(config, dict):
        if "class_name" in config and "config" in config:
            yield str(config["class_name"])
            key = ""
        if config.get("function_type") == "lambda":
            yield "<lambda>"
        for name, value in config.items():
            if not (key == "" and name in ("class_name", "name", "loss_weights")):
                inherited = key if key in ("loss", "metrics") else ""
                yield from _names(value, _kind(name) or inherited)
    elif isinstance(config, list):
        for value in config:
            yield from _names(value, key)
    elif isinstance(config, str) and key:
        yield config


def _kind(name: str) -> str:
    if name in ("loss", "metrics", "weighted_metrics"):
        return "loss" if name == "loss" else "metrics"
    return "activation" if name in ("activation", "recurrent_activation") else ""


def _is_known(name: str, given: Mapping[str, Any]) -> bool:
    if name in given or name in _OF_TF_KERAS or name in _ACCURACY:
        return True
    keras = sys.modules["keras"]
    for home in _HOMES:
        module: Any = keras
        for part in home.split("."):
            module = getattr(module, part, None)
        if hasattr(module, name):
            return True
        if keras_removed.removed_name(home, name) and not keras_removed.not_in_tf_keras(f"{home}.{name}"):
            return True
    return False


def _frames(trace: TracebackType | None) -> Iterator[FrameType]:
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _of_keras(frame: FrameType) -> bool:
    return _top(frame) == "keras"


def _of_libraries(frame: FrameType) -> bool:
    """Whether the code is that of Keras or of what it uses, not the program's."""
    return _top(frame) in ("keras", "tensorflow", "h5py", "numpy", "json", "contextlib", "importlib", "inspect")


def _top(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
