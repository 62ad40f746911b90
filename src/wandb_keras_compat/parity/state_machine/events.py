"""A play: how a callback is made, and what Keras, the user and the W&B run then do to it. Plain data.

A drawn play is printed as it is, so everything in it has a ``repr`` that can be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .data import Samples
from .nets import DENSE, Net


@dataclass(frozen=True)
class TrainBegin:
    """``fit`` begins."""


@dataclass(frozen=True)
class Batch:
    """A batch of training, its begin and its end. *hook* is who tells: Keras, or code that calls the old name."""

    batch: int
    logs: Mapping[str, Any] | None
    hook: str = "on_train_batch_end"


@dataclass(frozen=True)
class TestBatch:
    """A batch of validation."""

    batch: int
    logs: Mapping[str, Any] | None


@dataclass(frozen=True)
class EpochEnd:
    epoch: int
    logs: Mapping[str, Any] | None


@dataclass(frozen=True)
class TrainEnd:
    """``fit`` returns."""


@dataclass(frozen=True)
class FitRaises:
    """``fit`` ends in an exception that is not ours: no hook is called any more."""


@dataclass(frozen=True)
class UserLogs:
    """``wandb.log`` of the user's, around the callback's."""

    values: Mapping[str, Any]
    commit: bool


@dataclass(frozen=True)
class Trained:
    """The weights are other ones now: number *version*, see :meth:`.nets.Net.arrays`."""

    version: int


@dataclass(frozen=True)
class NewRun:
    """The run is finished and another one begins; the callback stays."""


Event = TrainBegin | Batch | TestBatch | EpochEnd | TrainEnd | FitRaises | UserLogs | Trained | NewRun


@dataclass(frozen=True)
class Play:
    """Everything drawn.

    Attributes:
        arguments: of the constructor; data and functions as stand-ins of :mod:`.data`.
        events: what happens, in order.
        net: the model that is set.
        changed: attributes set after construction, as legacy code did.
        resumed: the summary of a run that is resumed; None for a new run.
        validation: what ``fit`` validates on; None for nothing.
        inline: whether the callback is made after ``fit`` was looked up, as in
        ``model.fit(callbacks=[WandbCallback()])``.
    """

    arguments: Mapping[str, Any]
    events: tuple[Event, ...]
    net: Net = DENSE
    changed: Mapping[str, Any] = field(default_factory=dict)
    resumed: Mapping[str, Any] | None = None
    validation: Samples | None = None
    inline: bool = False

    @property
    def asks_fit(self) -> bool:
        """Whether what ``fit`` validates on may be asked for: the training is then told from within a ``fit``."""
        given = self.arguments.get("validation_data") or self.arguments.get("generator")
        wanted = [self.arguments.get(name) for name in ("log_evaluation", "input_type", "output_type")]
        return self.validation is not None or (given is None and any(wanted))

    def told(self, here: int | None = None) -> str:
        """The play in lines; *here* is the index of the event to point at, -1 the construction."""
        given = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        lines = [f"WandbCallback({given})", *(f"callback.{name} = {value!r}" for name, value in self.changed.items())]
        lines.append(f"model: {self.net!r}")
        if self.validation is not None or self.inline:
            lines.append(f"validation_data of fit: {self.validation!r}" + ", where the callback is made" * self.inline)
        if self.resumed is not None:
            lines.insert(0, f"a run resumed with the summary {dict(self.resumed)!r}")
        lines = ["  " + line for line in lines]
        if here == -1:
            lines[0 if self.resumed is None else 1] += "    <-- here"
        for index, event in enumerate(self.events):
            lines.append(f"  {index}: {event!r}" + ("    <-- here" if index == here else ""))
        return "\n".join(lines)
