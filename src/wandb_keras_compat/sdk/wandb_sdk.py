"""The installed wandb SDK, as features and the run writer see it."""

from __future__ import annotations

import glob
import inspect
import os
import types
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
import wandb
from packaging.version import Version
from wandb.sdk.lib import telemetry

from .. import versions
from .installed_callbacks import newer_callbacks


def rerouted(name: str, route: Route, announced: bool = False) -> type[Any]:
    """The installed wandb's newer callback *name*, writing through *route* instead of ``wandb``.

    The three classes write by calling functions of the module global ``wandb`` (``wandb.log``,
    ``wandb.log_artifact``, ``wandb.define_metric``, ...) and announce themselves through the global
    ``telemetry``. The subclass returned here has the same methods, but they find *route* and a silent
    telemetry under these two names. Nothing of the installed class or of its module is changed.
    """
    original: type[Any] = getattr(newer_callbacks(), name)
    replaced: dict[str, Any] = {"wandb": route}
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


class Route:
    """Stands in for the module ``wandb`` in a rerouted callback; what a subclass lacks is wandb's own."""

    def __getattr__(self, name: str) -> Any:
        return getattr(wandb, name)

    def define_metric(self, *args: Any, **kwargs: Any) -> None:
        """The legacy class declared no metrics."""


class _SilentTelemetry:
    """A run that uses the legacy class reports the legacy class, not what this package builds it from."""

    @staticmethod
    def context(**_: Any) -> Any:
        return nullcontext(types.SimpleNamespace(feature=types.SimpleNamespace()))


def mark_legacy_feature(run: Any) -> None:
    """Sets the telemetry feature ``keras`` (8), as the legacy class did when it was made."""
    take_telemetry(run)
    with telemetry.context(run=run) as record:
        record.feature.keras = True


def take_telemetry(run: Any) -> None:
    """Makes a disabled run take telemetry: wandb 0.17.7 gives it nothing to keep it in, and every callback dies."""
    if run is None or not run.disabled:
        return
    try:
        with telemetry.context(run=run):
            pass
    except AttributeError:
        run._telemetry_obj = telemetry.TelemetryRecord()
        run._telemetry_obj_active = False  # and sends none


def publish_file(run: Any, path: str) -> None:
    """Has the file *path*, directly in the folder of *run*, uploaded as it is now; to be called after each change.

    The policy ``live`` alone uploads a change only a minute after the last one, and up to wandb 0.17 only if the file
    has grown by a fifth: a process that was killed left the model of an old epoch on the server.

    wandb 0.16.5 makes a link to itself of a file that is there already, which destroys it; given a folder that does
    not exist, it finds nothing to link and registers the name all the same. In the others the folder keeps
    ``run.save`` from looking in, and linking to, the working directory.
    """
    folder, name = os.path.split(path)
    if versions.installed("wandb") == Version("0.16.5"):
        folder = os.path.join(folder, "wandb-save-links-nothing-here")
    run.save(glob.escape(os.path.join(folder, name)), base_path=folder, policy="live")


def guess_data_type(shape: Any, risky: bool = False) -> str | None:
    """W&B's guess at what a batch of *shape* holds: ``label``, ``image``, ``segmentation_mask`` or None.

    The rules are wandb's (``wandb.util.guess_data_type``), so the known slips are too: a mask of 3 or
    4 classes is guessed to be an image.
    """
    kind: str | None = wandb.util.guess_data_type(tuple(shape), risky=risky)
    return kind


def artifact_name(name: str) -> str:
    """*name* with every character an artifact name cannot have replaced by ``_``."""
    safe: str = wandb.util.make_artifact_name_safe(name)
    return safe


def image(pixels: Any, **details: Any) -> wandb.Image:
    """A ``wandb.Image`` of *pixels*, whatever their range, as every wandb up to 0.19 made it.

    From 0.20.0 on the rule is another with each few releases: all are spread over 0 to 255, or only those from -1
    to 1 are, or none: images of values 0 to 1, the usual input of a network, come out black. There they are
    brought to 0 to 255 first, and wandb is told to leave them so.

    Args:
        pixels: array of shape (height, width) or (height, width, channels), of any numeric dtype.
        details: passed on: ``caption``, ``grouping``, ``masks``.
    """
    array = np.asarray(pixels)
    if not hasattr(wandb.Image, "to_uint8"):  # the legacy rule went with this method
        array = _in_255(array)
        if "normalize" in inspect.signature(wandb.Image.__init__).parameters:
            details["normalize"] = False
    return wandb.Image(array, **details)


def _in_255(pixels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """W&B's legacy rule: negative values are spread over 0 to 1 first, and what does not exceed 1 is times 255."""
    if pixels.size == 0 or not np.issubdtype(pixels.dtype, np.number):
        return pixels
    low, high = pixels.min(), pixels.max()
    if low < 0 and high > low:
        pixels = (pixels - low) / (high - low)
    if pixels.max() <= 1:
        # In the floats' own precision, so that what was divided by 255 comes back: 0.1 less is cut off to 1 less.
        floats = pixels if np.issubdtype(pixels.dtype, np.floating) else pixels.astype(np.float64)
        pixels = floats * 255
    return pixels.clip(0, 255).astype(np.uint8)


@contextmanager
def asking_no_server(run: Any) -> Iterator[None]:
    """Keeps an offline run from asking the server which client versions it accepts.

    wandb up to 0.18 asks that when a list of images or a table is logged, offline runs included;
    without a network the question is retried for minutes. An offline run will be synced by this very
    client, so its own version is the answer.
    """
    if not getattr(run, "offline", False) or not hasattr(wandb.util, "_get_max_cli_version"):
        yield
        return
    asked = wandb.util._get_max_cli_version
    wandb.util._get_max_cli_version = lambda: wandb.__version__
    try:
        yield
    finally:
        wandb.util._get_max_cli_version = asked
