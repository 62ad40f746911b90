"""One scenario as it runs: its model, its data in the wanted forms, its callbacks, its run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from wandb_keras_compat.testing.recorder import Recorder

from . import families
from .scenarios import Of, Scenario
from .seeds import seed

keras = tf.keras
BATCH = 8
WEIGHTS = np.linspace(0.5, 1.5, families.SAMPLES).astype("float32")


class Training:
    """What a program sees.

    Args:
        name: of the scenario; the run is called so.
        base: the class that subclasses extend; None where a list of small callbacks stands for it.
        make: ``make(**arguments)`` gives a callback, or a list of them.
    """

    def __init__(self, name: str, scenario: Scenario, recorder: Recorder, base: Any, make: Callable[..., Any]) -> None:
        self.name = name
        self.base = base
        self._scenario = scenario
        self._recorder = recorder
        self._make = make
        self._family = families.FAMILIES[scenario.model]
        keras.backend.clear_session()
        # The progress bar is on, and in stdout would be around what a callback prints.
        keras.utils.disable_interactive_logging()
        seed(11)
        self.start_run(name=name)
        self.make_model()

    def start_run(self, name: str | None = None, **resumed: Any) -> None:
        self._recorder.start_run(name=name or self.name, **resumed)

    def make_model(self) -> None:
        self.model = families.compiled(self._family, **self._scenario.compile)

    def arrays(self) -> tuple[Any, Any]:
        return families.data(self._family)

    def callbacks(self, base: Any = None, **more: Any) -> list[Any]:
        """The callback under test, new, with *more* arguments; of the class *base* if given."""
        arguments = {name: self._formed(value) for name, value in {**self._scenario.arguments, **more}.items()}
        made = (base or self._make)(**arguments)
        return made if isinstance(made, list) else [made]

    def fit(self, *callbacks: Any) -> None:
        scenario = self._scenario
        given = {name: self._formed(value) for name, value in scenario.fit.items()}
        x = self._formed(Of(scenario.data))
        data = {"x": x[0], "y": x[1]} if isinstance(x, tuple) else {"x": x}
        if scenario.data in ("arrays", "named"):
            data["batch_size"] = given.pop("batch_size", BATCH)
        if scenario.validation is not None:
            given["validation_data"] = self._formed(Of(scenario.validation))
        # verbose=1: with less, Keras 2 does not call the legacy class' batch hooks (graph, tables).
        self.model.fit(**data, epochs=scenario.epochs, shuffle=False, verbose=1, callbacks=list(callbacks), **given)

    def _formed(self, value: Any) -> Any:
        if not isinstance(value, Of):
            return value
        x, y = families.data(self._family)
        if value.form == "weights":
            return WEIGHTS
        if value.form == "weighted":
            return x, y, WEIGHTS
        if value.form == "named":
            return dict(zip("ab", x)), y
        if value.form == "dataset":
            return tf.data.Dataset.from_tensor_slices((x, y)).batch(BATCH)
        if value.form == "sequence":
            return _Batches(x, y)
        if value.form == "generator":
            return _forever(x, y)
        return x, y


class _Batches(keras.utils.Sequence):  # type: ignore[misc]
    def __init__(self, x: Any, y: Any) -> None:
        super().__init__()
        self._x, self._y = x, y

    def __len__(self) -> int:
        return families.SAMPLES // BATCH

    def __getitem__(self, index: int) -> Any:
        part = slice(index * BATCH, (index + 1) * BATCH)
        return self._x[part], self._y[part]


def _forever(x: Any, y: Any) -> Any:
    while True:
        for start in range(0, families.SAMPLES, BATCH):
            yield x[start : start + BATCH], y[start : start + BATCH]
