"""What ``predict`` of Keras on JAX needs beside the data: batches that can be spread, and care if it fails.

While it predicts Keras takes the values out of the model's variables, to hand them from batch to batch, and puts them
back at its end. If it fails the variables are empty, and the training that goes on ends with an error of Keras'.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def values_put_back_on_failure(model: Any) -> Iterator[None]:
    """Where the body ends in an exception, the variables of *model* have their values again; it goes on.

    Those of the last batch that was predicted, where there is one; the ones before are on the device no more then.
    """
    before = [(variable, variable._value) for variable in model.variables]
    state = getattr(model, "_jax_state", None)
    try:
        yield
    except BaseException:
        if getattr(model, "_jax_state", None) is not state:
            model.jax_state_sync()
        for variable, value in before:
            if variable._value is None:
                variable._value = value
        model._jax_state, model._jax_state_synced = None, True
        raise


def data_shards(keras: Any) -> int:
    """Into how many equal parts each batch is cut by the distribution that is set: 1 without one."""
    distribution = keras.distribution.distribution()
    if distribution is None:
        return 1
    mesh = distribution.device_mesh
    axis = getattr(distribution, "batch_dim_name", None) or getattr(distribution, "_batch_dim_name", None)
    return int(mesh.shape[mesh.axis_names.index(axis)]) if axis in mesh.axis_names else 1
