"""The interface between features and Keras: arguments and results are NumPy arrays, whatever Keras and its backend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np  # where there is no Keras there may be none, and this package is asked what is missing


class NoCopy(Exception):
    """A model trained by several workers cannot be copied for one of them; the argument is the reason, in words."""


class Unavailable(Exception):
    """A backend was asked for what it has not; the argument is the sentence for the user."""


class Hole(NamedTuple):
    """What a backend does not have, and why: a row of the table of capabilities."""

    capability: str
    """The capability it is a part of, by its name in ``features.REGISTRY``."""
    lost: str
    """What there is none of, as a noun phrase."""
    reason: str
    """Why, as a clause."""
    instead: str
    """What to do, or what there is in its place, as a sentence without a full stop."""


class LocalCopy(Protocol):
    """A copy of a model that several workers train; one worker can run and save it without the others."""

    original: Any
    model: Any

    def refresh(self) -> None:
        """Gives the copy the values the original has on this worker."""


class LayerFacts(NamedTuple):
    """What the model graph shows of one layer."""

    layer: Any
    """The layer itself, to be handed back to the backend."""
    name: str
    class_name: str
    output_shape: Any
    """JSON-ready: ``[None, 4]``, a list of such for several outputs, or ``["multiple"]``."""
    num_parameters: int


class GradientPass(Protocol):
    """Sums over batches the gradient of the batch loss, in training mode, at the present weights."""

    model: Any

    def over_arrays(self, x: Any, y: Any, sample_weight: Any) -> list[np.ndarray[Any, Any]]:
        """Sums over slices of 32 samples, in order; a model with a fixed batch size takes slices of that.

        Args:
            x: array of shape (samples, ...), or a list or dict of such; sparse ones too.
            y: the same, or None.
            sample_weight: array of shape (samples,), the same structure as y, or None.

        Returns:
            Arrays in which it was summed, float32 or wider, one for each trainable variable, of its shape.
        """

    def over_batches(self, batches: Iterable[Any]) -> list[np.ndarray[Any, Any]]:
        """Sums over *batches* as a dataset, Sequence or generator gives them.

        Returns:
            Arrays in which it was summed, float32 or wider, one for each trainable variable, of its shape.
        """


class Backend(Protocol):
    """What features need of Keras; each backend implements it, so features depend on no version and no framework."""

    name: str
    holes: tuple[Hole, ...]
    """What this backend does not have. A method that is asked for it raises :class:`Unavailable`."""

    # --- structure -------------------------------------------------------------------------------

    def is_model(self, value: Any) -> bool:
        """Whether *value* is a model of this Keras."""

    def is_built(self, model: Any) -> bool:
        """Whether *model* has its weights."""

    def input_shapes(self, model: Any) -> list[tuple[int | None, ...]] | None:
        """The shapes of the symbolic inputs in order, or None where the model has none (subclassed, unbuilt)."""

    def output_shapes(self, model: Any) -> list[tuple[int | None, ...]] | None:
        """The shapes of the symbolic outputs in order, or None where the model has none (subclassed, unbuilt)."""

    def input_names(self, model: Any) -> list[str] | None:
        """The names of the symbolic inputs, made unique; None where the model has none."""

    def output_names(self, model: Any) -> list[str] | None:
        """The names of the symbolic outputs, made unique; None where the model has none."""

    def graph_layers(self, model: Any) -> list[LayerFacts]:
        """The layers (Keras 3: operations) the model graph shows, in order."""

    def layer_calls(self, model: Any, layer: LayerFacts) -> Iterator[list[LayerFacts]]:
        """For each call of *layer* inside *model*, the layers its inputs came from, in order."""

    def layer_values(self, model: Any) -> Iterator[tuple[str, list[np.ndarray[Any, Any]]]]:
        """The name of each top-level layer and ``layer.get_weights()``, without waiting for another worker."""

    # --- what it costs and gives ------------------------------------------------------------------

    def predict(self, model: Any, inputs: Any, batch_size: int | None = None) -> Any:
        """``model.predict(inputs)``, also for models that carry state or take batches of one size only.

        A stateful model starts from zero states and sees one sample at a time, as in the legacy class; the
        recurrent states of the training are restored afterwards. Where the batch size is fixed, the last batch is
        filled up with copies of the last sample, and the predictions for these copies are dropped.

        Args:
            model: the model.
            inputs: array of shape (samples, ...), or a list or dict of such.
            batch_size: samples in a batch; None for Keras' own number.

        Returns:
            array of shape (samples, ...), or the structure of such that the model gives.
        """

    def float_operations(self, model: Any) -> int:
        """The float operations of inference on one sample; a multiplication with an addition counts as two."""

    def gradient_pass(self, model: Any) -> GradientPass:
        """A pass over data that sums *model*'s gradients and leaves the model as it was."""

    def gradient_names(self, model: Any) -> list[str]:
        """The Keras 2 name of each trainable variable without ``:0``, in Keras' order."""

    def full_names(self, model: Any) -> list[str]:
        """A name for each trainable variable that begins with the names of the models it is nested in."""

    # --- training --------------------------------------------------------------------------------

    def steps_per_execution(self, model: Any) -> int:
        """How many batches Keras runs between two calls of ``on_train_batch_end``."""

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

    def random_state(self, model: Any) -> Any:
        """A snapshot of the random generators of Keras, its backend and the model's layers."""

    def restore_random_state(self, state: Any) -> None:
        """Puts a snapshot of :meth:`random_state` back."""

    def stream_beside(self, state: Any) -> Any:
        """A snapshot like *state*, of :meth:`random_state`, for another stream to begin with.

        It differs where the same state twice would disturb the training's own stream.
        """

    def keeps_history(self, model: Any) -> AbstractContextManager[None]:
        """Restores ``model.history`` on exit: ``predict`` overwrites it, and ``fit`` returns what it holds then."""

    # --- several workers -------------------------------------------------------------------------

    def spans_workers(self, model: Any) -> bool:
        """Whether running, saving or reading *model* makes workers in other processes wait for each other."""

    def local_copy(self, model: Any) -> LocalCopy:
        """A copy of *model*, which several workers train, for this worker alone.

        Make it and use it in functions that :meth:`outside_strategies` calls.

        Raises:
            NoCopy: there can be none.
        """

    def outside_strategies(self, function: Callable[[], None]) -> None:
        """Calls *function* outside the scope of any strategy that distributes the training."""

    # --- files -----------------------------------------------------------------------------------

    def save_model_h5(self, model: Any, path: str) -> None:
        """Writes the whole model in one HDF5 file."""

    def forgets_optimizer(self, model: Any) -> bool:
        """Whether :meth:`save_model_h5` would leave out state of *model*'s optimizer."""

    def save_weights_h5(self, model: Any, path: str) -> None:
        """Writes the weights so that ``model.load_weights(path)`` reads them."""

    def save_inference_model(self, model: Any, folder: str) -> None:
        """Writes what the legacy artifact holds to *folder*: a model that runs without the code that defined it.

        Raises:
            Unavailable: this backend has no such format.
        """

    def save_loadable(self, model: Any, folder: str) -> None:
        """Adds a file that ``keras.models.load_model`` loads, if it cannot load :meth:`save_inference_model`'s."""
