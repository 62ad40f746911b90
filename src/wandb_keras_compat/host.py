"""What the legacy class and the small callbacks share: Keras hooks in, features in order, run out.

    Keras hook  ->  features/* (asking adapters/)  ->  run.py  ->  the W&B run

Every hook calls the features that are on, in the order of ``features.REGISTRY``, each inside one guard:
a feature that fails warns once and never ends the training. What each of them logs is in its module.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import wandb

from . import messages
from .adapters import adapter_for, tf_keras_callback
from .features.best import previous_best
from .features.feature_set import FeatureSet
from .options import Options

_Callback: Any = tf_keras_callback()


class FeatureHost(_Callback):
    """A Keras callback whose every hook is handed to features.

    A subclass says which (:attr:`capabilities`), adopts the options that they read, and stays as it was made
    when it is copied, used for a second ``fit``, or for a run that was started after it was made.

    Raises:
        wandb.Error: there is no run yet.
        ValueError, TypeError: an argument that could only fail later.
    """

    #: Names of the features that are on, in the order of ``features.REGISTRY``.
    capabilities: ClassVar[tuple[str, ...]] = ()

    def __init__(self, given: Mapping[str, Any], unknown: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        if wandb.run is None:
            raise wandb.Error(messages.no_run(self._public_name()))
        self._adopt(Options.checked(given, unknown or {}, self._public_name()), given)
        self._start_afresh()
        self._bind_to_run(wandb.run)

    @classmethod
    def _public_name(cls) -> str:
        """The name of the class a user knows, also for a subclass of his own."""
        return next(base.__name__ for base in cls.__mro__ if base.__module__.startswith(f"{__package__}."))

    def _adopt(self, options: Options, names: Iterable[str]) -> None:
        """Spreads *names* of the record over attributes, which features read at each hook and users may change."""
        for name in names:
            for attribute, value in options.attributes(name).items():
                setattr(self, attribute, value)

    def _start_afresh(self) -> None:
        """The state of a callback that has not trained yet; copies start with it too."""
        self._features = FeatureSet(self)
        self.params: dict[str, Any] | None = None

    def _bind_to_run(self, run: Any) -> None:
        """Makes *run* the one to log to."""
        self._bound_run = run.id
        self._graph_rendered = False

    def _wanted(self) -> Iterable[str]:
        """The names of the features that are on now, in the order of ``features.REGISTRY``."""
        return self.capabilities

    # --- Keras hooks --------------------------------------------------------------------------------------

    def set_params(self, params: dict[str, Any]) -> None:
        self.params = params

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        self._features.set_model(model)

    def on_train_begin(self, logs: Any = None) -> None:
        if wandb.run is not None and wandb.run.id != self._bound_run:
            self._bind_to_run(wandb.run)
        self._features.switch_on()
        self._features.call("on_train_begin")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._features.call("on_epoch_end", epoch, {} if logs is None else logs)
        self._features.call("after_epoch_end", epoch)

    def on_train_end(self, logs: Any = None) -> None:
        self._features.call("on_train_end")

    # --- what two of them have in common ---------------------------------------------------------------------

    def get_flops(self) -> float:
        """GFLOPs of one inference on one sample: half the float operations, in 1e9.

        Raises:
            wandb.Error: no model was set yet.
            TypeError: the model is no Keras model, or has no symbolic inputs.
        """
        model = getattr(self, "model", None)
        if model is None:
            raise wandb.Error(messages.NO_MODEL)
        if not adapter_for(model).is_model(model):
            raise TypeError(messages.NO_FLOPS_KIND)
        gflops: float = self._features.get("flops").gflops()
        return gflops

    # --- copies -------------------------------------------------------------------------------------------

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """A callback that has not trained, with the same settings (KerasTuner copies one for every trial).

        Data, the model and whatever else cannot be copied are shared: generators, for one, cannot be.
        """
        twin = type(self).__new__(type(self))
        memo[id(self)] = twin
        for name, value in vars(self).items():
            if name != "_features":
                setattr(twin, name, _copied(name, value, memo))
        twin._start_afresh()
        return twin


class TracksBest(FeatureHost):
    """A host that knows the best value of ``monitor`` so far, from a resumed run's summary on."""

    #: Whether the feature writes the best down, or only finds out which epoch it is.
    writes_best: ClassVar[bool] = True

    def _start_afresh(self) -> None:
        super()._start_afresh()
        self.current: Any = None

    def _bind_to_run(self, run: Any) -> None:
        super()._bind_to_run(run)
        best = previous_best(run, self.log_best_prefix, self.monitor)
        self.best = self._worst if best is None else best
        self._improved = False
        #: Where the best model is saved: in the folder of the run, never in the working directory.
        self.filepath = os.path.join(run.dir, "model-best.h5")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._improved = False
        super().on_epoch_end(epoch, logs)
        if self._improved:
            self.best = self.current


def _copied(name: str, value: Any, memo: dict[int, Any]) -> Any:
    if name in ("training_data", "validation_data", "generator", "model", "_model", "fit_data"):
        return value
    try:
        return copy.deepcopy(value, memo)
    except Exception:  # whatever a subclass keeps: generators, locks, open files
        return value
