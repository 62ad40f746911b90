"""What Keras 2 and Keras 3 on TensorFlow have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any


def eager_random_state() -> tuple[Any, Any]:
    """TensorFlow's two process-wide generators: op seeds of eager ops, and the global Generator."""
    from tensorflow.python.eager import context
    from tensorflow.python.ops import stateful_random_ops

    op_seeds = getattr(context.context(), "_rng", None)
    generator = getattr(stateful_random_ops, "global_generator", None)
    return (
        op_seeds.getstate() if op_seeds is not None else None,
        generator.state.numpy() if generator is not None else None,
    )


def restore_eager_random_state(state: tuple[Any, Any]) -> None:
    """Puts a snapshot of :func:`eager_random_state` back."""
    from tensorflow.python.eager import context
    from tensorflow.python.ops import stateful_random_ops

    op_seeds, generator_state = state
    current = getattr(context.context(), "_rng", None)
    if op_seeds is not None and current is not None:
        current.setstate(op_seeds)
    generator = getattr(stateful_random_ops, "global_generator", None)
    if generator_state is not None and generator is not None:
        generator.state.assign(generator_state)


@contextmanager
def preserved(variables: list[Any]) -> Iterator[None]:
    """Puts the values of *variables* (raw ``tf.Variable``) back on exit."""
    values = [variable.numpy() for variable in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, values):
            variable.assign(value)


def all_layers(model: Any) -> list[Any]:
    """*model* and every layer in it, nested and wrapped ones included."""
    return list(model._flatten_layers())  # the same private name in Keras 2 and 3


class TensorFlowKeras:
    """The answers of :class:`~.protocols.KerasAdapter` that are the same for both."""

    def __init__(self, keras: Any) -> None:
        """*keras* is the package the models belong to: ``tf.keras``, ``keras`` or ``tf_keras``."""
        self._keras = keras

    def is_model(self, value: Any) -> bool:
        return isinstance(value, self._keras.Model)

    def inputs(self, model: Any) -> list[Any] | None:
        return _symbolic(model, "inputs")

    def outputs(self, model: Any) -> list[Any] | None:
        return _symbolic(model, "outputs")

    def fixed_batch_size(self, model: Any) -> int | None:
        sizes = {tensor.shape[0] for tensor in self.inputs(model) or [] if len(tensor.shape)}
        size = sizes.pop() if len(sizes) == 1 else None
        return None if size is None else int(size)

    def stateful_layers(self, model: Any) -> list[Any]:
        return [
            layer
            for layer in all_layers(model)
            if getattr(layer, "stateful", False) and getattr(layer, "states", None) is not None
        ]

    def preserved_states(self, model: Any) -> AbstractContextManager[None]:
        import tensorflow as tf

        states = tf.nest.flatten([layer.states for layer in self.stateful_layers(model)])
        return preserved([raw(state) for state in states if state is not None])

    def reset_states(self, model: Any) -> None:
        for layer in self.stateful_layers(model):
            # Renamed to reset_state in Keras 3.
            (getattr(layer, "reset_states", None) or layer.reset_state)()


def raw(variable: Any) -> Any:
    """The ``tf.Variable`` of a weight: Keras 2 has no other kind, Keras 3 keeps it in ``value``."""
    import tensorflow as tf

    return variable if isinstance(variable, tf.Variable) else variable.value


def _symbolic(model: Any, attribute: str) -> list[Any] | None:
    try:
        tensors = getattr(model, attribute, None)
    except ValueError:  # Keras 3.3: an unbuilt Sequential "has no defined inputs yet"
        return None
    return list(tensors) if tensors else None
