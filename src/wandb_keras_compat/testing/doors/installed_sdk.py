"""What the recorder and the reader of run logs use of the installed wandb; its versions are told apart only here.

What is used of wandb beyond its public API is the least that makes its own ``Run`` work without a service process:
the interface that sends records (``InterfaceShared``, there from 0.13.4 to 0.31.0 at least), the settings, and the
functions that put a run behind ``wandb.log`` and its like.
"""

from __future__ import annotations

import inspect
import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import wandb
from wandb.sdk import wandb_run
from wandb.sdk.data_types.base_types import wb_value
from wandb.sdk.interface.interface_shared import InterfaceShared
from wandb.sdk.lib import module, telemetry

#: Makes manifest entries for a reference to an entry of a logged artifact: class of entries, address, name or None.
ReferringEntries = Callable[[Any, str, "str | None"], "list[Any]"]


@cache
def has_core() -> bool:
    """Whether runs are served by wandb-core, which ships inside the package from 0.18 on."""
    return Path(wandb.__file__).parent.joinpath("bin", "wandb-core").exists()


@cache
def reuses_artifacts() -> bool:
    """Whether this wandb lets the server reuse any version with the same digest, also for artifacts only logged."""
    try:
        from wandb.sdk.internal.internal_api import Api
    except ImportError:
        return True
    create = getattr(Api, "create_artifact", None)
    return create is None or "enable_digest_deduplication" not in inspect.signature(create).parameters


def message(name: str) -> Any:
    """The protobuf class *name* of the installed wandb."""
    return getattr(import_module("wandb.proto.wandb_internal_pb2"), name)


class ReadyAnswer:
    """A response that is already there; it has every method by which some version of wandb waits for a response."""

    def __init__(self, result: Any) -> None:
        self._result = result

    def wait(self, **_: Any) -> Any:
        return self._result

    def get(self, timeout: float | None = None) -> Any:
        return self._result

    wait_or = wait

    async def wait_async(self, **_: Any) -> Any:
        return self._result

    def map(self, function: Callable[[Any], Any]) -> ReadyAnswer:
        return ReadyAnswer(function(self._result))

    def cancel(self, *_: Any) -> None:
        """Does nothing: the response is already there."""

    add_probe = add_progress = abandon = cancel


class Interface(InterfaceShared):
    """Hands every record to *handle* and its answer to whoever asked."""

    def __init__(self, handle: Callable[[Any], Any]) -> None:
        super().__init__()
        self._handle = handle

    def _init_router(self) -> None:
        """Does nothing: there is no other process to route responses from."""

    def _publish(self, record: Any, *_: Any, **__: Any) -> None:
        self._handle(record)

    def _deliver(self, record: Any, *_: Any, **__: Any) -> ReadyAnswer:
        return ReadyAnswer(self._handle(record))

    _deliver_record = _communicate_async = _deliver

    async def deliver_async(self, record: Any) -> ReadyAnswer:
        return self._deliver(record)

    def _record_client_encode(self, seconds: float) -> None:
        """Does nothing: newer wandb would start a thread for statistics of itself."""

    def join(self) -> None:
        """Does nothing: there is no thread or process to wait for."""


def settings(folder: Path, **fields: Any) -> Any:
    """Settings of an online run whose files are below *folder*; fields that are None stay unset."""
    quiet = {"mode": "online", "console": "off", "silent": True, "root_dir": str(folder)}
    made = wandb.Settings(**quiet, **{name: value for name, value in fields.items() if value is not None})
    if hasattr(made, "_set_run_start_time"):  # otherwise the start time is part of it from the beginning
        made._set_run_start_time()
    Path(made.files_dir).mkdir(parents=True, exist_ok=True)
    return made


def connect(run: Any, interface: Interface) -> None:
    """Makes *run* send its records to *interface*."""
    run._set_backend(interface if hasattr(run, "_interface") else SimpleNamespace(interface=interface))
    if hasattr(interface, "_hack_set_run"):  # otherwise each record is made with the run at hand
        interface._hack_set_run(run)


def announce(run: Any, interface: Interface) -> None:
    """Sends the record that a run begins with.

    Not by ``publish_run``: it takes a run, and with wandb 0.13.8 and some after it the record.
    """
    interface._publish_run(interface._make_run(run))


def begin(run: Any, features: Iterable[str]) -> None:
    """Ends the initialisation of *run*, with the telemetry that ``wandb.init`` sends, *features* among it."""
    with telemetry.context(run=run) as record:
        record.cli_version = wandb.__version__
        record.python_version = platform.python_version()
        for name in telemetry.list_telemetry_imports(only_imported=True):
            setattr(record.imports_init, name, True)
        for feature in features:
            if hasattr(record.feature, feature):
                setattr(record.feature, feature, True)
    run._register_telemetry_import_hooks()
    run._telemetry_obj_active = True
    run._telemetry_flush()
    run._freeze()


def end(run: Any) -> None:
    """Takes back what :func:`begin` and :func:`make_global` did outside the run."""
    run.__dict__["_is_finished"] = True  # older wandb lacks it, and a run takes no new attributes
    run._unregister_telemetry_import_hooks(run.id)
    if wandb.run is run:
        module.unset_globals()


def mark_feature(run: Any, feature: str) -> None:
    """Sets one flag of the run's telemetry."""
    with telemetry.context(run=run) as record:
        setattr(record.feature, feature, True)


def make_global(run: Any) -> None:
    """Puts *run* behind ``wandb.run``, ``wandb.log``, ``wandb.config``, ... as ``wandb.init`` does; None: no run."""
    if run is None:
        module.unset_globals()
        return
    names = [name for name in inspect.signature(module.set_global).parameters if name != "run"]
    module.set_global(run=run, **{name: getattr(run, name) for name in names})


def is_running(run: Any) -> bool:
    """Whether *run* has not been finished; old wandb keeps of that only its exit code."""
    return not getattr(run, "_is_finished", False) and getattr(run, "_exit_code", None) is None


def answer(run: Any, *, resumed: bool, step: int, summary: dict[str, Any]) -> None:
    """Tells *run* what a server answers about it: where it is, and if it is *resumed*, how far it was."""
    answer = message("RunRecord")()
    interface = getattr(run, "_interface", None) or run._backend.interface
    answer.CopyFrom(interface._make_run(run))
    answer.resumed = resumed
    answer.starting_step = step
    for key, value in summary.items():
        item = answer.summary.update.add()
        item.key, item.value_json = key, json.dumps(value)
    run._set_run_obj(answer)


class NoApi:
    """Takes the place of a client of the public API where one is demanded but not used."""

    client = None

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


@contextmanager
def isolated_from_servers(folder: Path, referring_entries: ReferringEntries) -> Iterator[None]:
    """Keeps wandb from asking a server, and from writing outside *folder*.

    wandb up to 0.28 asks a server which client versions it accepts when images or tables are logged (the answer
    here is: this one), and to refer to another artifact it opens a client that it then does not need.

    Args:
        referring_entries: called instead of that client, for addresses that begin with ``wandb-artifact:``.
    """
    places = {name: str(folder / name.lower()) for name in ("WANDB_CACHE_DIR", "WANDB_DATA_DIR", "WANDB_CONFIG_DIR")}
    policy, entry = _storage()
    store_reference = policy.store_reference

    def store(self: Any, artifact: Any, path: Any, name: str | None = None, **options: Any) -> Any:
        if str(path).startswith("wandb-artifact:"):
            return referring_entries(entry, str(path), name)
        return store_reference(self, artifact, path, name=name, **options)

    with ExitStack() as changed:
        changed.enter_context(_set(places))
        for place, name, answer in _QUESTIONS:
            if hasattr(place, name):
                changed.enter_context(mock.patch.object(place, name, lambda answer=answer: answer))
        changed.enter_context(mock.patch.object(policy, "store_reference", store))
        for place, name, value in _cache_globals():
            changed.enter_context(mock.patch.object(place, name, value))
        yield


@contextmanager
def _set(variables: Mapping[str, str]) -> Iterator[None]:
    """Sets environment variables for a time, and puts back these and no others.

    Other variables may change in the meantime: wandb keeps the address of its service process there.
    """
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


# Functions by which some version or other asks the server, or starts the service to ask it: where, name, answer.
_QUESTIONS = (
    (wandb.util, "_get_max_cli_version", wandb.__version__),
    (wandb.util, "_is_offline", False),
    (wb_value, "_is_maybe_offline", False),
)


def _cache_globals() -> list[tuple[Any, str, Any]]:
    """Where wandb keeps its one cache of artifact files, and the process some versions ask for the umask."""
    found: list[tuple[Any, str, Any]] = []
    for name in _CACHE_MODULES:
        with suppress(ImportError):
            place = import_module(name)
            found.extend((place, cache, None) for cache in _CACHES if hasattr(place, cache))
            if hasattr(place, "subprocess"):
                found.append((place, "subprocess", SimpleNamespace(check_output=lambda *_, **__: "18")))
    return found


_CACHE_MODULES = (
    "wandb.sdk.artifacts.artifact_file_cache",  # from 0.16 on
    "wandb.sdk.artifacts.artifacts_cache",  # 0.15
    "wandb.sdk.interface.artifacts.artifact_cache",  # 0.14
    "wandb.sdk.interface.artifacts",  # 0.13
    "wandb.sdk.wandb_artifacts",  # up to 0.14 only that process
)
_CACHES = ("_artifact_file_cache", "_artifacts_cache")


def _storage() -> tuple[Any, Any]:
    """wandb's storage policy, and the class of the entries it makes."""  # noqa: D403 - a name that begins small
    try:
        from wandb.sdk.artifacts.artifact_manifest_entry import ArtifactManifestEntry
        from wandb.sdk.artifacts.storage_policies.wandb_storage_policy import WandbStoragePolicy
    except ImportError:  # where artifacts were one module
        from wandb.sdk.wandb_artifacts import ArtifactManifestEntry, WandbStoragePolicy
    return WandbStoragePolicy, ArtifactManifestEntry


Run = wandb_run.Run
