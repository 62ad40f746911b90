"""What tf_keras has no more, or has in another meaning: made from what it has, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from . import keras_names


@lru_cache(maxsize=None)
def value(name: str) -> Any:
    """One of the names of this module."""
    return {"CuDNNLSTM": _cudnn_lstm, "CuDNNGRU": _cudnn_gru}[name]()


def _cudnn_lstm() -> type:
    from tf_keras.layers import LSTM

    return _cudnn("CuDNNLSTM", LSTM, {})


def _cudnn_gru() -> type:
    from tf_keras.layers import GRU

    return _cudnn("CuDNNGRU", GRU, {"reset_after": True})


# The arguments of the CuDNN layers in their order: no activation, no use_bias.
_ARGUMENTS = (
    "units kernel_initializer recurrent_initializer bias_initializer unit_forget_bias kernel_regularizer "
    "recurrent_regularizer bias_regularizer activity_regularizer kernel_constraint recurrent_constraint "
    "bias_constraint return_sequences return_state"
).split()


def _cudnn(name: str, plain: type, fixed: dict[str, Any]) -> type:
    """The layer that uses cuDNN where it can, and was the same function: what the CuDNN layers became.

    A call gives a plain layer, so that saved models and weights are those of one that today's code reads.
    """

    def __new__(cls: type, *args: Any, **kwargs: Any) -> Any:
        if cls is not made:  # a subclass
            return plain.__new__(cls)
        return plain(**dict(zip(arguments, args, strict=False)), **{**kwargs, **fixed})

    arguments = [word for word in _ARGUMENTS if name == "CuDNNLSTM" or word != "unit_forget_bias"]
    made = type(name, (plain,), {"__new__": __new__, "__doc__": f"{name} of Keras 2, as {plain.__name__}."})
    made.__module__ = __name__
    return made


def predict_classes(self: Any, x: Any, batch_size: int | None = 32, verbose: int = 0) -> Any:
    """The class of each sample: the likeliest of several, or whether the only output is above one half."""
    probabilities = self.predict(x, batch_size=batch_size, verbose=verbose)
    if probabilities.shape[-1] > 1:
        return probabilities.argmax(axis=-1)
    return (probabilities > 0.5).astype("int32")


def predict_proba(self: Any, x: Any, batch_size: int | None = 32, verbose: int = 0) -> Any:
    """What :meth:`predict` gives."""
    return self.predict(x, batch_size=batch_size, verbose=verbose)


METHODS = {"predict_classes": predict_classes, "predict_proba": predict_proba}


def getting_legacy(get: Callable[..., Any]) -> Callable[..., Any]:
    """``optimizers.get`` for which the name of an optimizer is that of the edition with ``lr`` and ``decay``."""
    legacy = {name.lower() for name in keras_names.LEGACY_OPTIMIZERS}

    @wraps(get)
    def get_legacy(identifier: Any, **kwargs: Any) -> Any:
        if isinstance(identifier, str) and identifier.lower() in legacy:
            kwargs.setdefault("use_legacy_optimizer", True)
        return get(identifier, **kwargs)

    return get_legacy
