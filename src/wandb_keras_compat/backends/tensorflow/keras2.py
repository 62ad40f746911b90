"""The backend for Keras 2: the ``tf.keras`` of TensorFlow up to 2.15, and the package tf-keras."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from ..common.any_keras import all_layers
from ..protocol import LayerFacts, LocalCopy
from .common import TensorFlowKeras
from .random_state import eager_random_state, restore_eager_random_state


class Keras2(TensorFlowKeras):
    """Implements :class:`~..protocol.Backend` for models of Keras 2."""

    name = "keras2"

    def floatx(self) -> str:
        return str(self._keras.backend.floatx())

    # --- structure -------------------------------------------------------------------------------

    def steps_per_execution(self, model: Any) -> int:
        steps = getattr(model, "_steps_per_execution", None)
        # Keras' own reading: int() takes no variable that a strategy made, nor one in graph mode.
        return 1 if steps is None else int(self._keras.backend.get_value(steps))

    def _graph_layers(self, model: Any) -> list[Any]:
        return list(model.layers)

    def _facts(self, layer: Any) -> LayerFacts:
        try:
            output_shape = layer.output_shape
        except AttributeError:  # never called, or called with several shapes
            output_shape = ["multiple"]
        try:
            num_parameters = int(layer.count_params())
        except ValueError:  # never built
            num_parameters = 0
        return LayerFacts(layer, layer.name, type(layer).__name__, output_shape, num_parameters)

    def _layer_calls(self, model: Any, layer: Any) -> Iterator[list[Any]]:
        import tensorflow as tf

        by_depth = getattr(model, "_nodes_by_depth", None)
        inside = None if by_depth is None else {id(n) for nodes in by_depth.values() for n in nodes}
        for node in getattr(layer, "_inbound_nodes", []):
            if inside is None or id(node) in inside:
                yield tf.nest.flatten(node.inbound_layers)

    # --- several workers -------------------------------------------------------------------------

    def spans_workers(self, model: Any) -> bool:
        from . import local_copy

        return local_copy.trained_by_several(model)

    def _values(self, model: Any, layer: Any) -> list[Any]:
        if not self.spans_workers(model):
            return super()._values(model, layer)
        from . import local_copy

        return [value for weight in layer.weights for value in local_copy.local_values(weight)]

    def local_copy(self, model: Any) -> LocalCopy:
        from . import local_copy

        return local_copy.LocalCopy(model, self._keras)

    def outside_strategies(self, function: Callable[[], None]) -> None:
        from . import local_copy

        local_copy.outside_strategies(function)

    # --- gradients -------------------------------------------------------------------------------

    def trainable_variables(self, model: Any) -> list[Any]:
        return list(model.trainable_variables)

    def gradient_names(self, model: Any) -> list[str]:
        return [variable.name.split(":")[0] for variable in model.trainable_variables]

    def full_names(self, model: Any) -> list[str]:
        owners: dict[int, str] = {}

        def visit(layer: Any, prefix: str) -> None:
            for child in getattr(layer, "layers", []):
                visit(child, f"{prefix}{layer.name}/")
            for weight in layer.weights:
                owners.setdefault(id(weight), prefix)

        for layer in model.layers:
            visit(layer, "")
        return [
            owners.get(id(variable), "") + name
            for variable, name in zip(model.trainable_variables, self.gradient_names(model))
        ]

    def compute_loss(self, model: Any, x: Any, y: Any, y_pred: Any, sample_weight: Any) -> Any:
        own = type(model).compute_loss is not self._keras.Model.compute_loss
        compiled = getattr(getattr(model, "compiled_loss", None), "_user_losses", None)
        if not own and compiled is None and not model.losses:
            # Not asked and left to fail: asking adds a "loss" metric to the model, which then shows in logs.
            raise ValueError("the model was compiled without a loss and adds none")
        loss = model.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight)
        if loss is None:
            raise ValueError("the model was compiled without a loss and adds none")
        return loss

    # --- state -----------------------------------------------------------------------------------

    def random_state(self, model: Any) -> Any:
        seeds = self._seed_source()
        layers = [layer._random_generator for layer in all_layers(model) if hasattr(layer, "_random_generator")]
        return (
            eager_random_state(),
            None if seeds is None else seeds.getstate(),
            # Tracing a random layer anew counts its Python-side seed on.
            [(generator, getattr(generator, "_seed", None)) for generator in layers],
        )

    def restore_random_state(self, state: Any) -> None:
        eager, seeds_state, layer_seeds = state
        restore_eager_random_state(eager)
        seeds = self._seed_source()
        if seeds_state is not None and seeds is not None:
            seeds.setstate(seeds_state)
        for generator, seed in layer_seeds:
            if hasattr(generator, "_seed"):
                generator._seed = seed

    def _seed_source(self) -> Any:
        """The generator that ``set_random_seed`` makes for layer seeds, if it was called."""
        root = self._keras.Model.__module__.split(".")[0]
        for name in (f"{root}.src.backend", f"{root}.backend"):
            holder = getattr(sys.modules.get(name), "_SEED_GENERATOR", None)
            if holder is not None:
                return getattr(holder, "generator", None)
        return None

    # --- files -----------------------------------------------------------------------------------

    def save_model_h5(self, model: Any, path: str) -> None:
        with warnings.catch_warnings():
            # Readers of ``model-best.h5`` asked for HDF5; Keras 2.13+ advises against it each time.
            warnings.filterwarnings("ignore", message=".*HDF5 file.*")
            model.save(path, overwrite=True, save_format="h5")

    def forgets_optimizer(self, model: Any) -> bool:
        return False

    def save_weights_h5(self, model: Any, path: str) -> None:
        model.save_weights(path, overwrite=True, save_format="h5")

    def save_inference_model(self, model: Any, folder: str) -> None:
        from . import saved_models

        def trace(model: Any, folder: str) -> None:
            model.save(folder, overwrite=True, save_format="tf")

        # The SavedModel has what the model was compiled with, the learning rate of the moment among it.
        optimizer = getattr(model, "optimizer", None)
        compiled = [getattr(model, name, None) for name in ("optimizer", "compiled_loss", "compiled_metrics")]
        kept = saved_models.SameObjects([one for one in compiled if one is not None])
        saved_models.save(model, folder, trace, (repr(optimizer and optimizer.get_config()), kept))

    def save_loadable(self, model: Any, folder: str) -> None:
        """Nothing to add: ``load_model`` of Keras 2 reads the SavedModel."""
