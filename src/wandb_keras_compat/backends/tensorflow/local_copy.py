"""A copy of a model that several workers train, for one of them to run and save without the others.

Under ``MultiWorkerMirroredStrategy`` running or saving a model, and reading a moving average of it, are collective
operations: each worker waits until all take part. A callback cannot know whether the others have it too (guides put
it on the chief alone), and waiting for those that never come ends in a hang. So nothing here asks for the others: the
copy is made from the configuration, outside the strategy, and takes the values that this worker has.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import tensorflow as tf

from ..common.any_keras import all_layers
from ..protocol import NoCopy
from .variables import components, tf_variables


def trained_by_several(model: Any) -> bool:
    """Whether workers in other processes train *model* too."""
    strategy = getattr(model, "distribute_strategy", None)
    if not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        return False
    cluster = strategy.cluster_resolver.cluster_spec()
    workers = sum(int(cluster.num_tasks(job)) for job in cluster.jobs if job in ("chief", "worker"))
    return workers > 1


def local_values(weight: Any) -> list[Any]:
    """This worker's values of a layer's *weight*, as arrays; a lookup table has several."""
    # Checked first: a distributed variable asks all workers for an attribute that it does not have.
    if isinstance(weight, tf.Variable):
        return [components(weight)[0].numpy()]
    return [tensor.numpy() for tensor in weight.get_tensors()]


def outside_strategies(function: Callable[[], None]) -> None:
    """Calls *function* where no strategy is current: Keras calls callbacks inside the model's.

    The scope of a strategy belongs to a thread and cannot be left inside it, so *function* runs in another thread.
    """
    if not tf.distribute.has_strategy():
        function()
        return
    # The pool waits for its thread when interrupted too: the interpreter must not end while TensorFlow is in use.
    with ThreadPoolExecutor(1, "wandb-keras-compat") as pool:
        pool.submit(function).result()


class LocalCopy:
    """One model's copy. Made once; :meth:`refresh` brings it up to date. Both are called outside of strategies."""

    def __init__(self, model: Any, keras: Any) -> None:
        """*keras* is the package that *model* belongs to.

        Raises:
            NoCopy: no model that has the same weights could be made from its configuration.
        """
        self.original = model
        try:
            with _known_to(keras, model):
                self.model = type(model).from_config(model.get_config())
                if not self.model.built:
                    _build_by_calling(self.model, model.save_spec())
                self._pairs = _pairs(tf_variables(model), tf_variables(self.model))
                if getattr(model, "_is_compiled", False):
                    self._compile()
        except Exception as error:
            raise NoCopy(error) from error

    def refresh(self) -> None:
        """Gives the copy the values the original has on this worker."""
        for source, target in [*self._pairs, *self._optimizer_pairs()]:
            target.assign(local_values(source)[0])
        for source, target in zip(self.original.weights, self.model.weights):
            if not isinstance(source, tf.Variable):  # a vocabulary
                target.set_weights(source.get_tensors())

    def _compile(self) -> None:
        original, optimizer = self.original, self.original.optimizer
        arguments = original._get_compile_args()
        for kind in ("metrics", "weighted_metrics"):  # which hold variables of the strategy
            arguments[kind] = tf.nest.map_structure(_afresh, arguments[kind])
        arguments["optimizer"] = _afresh(optimizer)
        self.model.compile(**arguments, run_eagerly=original.run_eagerly)

    def _optimizer_pairs(self) -> list[tuple[Any, Any]]:
        """The state of the optimizer, once there is one: it has none before the first step."""
        optimizer: Any = getattr(self.original, "optimizer", None)
        made: Any = getattr(self.model, "optimizer", None)
        if optimizer is None or made is None or len(_variables_of(optimizer)) < 3:
            return []
        if len(_variables_of(made)) < 3:
            if hasattr(made, "build"):
                made.build(self.model.trainable_variables)
            else:
                made._create_all_weights(self.model.trainable_variables)
        return _pairs(_variables_of(optimizer), _variables_of(made))


def _build_by_calling(model: Any, spec: Any) -> None:
    """Has a subclassed *model* make its variables: one call with zeros of the shapes in *spec*."""
    arguments, named = tf.nest.map_structure(
        lambda tensor: tf.zeros([1 if size is None else size for size in tensor.shape], tensor.dtype), spec
    )
    model(*arguments, **named)


def _variables_of(optimizer: Any) -> list[Any]:
    found = optimizer.variables
    return list(found() if callable(found) else found)


def _pairs(sources: list[Any], targets: list[Any]) -> list[tuple[Any, Any]]:
    if [tuple(v.shape) for v in sources] != [tuple(v.shape) for v in targets]:
        raise ValueError("its configuration gives a model with other weights")
    return list(zip(sources, targets))


def _afresh(part: Any) -> Any:
    """A new object of Keras from the configuration of this one; names and functions are returned as they are."""
    return type(part).from_config(part.get_config()) if hasattr(part, "get_config") else part


@contextmanager
def _known_to(keras: Any, model: Any) -> Iterator[None]:
    """Lets *keras* find the user's own classes and functions that a configuration only names."""
    own: dict[str, Any] = {}
    for layer in all_layers(model):
        for part in (layer, *vars(layer).values()):
            if isinstance(part, tf.Variable):
                continue  # as in local_values
            named = part if hasattr(part, "__name__") else type(part)
            if callable(part) and not str(getattr(named, "__module__", "")).startswith(("keras.", "tf_keras.")):
                own[named.__name__] = named
    root = keras.Model.__module__.partition(".")[0]
    with ExitStack() as scopes:
        scopes.enter_context(keras.utils.custom_object_scope(own))
        for name in (f"{root}.src.saving.serialization_lib", f"{root}.saving.serialization_lib"):
            if name in sys.modules:  # the code of a Lambda is the user's own, and runs already
                scopes.enter_context(sys.modules[name].SafeModeScope(False))
                break
        yield
