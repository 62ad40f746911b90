"""Writes model files of Keras 3 that can be loaded, predict as the model did, and can be trained further.

The files of Keras' own ``model.save`` have these faults (measured with Keras 3.3 and 3.15):

* HDF5 with the optimizer's state: ``load_model`` builds the optimizer for the model's own variables alone, without
  those of its layers, and ``fit`` then ends in "Unknown variable". No layout of the state avoids this.
* The same for optimizers whose variables share names (Adagrad, Ftrl, Adafactor): "name already exists", no file.
* Writing HDF5 takes the optimizer out of the configuration that the model was compiled with: a ``.keras`` file
  written next is loaded with RMSprop.
* Losses and metrics by a short name (``mse``) do not load from HDF5, or get another name in the logs.
* ``Huber``, ``CosineSimilarity`` and ``SparseCategoricalCrossentropy`` are written without their ``delta`` or ``axis``.

So HDF5 is written without the optimizer's state, and with a training configuration of full names.
"""

from __future__ import annotations

import inspect
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from ...atomic_files import written_whole

#: Private to Keras, but the only writer of the file that ``load_weights("w.h5")`` reads on Keras 3.
_KERAS_2_WEIGHTS_LAYOUT = ("keras.src.legacy.saving.legacy_h5_format", "save_weights_to_hdf5_group")

#: Metrics that ``compile`` chooses by the shape of the output, so that the name is all there is to write.
_CHOSEN_BY_SHAPE = ("accuracy", "acc", "crossentropy", "ce")


def save_hdf5(model: Any, path: str, **arguments: Any) -> None:
    """Writes the whole *model* to the HDF5 file *path*; the arguments are those of ``model.save``.

    If the user's class has a ``save`` of its own, without ``include_optimizer``, its file is left as it is.
    """
    import h5py  # a dependency of Keras, and slow to import

    ours = _takes(model.save, "include_optimizer")
    with _compile_config_kept(model):
        model.save(path, **arguments, **({"include_optimizer": False} if ours else {}))
    configuration = _training_configuration(model) if ours and h5py.is_hdf5(path) else None
    if configuration is not None:
        with h5py.File(path, "r+") as file:
            file.attrs["training_config"] = configuration.encode()


def save_zip(model: Any, path: str, **arguments: Any) -> None:
    """Writes *model* to the ``.keras`` file *path*, with the arguments of losses that Keras leaves out."""
    model.save(path, **arguments)
    if any(map(_forgotten_arguments, _losses_of(model))) and zipfile.is_zipfile(path):
        config = model.get_compile_config()
        _completed(getattr(model, "loss", None), config.get("loss"))
        _with_compile_config(path, "loss", config["loss"])


def forgets_optimizer(model: Any) -> bool:
    """Whether *model* has an optimizer with a state that :func:`save_hdf5` leaves out: slots, or a schedule's step."""
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return False
    scheduled = callable(getattr(optimizer, "_learning_rate", None)) and not hasattr(optimizer._learning_rate, "shape")
    return scheduled or len(getattr(optimizer, "variables", ())) > 2  # two: the step and the learning rate


def keras_2_weights_writer() -> Callable[[Any, Any], None] | None:
    """Keras 3's private writer of Keras 2's weights layout, ``write(h5py group, model)``; None where it is gone."""
    module, name = _KERAS_2_WEIGHTS_LAYOUT
    try:
        return getattr(import_module(module), name, None)
    except ImportError:
        return None


# --- the training configuration ------------------------------------------------------------------------------


def _training_configuration(model: Any) -> str | None:
    """The arguments of ``compile`` for ``load_model``, as JSON; functions and classes have names that it can look up.

    None where the model was not compiled, or its arguments cannot be written as JSON: ``load_model`` then warns that
    the model is not compiled.
    """
    import keras

    if not (getattr(model, "compiled", False) and getattr(model, "optimizer", None)):
        return None
    if not _takes(model.compile, "loss_weights"):
        return None  # a compile of the user's own, which load_model could not call
    try:
        return json.dumps(_compile_arguments(keras, model))
    except (NotImplementedError, TypeError, ValueError):
        return None


def _compile_arguments(keras: Any, model: Any) -> dict[str, Any]:
    config = model.get_compile_config()
    optimizer = keras.optimizers.serialize(model.optimizer)
    _completed(getattr(model, "loss", None), config.get("loss"))

    def loss(name: str) -> Any:
        return _full_name(keras.losses, name)

    def metric(name: str) -> Any:
        return name if name in _CHOSEN_BY_SHAPE else _full_name(keras.metrics, name)

    return {
        "optimizer_config": {
            "class_name": optimizer.get("registered_name") or optimizer["class_name"],
            "config": optimizer["config"],
        },
        "loss": _with_names(config.get("loss"), loss),
        "metrics": _with_names(config.get("metrics"), metric),
        "weighted_metrics": _with_names(config.get("weighted_metrics"), metric),
        "loss_weights": config.get("loss_weights"),
    }


def _with_names(config: Any, named: Callable[[str], Any]) -> Any:
    """*config* with each function or name in it, in lists and dicts too, replaced by ``named(name)``."""
    if isinstance(config, str):
        return named(config)
    if isinstance(config, (list, tuple)):
        return [_with_names(item, named) for item in config]
    if not isinstance(config, dict):
        return config
    if "class_name" not in config:
        return {key: _with_names(value, named) for key, value in config.items()}
    if config["class_name"] == "function":
        return named(config["registered_name"] if config.get("registered_name") != "function" else config["config"])
    return config


def _full_name(family: Any, name: str) -> Any:
    """*name* in a form that the module *family* (losses, metrics) can look up: full name or configuration."""
    try:
        known = family.get(name)
    except (ValueError, TypeError):
        return name  # the user's own, which load_model finds in its custom_objects
    if inspect.isfunction(known):
        return known.__name__
    if not hasattr(known, "get_config"):
        return name
    config = known.get_config()
    if hasattr(known, "update_state"):
        config["name"] = name  # the name of the metric in the logs
    return {"class_name": type(known).__name__, "config": config}


# --- what a loss forgets -------------------------------------------------------------------------------------


def _losses_of(model: Any) -> Iterator[Any]:
    def flat(given: Any) -> Iterator[Any]:
        if isinstance(given, dict):
            given = list(given.values())
        if isinstance(given, (list, tuple)):
            for item in given:
                yield from flat(item)
        else:
            yield given

    yield from flat(getattr(model, "loss", None))


def _forgotten_arguments(loss: Any) -> dict[str, Any]:
    """Arguments that *loss* was constructed with and that its ``get_config`` leaves out."""
    used = getattr(loss, "_fn_kwargs", None)
    if not used or not type(loss).__module__.startswith("keras."):
        return {}
    parameters = inspect.signature(type(loss).__init__).parameters
    written = loss.get_config()
    return {
        name: value
        for name, value in used.items()
        if name in parameters and name not in written and value != parameters[name].default
    }


def _completed(given: Any, config: Any) -> None:
    """Adds to *config*, the serialized form of the losses *given* to ``compile``, the arguments that Keras left out."""
    if isinstance(given, dict) and isinstance(config, dict):
        for key in given:
            _completed(given[key], config.get(key))
    elif isinstance(given, (list, tuple)) and isinstance(config, (list, tuple)):
        for one, its_config in zip(given, config):
            _completed(one, its_config)
    elif isinstance(config, dict) and isinstance(config.get("config"), dict):
        config["config"].update(_forgotten_arguments(given))


def _with_compile_config(path: str, name: str, value: Any) -> None:
    """Sets *name* to *value* in the compile configuration inside the ``.keras`` file *path*."""
    with written_whole(path) as rewritten, zipfile.ZipFile(path) as old, zipfile.ZipFile(rewritten, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "config.json":
                config = json.loads(content)
                config["compile_config"][name] = value
                content = json.dumps(config).encode()
            new.writestr(entry, content)


# --- the model stays as it is --------------------------------------------------------------------------------


@contextmanager
def _compile_config_kept(model: Any) -> Iterator[None]:
    """Restores the model's record of ``compile`` on exit: Keras' HDF5 writer removes the optimizer from it."""
    compiled = getattr(getattr(model, "_compile_config", None), "config", None)
    if not isinstance(compiled, dict):
        yield
        return
    before = dict(compiled)
    try:
        yield
    finally:
        compiled.update(before)


def _takes(function: Callable[..., Any], name: str) -> bool:
    """Whether *function* can be given the keyword *name*."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(p.name == name or p.kind is p.VAR_KEYWORD for p in parameters)
