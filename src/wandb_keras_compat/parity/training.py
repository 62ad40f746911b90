"""One scenario as it runs: its model, its data in the wanted forms, its callbacks, its run."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Protocol

from . import families
from .forms import FORMS, USUAL, Arguments
from .frameworks import framework, keras
from .scenarios import Of, Scenario
from .seeds import seed


def afresh() -> None:
    """Keras as it is before every training."""
    keras.backend.clear_session()
    # The progress bar is on, and in stdout would be around what a callback prints.
    keras.utils.disable_interactive_logging()
    seed(11)


class RunStarter(Protocol):
    """What a training needs of a recorder, or of what stands for one."""

    @property
    def start_run(self) -> Callable[..., Any]: ...


class Training:
    """What a program sees.

    Args:
        name: of the scenario; the run is called so.
        base: the class that subclasses extend; None where a list of small callbacks stands for it.
        make: ``make(**arguments)`` gives a callback, or a list of them.
        form: key of ``forms.FORMS``, of one that needs no script.
    """

    def __init__(
        self,
        name: str,
        scenario: Scenario,
        recorder: RunStarter,
        base: Any,
        make: Callable[..., Any],
        form: str = USUAL,
    ) -> None:
        self.name = name
        self._form = FORMS[form]
        self.base = base
        self._scenario = scenario
        self._recorder = recorder
        self._make = make
        self._family = families.FAMILIES[scenario.model]
        afresh()
        self.start_run(name=name)
        self.make_model()

    def start_run(self, name: str | None = None, **resumed: Any) -> None:
        self._recorder.start_run(name=name or self.name, **resumed)

    def make_model(self) -> None:
        self.model = families.compiled(self._family, **self._scenario.compile)

    def arrays(self) -> tuple[Any, Any]:
        return families.data(self._family)

    def callback(self, base: Any = None, **more: Any) -> Callable[[], list[Any]]:
        """What makes the callback under test, with *more* arguments; of the class *base* if given."""
        kind = self._form.kind(base or self._make)

        def make() -> list[Any]:
            arguments = {name: self._formed(value) for name, value in {**self._scenario.arguments, **more}.items()}
            made = kind(**arguments)
            return made if isinstance(made, list) else [made]

        return make

    def fit(self, *given: Any) -> None:
        """Trains with callbacks, and with what makes them: that is called where the form has it."""
        makers: list[Callable[[], list[Any]]] = [
            each if inspect.isfunction(each) else functools.partial(list, [each]) for each in given
        ]
        self._form.fit(self.model, self._arguments(), makers)

    def _arguments(self) -> Arguments:
        """Of ``fit``."""
        scenario = self._scenario
        given = {name: self._formed(value) for name, value in scenario.fit.items()}
        x = self._formed(Of(scenario.data))
        data = {"x": x[0], "y": x[1]} if isinstance(x, tuple) else {"x": x}
        if scenario.data in ("arrays", "named"):
            data["batch_size"] = given.pop("batch_size", families.BATCH)
        if scenario.validation is not None:
            given["validation_data"] = self._formed(Of(scenario.validation))
        # verbose=1: with less, Keras 2 does not call the legacy class' batch hooks (graph, tables).
        named = {**data, "epochs": scenario.epochs, "verbose": 1, "shuffle": False, **given}
        if not scenario.by_position:
            return Arguments(named=named)
        first = tuple(named.pop(name) for name in ("x", "y", "batch_size", "epochs", "verbose"))
        return Arguments(first, (0.0, named.pop("validation_data")), named)

    def _formed(self, value: Any) -> Any:  # noqa: PLR0911 - a form a line
        if not isinstance(value, Of):
            return value
        x, y = families.data(self._family)
        if value.form == "list":
            return [x, y]
        if value.form == "weights":
            return families.WEIGHTS
        if value.form == "weighted":
            return x, y, families.WEIGHTS
        if value.form == "named":
            return dict(zip("ab", x)), y
        if value.form == "dataset":
            return framework.dataset(x, y, families.BATCH)
        if value.form == "sequence":
            return families.Batches(x, y)
        if value.form == "generator":
            return families.batches(x, y)
        return x, y
