"""The state of a run, which a door writes to while the run goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .artifacts import ArtifactVersion, RunKey

#: A telemetry field that names the version of something, and the distribution it is.
VERSION_FIELDS = {"python_version": "python", "cli_version": "wandb", "huggingface_version": "transformers"}


@dataclass
class Metric:
    """One ``define_metric`` call. *name* is a key, or a glob such as ``epoch/*``.

    Attributes:
        summary: ``min``, ``max``, ``mean``, ``last``, ``best``, ``first``, ``copy`` or ``none``, sorted.
        goal: ``minimize`` or ``maximize``.
    """

    name: str
    step_metric: str | None = None
    summary: tuple[str, ...] = ()
    hidden: bool = False
    step_sync: bool = False
    goal: str | None = None


@dataclass(frozen=True)
class Alert:
    """One ``run.alert``; *wait* is the time in which the same alert is sent once, in milliseconds."""

    title: str
    text: str
    severity: str = "INFO"
    wait: int | None = None


@dataclass
class RunState:
    """One run, as far as it has come.

    Attributes:
        name: the display name. *id* is in *key*.
        history: one mapping per row, in the order of the run's own line offsets; values are SDK JSON.
        config: plain values, without the ``value`` wrapper and without ``_wandb``.
        metrics: by name or glob.
        files: path in the run's files to every content it was sent, oldest first.
        policies: path to ``now``, ``end`` or ``live``, where the door sees it.
        telemetry: dotted names of the telemetry message, e.g. ``feature.keras``, ``imports_init.tensorflow``.
        versions: distribution name to version, e.g. ``wandb``, and ``python``; as far as the run sent them.
        logged, used: artifact versions in order; one logged twice is there twice.
        alerts: as far as the door sees them: a server does.
        exit_code: None while the run goes on, or when it did not end in an orderly way.
    """

    key: RunKey
    name: str = ""
    group: str | None = None
    job_type: str | None = None
    notes: str | None = None
    tags: list[str] = field(default_factory=list)
    sweep: str | None = None
    config: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Metric] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    files: dict[str, list[bytes]] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    console: list[str] = field(default_factory=list)
    telemetry: set[str] = field(default_factory=set)
    versions: dict[str, str] = field(default_factory=dict)
    logged: list[ArtifactVersion] = field(default_factory=list)
    used: list[ArtifactVersion] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    exit_code: int | None = None

    def use(self, version: ArtifactVersion) -> None:
        """Notes that the run takes *version* as input."""
        self.used.append(version)
        if self.key not in version.used_by:
            version.used_by.append(self.key)
