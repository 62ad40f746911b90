"""The pytest plugin: the fixtures ``wandb_backend`` and ``wandb_recorder``, and two ini options.

pytest imports this module in every session of an environment that has the package, so it imports nothing but pytest;
what the fixtures need (the extra ``testing``, wandb itself) is imported when one is first used.

::

    def test_my_training(wandb_backend):
        train(epochs=2)  # calls wandb.init, in this process or in one that it starts
        assert [row["loss"] for row in wandb_backend.history()] == [pytest.approx(0.5), pytest.approx(0.25)]
        assert wandb_backend.summary()["best_epoch"] == 1

With ``wandb_keras_hook = true`` in the configuration of pytest the tests can import code that was written for the
legacy callback and not changed since, as ``python -m wandb_keras_compat run`` would run it.

With ``wandb_keras = tf_keras`` in the configuration of pytest, the tests of code written for Keras 2 see tf_keras under
the names ``keras`` and ``tf.keras``, as programs do under ``run --keras tf_keras``.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .doors.recorder import Recorder
    from .doors.server import Backend
    from .fixtures import BackendFixture, RecorderFixture

__all__ = [
    "pytest_addoption",
    "pytest_load_initial_conftests",
    "pytest_runtest_setup",
    "wandb_backend",
    "wandb_backend_server",
    "wandb_recorder",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """The ini options."""
    parser.addini("wandb_keras_hook", "Install the import hook before the tests are collected.", "bool", default=False)
    parser.addini("wandb_keras", "The Keras that the code under test was written for: tf_keras is Keras 2.", default="")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Installs the hook and chooses the Keras before anything of the project is imported.

    Raises:
        pytest.UsageError: it cannot be chosen.
    """
    keras = early_config.getini("wandb_keras")
    if not keras and not early_config.getini("wandb_keras_hook"):
        return
    from ..hook import install

    try:
        install(keras=keras or None)
    except RuntimeError as error:
        raise pytest.UsageError(f"wandb_keras = {keras}: {error}") from None


@pytest.fixture(scope="session")
def wandb_backend_server() -> Iterator[Backend]:
    """The :class:`.Backend` of this session, or of this worker under xdist. Tests use ``wandb_backend``."""
    backend_class: type[Backend] = _from_the_extra(".doors.server", "Backend")
    with backend_class() as server:
        yield server
        _finish_run()  # while the server still answers what wandb has to say at its end
        _forget_settings()


@pytest.fixture
def wandb_backend(
    wandb_backend_server: Backend, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BackendFixture]:
    """An empty W&B backend for this test, over HTTP, and the environment that leads wandb to it.

    The variables hold for this process and for those it starts. They also turn off what a run does beside logging
    (console, machine statistics, git), and send wandb's own files to a temporary folder. A run that the test left
    open is finished at its end. If anything was asked that the backend does not know, the test fails then.
    """
    from .doors.server.environment import client_environment
    from .fixtures import BackendFixture

    wandb_backend_server.start()  # a test before this one may have killed it
    wandb_backend_server.store.clear()
    wandb_backend_server.faults.clear()
    for name, value in client_environment(wandb_backend_server, tmp_path_factory.mktemp("wandb")).items():
        monkeypatch.setenv(name, value)
    _report_no_errors(monkeypatch)
    _use_settings(wandb_backend_server.url)
    yield BackendFixture(wandb_backend_server)
    _finish_run()
    wandb_backend_server.faults.clear()
    _fail_if_unknown(wandb_backend_server.snapshot().unknown)


@pytest.fixture
def wandb_recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[RecorderFixture]:
    """A stand-in for runs, in this process and without a server.

    ``wandb.init`` of the code under test gives such a run, and so does ``start_run()`` of the fixture. What needs a
    server (``wandb.Api``, sweeps) raises, and nothing leaves this machine: a process that the test starts finds wandb
    offline, its address a port of this machine that nobody listens at.
    """
    from .fixtures import RecorderFixture

    recorder_class: type[Recorder] = _from_the_extra(".doors.recorder", "Recorder")
    answers_init = _from_the_extra(".doors.recorder.program_init", "answers_init")
    if os.environ.get("WANDB_MODE") != "disabled":
        monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_BASE_URL", _NOBODY)
    _report_no_errors(monkeypatch)
    _use_settings(_NOBODY)
    with recorder_class() as recorder, answers_init(recorder):
        yield RecorderFixture(recorder)
        unknown = recorder.snapshot().unknown
    _fail_if_unknown(unknown)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before a test with neither fixture: makes wandb forget the settings of an earlier one."""
    if _settings_of is not None and not {"wandb_backend", "wandb_recorder"} & set(getattr(item, "fixturenames", ())):
        _forget_settings()


# wandb reads the environment once per process and keeps it, so it has to forget when the environment changes. That
# costs a start of its service process, hence not after each test but only where one with another environment follows.
_settings_of: str | None = None

_RUN_ENDS = (
    "The run {} was open where wandb is led to another address, and is finished: wandb keeps one for a process. "
    "Start it in the test that needs it, or in a fixture that asks for wandb_backend or wandb_recorder itself."
)

#: Port 9 of loopback, where nothing listens.
_NOBODY = "http://127.0.0.1:9"


def _from_the_extra(module: str, name: str) -> Any:
    """Imports *name* of this package; a missing library fails the test with the command that installs it."""
    try:
        return getattr(import_module(module, __package__), name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("wandb_keras_compat"):
            raise
        from .. import messages  # asks what is installed: not for every pytest that loads this plugin

        pytest.fail(messages.extra_is_missing("this fixture", str(error.name), "testing"), pytrace=False)


def _report_no_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps wandb from reporting its own errors and sessions to its makers.

    wandb 0.16 to 0.18 decide that when they are imported, which is before the fixture wherever a test module does it.
    """
    monkeypatch.setenv("WANDB_ERROR_REPORTING", "false")
    reporter = getattr(sys.modules.get("wandb"), "_sentry", None)
    if hasattr(reporter, "_disabled"):
        monkeypatch.setattr(reporter, "_disabled", True)


def _use_settings(url: str) -> None:
    global _settings_of  # noqa: PLW0603 - one for the process
    if _settings_of != url:
        _forget_settings()
        _settings_of = url


def _forget_settings() -> None:
    """Makes wandb forget what it read; a run that is open ends with it, and is told to while its service can answer."""
    global _settings_of  # noqa: PLW0603 - one for the process
    _settings_of = None
    wandb = sys.modules.get("wandb")
    if (run := getattr(wandb, "run", None)) is not None:
        warnings.warn(_RUN_ENDS.format(getattr(run, "id", run)), pytest.PytestWarning, stacklevel=2)
        _finish_run()
    if wandb is not None and hasattr(wandb, "teardown"):
        wandb.teardown()


def _finish_run() -> None:
    wandb = sys.modules.get("wandb")
    if wandb is not None and getattr(wandb, "run", None) is not None:
        wandb.finish()


def _fail_if_unknown(unknown: tuple[str, ...]) -> None:
    if unknown:
        lines = "\n  ".join(dict.fromkeys(unknown))
        pytest.fail(f"the W&B backend was asked what it does not know:\n  {lines}", pytrace=False)
