"""The base class of the legacy callback and the small ones: each Keras hook calls the features in order.

    Keras hook  ->  features/* (asking backends/)  ->  sdk/run_writer.py  ->  the W&B run

Every hook calls the features that are on, in the order of ``features.REGISTRY``, each inside one guard:
a feature that fails warns once and never ends the training. What each of them logs is in its module.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import wandb

from .. import messages
from ..backends import backend_for, callback_base
from ..features import Features
from ..host.best_value import previous_best
from ..host.copies import Copies
from ..host.hooks_in_turn import HooksInTurn
from ..options import Options, default_attributes
from .override_points import OverridePoints

_Callback: Any = callback_base()


class FeatureCallback(OverridePoints, HooksInTurn, Copies, _Callback):
    """A Keras callback that calls features in each of its hooks.

    A subclass names them in :attr:`capabilities` and sets the options that they read as attributes. It can be copied,
    used for a second ``fit``, and used with a run that was started later. It works even if this constructor was
    not called, since users' subclasses may leave it out or call it only when training begins: an option that was
    never set has its default, and the state of a training is made when it is first needed.

    Raises:
        wandb.Error: there is no run yet.
        ValueError, TypeError: an argument that could only fail later.
    """

    #: Names of the features that are on, in the order of ``features.REGISTRY``.
    capabilities: ClassVar[tuple[str, ...]] = ()

    _of_training = (*Copies._of_training, "_feature_set", "fit_data", "_validation_from_fit")
    _shared = ("training_data", "validation_data", "generator")

    params: dict[str, Any] | None = None
    #: The id of the run that it logs to.
    _bound_run: str | None = None
    _graph_rendered = False

    def __init__(self, given: Mapping[str, Any], unknown: Mapping[str, Any] | None = None) -> None:
        model, params = vars(self).get("_model", vars(self).get("model")), self.params
        super().__init__()
        if wandb.run is None:
            raise wandb.Error(messages.no_run(self._public_name()))
        self._adopt(Options.checked(given, unknown or {}, self._public_name()), given)
        self._start_afresh()
        self._bind_to_run(wandb.run)
        if model is not None:  # set by Keras before a subclass came to call this
            super().set_model(model)
            self.params = params
            self._look_at(model)

    @classmethod
    def _public_name(cls) -> str:
        """The name of the public class, for messages; also where the user has subclassed it."""
        package = __name__.partition(".")[0]
        return next(base.__name__ for base in cls.__mro__ if base.__module__.startswith(f"{package}."))

    def _adopt(self, options: Options, names: Iterable[str]) -> None:
        """Sets the options *names* as attributes, which features read at each hook and users may change."""
        for name in names:
            for attribute, value in options.attributes(name).items():
                setattr(self, attribute, value)

    def _start_afresh(self) -> None:
        """The state of a callback that has not trained yet; copies start with it too."""
        self._feature_set: Features | None = Features(self)

    @property
    def _features(self) -> Features:
        if self._feature_set is None or not self._feature_set.are_of(self):  # a copy made attribute by attribute
            self._start_afresh()
        assert self._feature_set is not None
        return self._feature_set

    def __getattr__(self, name: str) -> Any:
        defaults = default_attributes(vars(self).get("monitor"))
        if name in defaults:
            setattr(self, name, defaults[name])
        elif not name.startswith("__") and "_feature_set" not in vars(self):
            self._start_afresh()
        try:
            return vars(self)[name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}") from None

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        if vars(self).get("_validation_from_fit"):  # the next fit has its own
            state["validation_data"] = None
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._join(wandb.run)

    def _join(self, run: Any) -> None:
        """Logs to *run* from now on, if it is not None and another run than before."""
        if run is not None and run.id != self._bound_run:
            self._bind_to_run(run)

    def _bind_to_run(self, run: Any) -> None:
        """Logs to *run* from now on."""
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
        self._look_at(model)

    def _look_at(self, model: Any) -> None:
        """Called when *model* is set: training, or a call of ``get_flops`` and the like, follows."""
        self._features.set_model(model)

    def on_train_begin(self, logs: Any = None) -> None:
        self._join(wandb.run)
        self._features.switch_on()
        self._features.on_train_begin()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._features.on_epoch_end(epoch, {} if logs is None else logs)
        self._features.after_epoch_end(epoch)

    def on_train_end(self, logs: Any = None) -> None:
        self._features.on_train_end()

    # --- what some of them have in common ---------------------------------------------------------------------

    def _more_batch_hooks(self, phase: str, than: type) -> bool:
        """Whether a user's subclass of *than*, or the callback itself, has a hook of its own for batches.

        Args:
            phase: whose batches: ``train``, ``test`` or ``predict``.
        """
        hooks = [f"on_{phase}_batch_begin", f"on_{phase}_batch_end"]
        if phase == "train":
            hooks += ["on_batch_begin", "on_batch_end"]
        return any(hook in vars(self) or getattr(type(self), hook) is not getattr(than, hook) for hook in hooks)

    def get_flops(self) -> float:
        """GFLOPs of one inference on one sample: half the float operations, in 1e9.

        Raises:
            wandb.Error: no model was set yet.
            TypeError: the model is no Keras model, or has no symbolic inputs.
        """
        model = getattr(self, "model", None)
        if model is None:
            raise wandb.Error(messages.NO_MODEL)
        if not backend_for(model).is_model(model):
            raise TypeError(messages.NO_FLOPS_KIND)
        return self._features.flops.gflops()


class TracksBest(FeatureCallback):
    """A callback that knows the best value of ``monitor`` so far; a resumed run begins with that of its summary."""

    #: Whether the feature writes the best down, or only finds out which epoch it is.
    writes_best: ClassVar[bool] = True

    _of_training = (*FeatureCallback._of_training, "current", "_improved")
    _of_process = ("filepath",)

    current: Any = None
    _improved: bool | None = False

    def _start_afresh(self) -> None:
        super()._start_afresh()
        self.current = None

    def _bind_to_run(self, run: Any) -> None:
        super()._bind_to_run(run)
        best = previous_best(run, self.log_best_prefix, self.monitor)
        self.best = self._worst if best is None else best
        self._improved = False
        self.filepath = _best_path(run)

    def _join(self, run: Any) -> None:
        super()._join(run)
        if run is not None and "filepath" not in vars(self):  # unpickled in a process of the same run
            self.filepath = _best_path(run)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._improved = False
        super().on_epoch_end(epoch, logs)
        if self._improved:
            self.best = self.current


def _best_path(run: Any) -> str:
    """Where the best model is saved: in the folder of the run, never in the working directory."""
    return os.path.join(run.dir, "model-best.h5")
