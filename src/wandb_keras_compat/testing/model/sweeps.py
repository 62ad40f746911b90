"""Sweeps: what was asked for, the agents that work on it, and the runs that they were given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .artifacts import RunKey


@dataclass
class Agent:
    """A program that asks for runs.

    Attributes:
        runs: ids of the runs that it was given, in order.
    """

    id: str
    host: str
    created: str = ""
    runs: list[str] = field(default_factory=list)


@dataclass
class Sweep:
    """One sweep.

    Attributes:
        text: the configuration as it came, YAML.
        state: ``PENDING`` until an agent comes, then ``RUNNING``; ``PAUSED``, ``CANCELED`` or ``FINISHED``.
        given: run id to the values of its parameters, in the order in which they were given out.
    """

    entity: str
    project: str
    id: str
    config: dict[str, Any]
    text: str = ""
    name: str | None = None
    state: str = "PENDING"
    created: str = ""
    agents: dict[str, Agent] = field(default_factory=dict)
    given: dict[str, dict[str, Any]] = field(default_factory=dict)

    def run_keys(self) -> list[RunKey]:
        """The runs that were given out; one that never began is in no store."""
        return [RunKey(self.entity, self.project, run_id) for run_id in self.given]
