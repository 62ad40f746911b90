"""*Best*: which epoch is the best one so far."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .state import LegacyState
from .values import canonical


def counts_upwards(monitor: str, mode: str) -> bool:
    """By mode ``auto``: what has "acc" in its name, or begins with "fmeasure"."""
    return mode == "max" or (mode != "min" and ("acc" in monitor or monitor.startswith("fmeasure")))


class Best:
    """The best value of the monitored metric; *value* may be a number of any kind."""

    def __init__(self, owner: LegacyState) -> None:
        options, self._owner = owner.options, owner
        if options["mode"] not in ("auto", "min", "max"):
            owner.say(f"WandbCallback mode {options['mode']} is unknown, fallback to auto mode.")
        self._upwards = counts_upwards(options["monitor"], options["mode"])
        self.value: Any = self._previous()

    def _previous(self) -> Any:
        """The best one of the run that is resumed."""
        options, rules, worst = self._owner.options, self._owner.rules, -math.inf if self._upwards else math.inf
        prefix = options["log_best_prefix"]
        found = self._owner.run.previous.get(f"{prefix}{options['monitor']}")
        if found is None:
            return worst
        if not prefix and rules.differs("KD-045"):
            return worst
        if isinstance(found, str) and rules.differs("KD-046"):
            return worst
        return found

    def see(self, epoch: int, logs: dict[str, Any]) -> Any:
        """Writes the summary if this epoch is better; returns its value then, and None otherwise."""
        options, rules = self._owner.options, self._owner.rules
        monitor, prefix = options["monitor"], options["log_best_prefix"]
        current = logs.get(monitor)
        if current is None:
            return None
        value = _number(current)
        if value is None:
            rules.dies("KD-047", "TypeError or ValueError or InvalidArgumentError")
            return None
        if value == 0 and not rules.differs("KD-044"):
            return None
        if isinstance(self.value, str):
            rules.dies("KD-046", "TypeError")
        if not (value > self.value if self._upwards else value < self.value):
            return None
        if prefix:
            self._owner.run.summary[f"{prefix}{monitor}"] = canonical(current)
            self._owner.run.summary[f"{prefix}epoch"] = epoch
            if options["verbose"] and not options["save_model"]:
                self._owner.say(self.improved(epoch, value))
        return value

    def improved(self, epoch: int, value: Any) -> str:
        return f"Epoch {epoch:05d}: {self._owner.options['monitor']} improved from {self.value:0.5f} to {value:0.5f}"


def _number(value: Any) -> Any:
    """*value* if it is a single number of whatever type, as Python has it; None if it is none."""
    array = np.asarray(value)
    return array.item() if array.dtype.kind in "biuf" and array.size == 1 else None
