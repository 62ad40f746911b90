"""Subclasses of the installed wandb's newer callbacks that write through an object of ours instead of ``wandb``."""

from __future__ import annotations

import types
from contextlib import nullcontext
from typing import Any

import wandb

from .installed_callbacks import installed_callbacks


def through_proxy(name: str, proxy: WandbProxy, announced: bool = False) -> type[Any]:
    """The installed wandb's newer callback *name*, writing through *proxy* instead of ``wandb``.

    The three classes write by calling functions of the module global ``wandb`` (``wandb.log``,
    ``wandb.log_artifact``, ``wandb.define_metric``, ...) and announce themselves through the global
    ``telemetry``. The subclass returned here has the same methods, but they find *proxy* and a silent
    telemetry under these two names. Nothing of the installed class or of its module is changed.
    """
    original: type[Any] = getattr(installed_callbacks(), name)
    replaced: dict[str, Any] = {"wandb": proxy}
    if not announced:
        replaced["telemetry"] = _SilentTelemetry
    methods = {
        key: _with_globals(value, replaced)
        for key, value in vars(original).items()
        if isinstance(value, types.FunctionType)
    }
    metaclass: Any = type(original)
    made: type[Any] = metaclass(name, (original,), methods)
    return made


def _with_globals(function: types.FunctionType, replaced: dict[str, Any]) -> types.FunctionType:
    scope = {**function.__globals__, **replaced}
    copy = types.FunctionType(function.__code__, scope, function.__name__, function.__defaults__, function.__closure__)
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__dict__.update(function.__dict__)  # keeps abstract methods abstract
    return copy


class WandbProxy:
    """Stands in for the module ``wandb`` in a callback of :func:`through_proxy`; the rest is wandb's own."""

    def __getattr__(self, name: str) -> Any:
        return getattr(wandb, name)

    def define_metric(self, *args: Any, **kwargs: Any) -> None:
        """Does nothing: the legacy class declared no metrics."""


class _SilentTelemetry:
    """Telemetry that records nothing: a run of the legacy class must not report the newer callbacks inside it."""

    @staticmethod
    def context(**_: Any) -> Any:
        return nullcontext(types.SimpleNamespace(feature=types.SimpleNamespace()))
