"""How the callback comes to ``fit``: the forms in which the same training can be written.

What is logged does not depend on them. Four of five public programs make the callback within the call, where Python has
looked up ``model.fit`` before the callback is made; so that is the form in which everything is played, and the others
are held to it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Makers = Iterable[Callable[[], list[Any]]]


@dataclass(frozen=True)
class Arguments:
    """What ``fit`` is given besides callbacks: by position before and after them, and by name."""

    first: tuple[Any, ...] = ()
    last: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)


def _itself(kind: Any) -> Any:
    return kind


def _inline(model: Any, given: Arguments, makers: Makers) -> None:
    if given.first:
        model.fit(*given.first, [callback for make in makers for callback in make()], *given.last, **given.named)
    else:
        model.fit(callbacks=[callback for make in makers for callback in make()], **given.named)


def _before(model: Any, given: Arguments, makers: Makers) -> None:
    ready = [callback for make in makers for callback in make()]
    _inline(model, given, [lambda: ready])


def _of_a_function(model: Any, given: Arguments, makers: Makers) -> None:
    def our_callbacks() -> list[Any]:
        found: list[Any] = []
        for make in makers:
            found += make()
        return found

    if given.first:
        model.fit(*given.first, our_callbacks(), *given.last, **given.named)
    else:
        model.fit(callbacks=our_callbacks(), **given.named)


def _copied(model: Any, given: Arguments, makers: Makers) -> None:
    ready = [callback for make in makers for callback in make()]
    _inline(model, given, [lambda: copy.deepcopy(ready)])


def _subclass(kind: Any) -> Any:
    class OurCallback(kind):
        """What people add without changing what is logged."""

        def __init__(self, **arguments: Any) -> None:
            super().__init__(**arguments)
            self.epochs_seen: list[int] = []

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.epochs_seen.append(epoch)
            super().on_epoch_end(epoch, logs)

    return OurCallback if isinstance(kind, type) else kind


@dataclass(frozen=True)
class Form:
    """One form.

    Attributes:
        says: what it is, in words.
        fit: calls ``model.fit`` with callbacks that the makers make.
        kind: the class that a program makes its callback of, of the class that it wants.
        started: how the script is started that the scenario is written as, see :mod:`.host`; empty where it is played
            from its declaration, within the process that plays others.
    """

    says: str
    fit: Callable[[Any, Arguments, Makers], None] = _inline
    kind: Callable[[Any], Any] = _itself
    started: str = ""


FORMS: dict[str, Form] = {
    "inline": Form("made within the call: fit(..., callbacks=[WandbCallback(...)])"),
    "before": Form("made a line before the call", _before),
    "function": Form("in a list that a function builds within the call", _of_a_function),
    "subclass": Form("of a subclass, within the call", kind=_subclass),
    "copied": Form("a deep copy, as tuners make one for every trial", _copied),
    "run": Form("the script, unmodified, under python -m wandb_keras_compat run", started="run"),
    "install": Form("the script, with wandb_keras_compat.install() as its first line", started="install"),
    "notebook": Form("a notebook whose first cell is %load_ext wandb_keras_compat", started="notebook"),
}

#: In which everything is played and recorded unless told otherwise.
USUAL = "inline"
#: That are played from the declaration, many in one process.
DECLARED = tuple(name for name, form in FORMS.items() if not form.started)
WRITTEN = tuple(name for name, form in FORMS.items() if form.started)
