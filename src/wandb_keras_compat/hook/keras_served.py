"""Replacements for what tf_keras has removed or changed since Keras 2, made on first use from what it has."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from typing import Any

from . import keras_names


@cache
def value(name: str) -> Any:
    """The replacement for a name of Keras 2 that tf_keras has removed."""
    if name in _CUDNN:
        return _cudnn(name, *_CUDNN[name])
    return getattr(import_module(f"{__package__}.keras_backend"), name)


# --- the layers that only cuDNN could compute ----------------------------------------------------------------------

_CUDNN: dict[str, tuple[str, dict[str, Any]]] = {"CuDNNLSTM": ("LSTM", {}), "CuDNNGRU": ("GRU", {"reset_after": True})}

# Their arguments in order: no activation and no use_bias, in which they differ from the plain layers.
_BEFORE = ["units", "kernel_initializer", "recurrent_initializer", "bias_initializer"]
_LSTM_ONLY = ["unit_forget_bias"]
_AFTER = ["kernel_regularizer", "recurrent_regularizer", "bias_regularizer", "activity_regularizer"]
_AFTER += ["kernel_constraint", "recurrent_constraint", "bias_constraint", "return_sequences", "return_state"]


def _cudnn(name: str, plain_name: str, fixed: dict[str, Any]) -> type:
    """The CuDNN layer: a call gives the plain one, which is the same function, and uses cuDNN where it can.

    It is a plain layer and not a subclass so that what is saved of it is read by anybody, and so that weights of either
    kind can be loaded: TensorFlow converts them by the name of the class.
    """
    plain = getattr(import_module("tf_keras.layers"), plain_name)
    arguments = [*_BEFORE, *(_LSTM_ONLY if plain_name == "LSTM" else ()), *_AFTER]

    def __new__(cls: type, *args: Any, **kwargs: Any) -> Any:
        if cls is not made:  # a subclass
            return plain.__new__(cls)
        return plain(**dict(zip(arguments, args, strict=False)), **{**kwargs, **fixed})

    made = type(name, (plain,), {"__new__": __new__, "__doc__": f"{name} of Keras 2; gives a {plain_name}."})
    made.__module__ = __name__
    return made


def cudnn_layers() -> dict[str, type]:
    """The CuDNN layers by name: saved models name them so."""
    return {name: value(name) for name in _CUDNN}


# --- methods of Sequential -----------------------------------------------------------------------------------------


def predict_classes(self: Any, x: Any, batch_size: int | None = None, verbose: int = 0, **more: Any) -> Any:
    """The class of each sample: the likeliest of several, or whether the only output is above one half.

    Args:
        more: passed on to ``predict``.
    """
    probabilities = self.predict(x, batch_size=batch_size, verbose=verbose, **more)
    if probabilities.shape[-1] > 1:
        return probabilities.argmax(axis=-1)
    return (probabilities > 0.5).astype("int32")


def predict_proba(self: Any, x: Any, batch_size: int | None = None, verbose: int = 0, **more: Any) -> Any:
    """The same as ``predict``."""
    return self.predict(x, batch_size=batch_size, verbose=verbose, **more)


METHODS = {"predict_classes": predict_classes, "predict_proba": predict_proba}


# --- optimizers by name --------------------------------------------------------------------------------------------


def getting_legacy(get: Callable[..., Any]) -> Callable[..., Any]:
    """``optimizers.get`` for which the name of an optimizer is that of the edition with ``lr`` and ``decay``."""
    legacy = {name.lower() for name in keras_names.LEGACY_OPTIMIZERS}

    @wraps(get)
    def get_legacy(identifier: Any, **kwargs: Any) -> Any:
        if isinstance(identifier, str) and identifier.lower() in legacy:
            kwargs.setdefault("use_legacy_optimizer", True)
        return get(identifier, **kwargs)

    return get_legacy


# --- names of metrics ----------------------------------------------------------------------------------------------

_SHORT = {"accuracy": "acc", "acc": "acc", "crossentropy": "ce", "ce": "ce"}
_SHORT |= dict.fromkeys(("cosine", "cosine_proximity"), "cosine_proximity")


def metrics_as_in_2_2(get: Callable[..., Any]) -> Callable[..., Any]:
    """``MetricsContainer._get_metric_object`` that names metrics given as strings as Keras up to 2.2 did.

    "accuracy" and "acc" are both logged as ``acc``; the others under the name of their function, so that "mse" is
    ``mean_squared_error``. Since 2.3 a metric has the name that it is asked for by.
    """

    @wraps(get)
    def _get_metric_object(self: Any, metric: Any, y_t: Any, y_p: Any) -> Any:
        made = get(self, metric, y_t, y_p)
        function = getattr(made, "_fn", None)
        if isinstance(metric, str) and function is not None:
            made._name = _SHORT.get(metric.lower(), getattr(function, "__name__", metric))
        return made

    return _get_metric_object


# --- arguments -----------------------------------------------------------------------------------------------------


def taking_no_workers(check: Callable[..., Any]) -> Callable[..., Any]:
    """``data_adapter._check_positive`` for which ``workers`` may be 0.

    With 0 Keras 2 reads a generator without a queue of its own; tf_keras would still do so, but refuses the number
    from 2.19 on.
    """

    @wraps(check)
    def _check_positive(name: str, value: Any) -> Any:
        return value if name == "workers" and value == 0 else check(name, value)

    return _check_positive
