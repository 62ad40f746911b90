"""What a feature may ask of the Keras in use, whichever Keras that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol


class NoCopy(Exception):
    """A model that several workers train cannot be copied for one of them; the argument is the reason."""


class LocalCopy(Protocol):
    """A copy of a model that several workers train, for one of them."""

    original: Any
    model: Any

    def refresh(self) -> None:
        """Gives the copy the values the original has on this worker."""


class LayerFacts(NamedTuple):
    """One layer as the model graph shows it."""

    layer: Any
    name: str
    class_name: str
    output_shape: Any
    """JSON-ready: ``[None, 4]``, a list of such for several outputs, or ``["multiple"]``."""
    num_parameters: int


class Backend(Protocol):
    """The questions features ask. ``keras2`` and ``keras3`` answer them; features never see a version."""

    name: str

    def inputs(self, model: Any) -> list[Any] | None:
        """Symbolic inputs in order, or None where the model has none (subclassed, unbuilt)."""

    def outputs(self, model: Any) -> list[Any] | None:
        """Symbolic outputs in order, or None where the model has none (subclassed, unbuilt)."""

    def input_names(self, model: Any) -> list[str] | None:
        """The names of :meth:`inputs`, each another, or None."""

    def output_names(self, model: Any) -> list[str] | None:
        """The names of :meth:`outputs`, each another, or None."""

    def is_model(self, value: Any) -> bool:
        """Whether *value* is a model of this Keras."""

    def graph_layers(self, model: Any) -> list[Any]:
        """The layers (Keras 3: operations) the model graph shows, in order."""

    def describe_layer(self, layer: Any) -> LayerFacts:
        """Name, class, output shape and parameter count; a layer that was never built has 0."""

    def layer_calls(self, model: Any, layer: Any) -> Iterator[list[Any]]:
        """For each call of *layer* inside *model*, the layers its inputs came from, in order."""

    def layer_values(self, model: Any, layer: Any) -> list[Any]:
        """``layer.get_weights()``, without waiting for another worker."""

    def spans_workers(self, model: Any) -> bool:
        """Whether running, saving or reading *model* makes workers in other processes wait for each other."""

    def local_copy(self, model: Any) -> LocalCopy:
        """A copy of such a model for this worker alone. Made, and used, by :meth:`outside_strategies`.

        Raises:
            NoCopy: there can be none.
        """

    def outside_strategies(self, function: Callable[[], None]) -> None:
        """Calls *function* where no strategy of TensorFlow is the current one."""

    def trainable_variables(self, model: Any) -> list[Any]:
        """The raw ``tf.Variable`` of each trainable weight, in Keras' order."""

    def gradient_names(self, model: Any) -> list[str]:
        """The Keras 2 name of each trainable variable without ``:0``, in the same order."""

    def full_names(self, model: Any) -> list[str]:
        """A name for each trainable variable that also tells the enclosing models apart."""

    def compute_loss(self, model: Any, x: Any, y: Any, y_pred: Any, sample_weight: Any) -> Any:
        """The scalar training loss of one batch: compiled losses and weights, ``add_loss``, regularizers.

        Raises:
            ValueError: the model has no loss at all.
        """

    def floatx(self) -> str:
        """The dtype Keras casts floating data to, e.g. ``"float32"``."""

    def fixed_batch_size(self, model: Any) -> int | None:
        """The batch size the model's inputs are fixed to, or None where it is free."""

    def steps_per_execution(self, model: Any) -> int:
        """Batches Keras runs between two batch hooks."""

    def autotunes_steps(self, model: Any) -> bool:
        """Whether Keras changes :meth:`steps_per_execution` while it trains *model*."""

    def learning_rate(self, model: Any, step: int) -> float:
        """The learning rate of *model*'s optimizer, fixed or scheduled.

        Args:
            model: the compiled model.
            step: number of optimizer updates done, only asked by a schedule.

        Raises:
            Exception: whatever reading or evaluating the rate raises; the caller turns it into a warning.
        """

    def stateful_layers(self, model: Any) -> list[Any]:
        """Layers that carry state from one batch to the next."""

    def preserved_states(self, model: Any) -> AbstractContextManager[None]:
        """Puts the states of :meth:`stateful_layers` back on exit."""

    def reset_states(self, model: Any) -> None:
        """Sets the states of :meth:`stateful_layers` to zero."""

    def random_state(self, model: Any) -> Any:
        """A snapshot of the random generators of Keras, TensorFlow and the model's layers."""

    def restore_random_state(self, state: Any) -> None:
        """Puts a snapshot of :meth:`random_state` back."""

    def save_model_h5(self, model: Any, path: str) -> None:
        """Writes the whole model in one HDF5 file."""

    def forgets_optimizer(self, model: Any) -> bool:
        """Whether *model*'s optimizer has a state that the file of :meth:`save_model_h5` cannot hold."""

    def save_weights_h5(self, model: Any, path: str) -> None:
        """Writes the weights so that ``model.load_weights(path)`` reads them."""

    def save_saved_model(self, model: Any, folder: str) -> None:
        """Writes TensorFlow's SavedModel, the legacy artifact's content, to *folder*."""

    def save_loadable(self, model: Any, folder: str) -> None:
        """Adds what ``keras.models.load_model`` needs beside the SavedModel, where it cannot load that."""
