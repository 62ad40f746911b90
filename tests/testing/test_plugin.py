"""The parts of the pytest plugin, one by one; whole sessions with it are in ``views/test_plugin.py``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the fixtures need the `testing` extra")

from wandb_keras_compat import hook
from wandb_keras_compat.testing import plugin
from wandb_keras_compat.testing.doors import recorder
from wandb_keras_compat.testing.doors.server import Fault
from wandb_keras_compat.testing.fixtures import BackendFixture
from wandb_keras_compat.testing.model.artifacts import RunKey

wandb_backend_server, wandb_backend = plugin.wandb_backend_server, plugin.wandb_backend
wandb_recorder = plugin.wandb_recorder


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list[str]:
    """How often wandb was to forget its settings: really, the run that all tests share would be at its end."""
    times: list[str] = []
    if "wandb" not in request.fixturenames:
        monkeypatch.setattr(plugin, "_forget_settings", lambda: times.append("forgotten"))
    monkeypatch.setattr(plugin, "_settings_of", None)
    return times


@pytest.fixture
def wandb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A wandb that notes what it is told to do, and no settings that it was told of before."""
    found = ModuleType("wandb")
    said: list[str] = []
    vars(found).update(
        said=said, run=None, teardown=lambda: said.append("teardown"), finish=lambda: said.append("finish")
    )
    monkeypatch.setitem(sys.modules, "wandb", found)
    yield found


def config(**values: Any) -> Any:
    return SimpleNamespace(getini=lambda name: values.get(name, ""))


@pytest.mark.parametrize(
    ("values", "installed"),
    [
        ({}, []),
        ({"wandb_keras_hook": False}, []),
        ({"wandb_keras_hook": True}, [None]),
        ({"wandb_keras": "tf_keras"}, ["tf_keras"]),
        ({"wandb_keras": "tf_keras", "wandb_keras_hook": True}, ["tf_keras"]),
    ],
)
def test_the_hook_is_there_where_the_configuration_asks_for_it_or_for_a_keras(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], installed: list[str | None]
) -> None:
    asked: list[str | None] = []
    monkeypatch.setattr(hook, "install", lambda *, keras: asked.append(keras))
    plugin.pytest_load_initial_conftests(config(**values))
    assert asked == installed


def test_a_keras_that_cannot_be_chosen_is_an_error_of_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*, keras: str) -> None:
        raise RuntimeError("there is none")

    monkeypatch.setattr(hook, "install", refuse)
    with pytest.raises(pytest.UsageError, match=r"^wandb_keras = keras_9: there is none$"):
        plugin.pytest_load_initial_conftests(config(wandb_keras="keras_9"))


def test_the_options_are_there_and_ask_for_nothing_by_themselves() -> None:
    added: dict[str, dict[str, Any]] = {}

    def addini(name: str, help: str, kind: str | None = None, default: object = None) -> None:
        added[name] = {"kind": kind, "default": default}
        assert len(help.split()) > 4

    plugin.pytest_addoption(SimpleNamespace(addini=addini))
    assert added == {
        "wandb_keras_hook": {"kind": "bool", "default": False}, "wandb_keras": {"kind": None, "default": ""},
    }  # fmt: skip


def test_wandb_forgets_its_settings_where_another_address_follows_and_only_there(wandb: Any) -> None:
    plugin._use_settings("http://one")
    plugin._use_settings("http://one")
    assert wandb.said == ["teardown"]
    plugin._use_settings("http://two")
    assert wandb.said == ["teardown"] * 2
    without, with_one = SimpleNamespace(fixturenames=["tmp_path"]), SimpleNamespace(fixturenames=["wandb_recorder"])
    plugin.pytest_runtest_setup(with_one)
    plugin.pytest_runtest_setup(SimpleNamespace(fixturenames=["wandb_backend"]))
    assert wandb.said == ["teardown"] * 2
    plugin.pytest_runtest_setup(without)
    assert wandb.said == ["teardown"] * 3
    plugin.pytest_runtest_setup(without)
    plugin.pytest_runtest_setup(SimpleNamespace())
    assert wandb.said == ["teardown"] * 3, "there is nothing to forget"


def test_a_run_that_is_open_where_another_address_follows_is_finished_while_it_can_be(wandb: Any) -> None:
    """Its service goes with what wandb forgets; after that ``wandb.finish()`` raises, whoever calls it."""
    wandb.run = SimpleNamespace(id="r1")
    with pytest.warns(
        pytest.PytestWarning, match=r"^The run r1 was open .* and is finished: .* asks for wandb_backend"
    ):
        plugin._use_settings("http://one")
    assert wandb.said == ["finish", "teardown"]


def test_a_program_without_wandb_has_nothing_to_forget_or_finish(monkeypatch: pytest.MonkeyPatch, wandb: Any) -> None:
    del vars(wandb)["teardown"], vars(wandb)["run"]
    plugin._forget_settings()
    plugin._finish_run()
    monkeypatch.delitem(sys.modules, "wandb")
    plugin._forget_settings()
    plugin._finish_run()
    assert wandb.said == [] and "wandb" not in sys.modules


def test_a_run_that_a_test_left_open_is_finished(wandb: Any) -> None:
    plugin._finish_run()
    assert wandb.said == []
    wandb.run = object()
    plugin._finish_run()
    assert wandb.said == ["finish"]


def test_wandb_reports_nothing_of_a_test_to_its_makers(monkeypatch: pytest.MonkeyPatch, wandb: Any) -> None:
    monkeypatch.delenv("WANDB_ERROR_REPORTING", raising=False)
    with monkeypatch.context() as changed:
        plugin._report_no_errors(changed)
        assert os.environ["WANDB_ERROR_REPORTING"] == "false"
    wandb._sentry = SimpleNamespace(_disabled=False)
    with monkeypatch.context() as changed:
        plugin._report_no_errors(changed)
        assert wandb._sentry._disabled is True
    assert wandb._sentry._disabled is False and "WANDB_ERROR_REPORTING" not in os.environ


def test_what_is_not_known_fails_the_test_with_each_line_once() -> None:
    plugin._fail_if_unknown(())
    with pytest.raises(pytest.fail.Exception) as failed:
        plugin._fail_if_unknown(("GET /a", "GET /b", "GET /a"))
    assert str(failed.value).splitlines()[1:] == ["  GET /a", "  GET /b"]
    assert "does not know" in str(failed.value)


def test_a_library_of_the_extra_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert plugin._from_the_extra(".doors.recorder", "Recorder") is recorder.Recorder
    error = ModuleNotFoundError("No module", name="starlette")

    def missing(module: str, package: str) -> ModuleType:
        raise error

    monkeypatch.setattr(plugin, "import_module", missing)
    with pytest.raises(pytest.fail.Exception, match=r"starlette.*wandb-keras-compat\[testing\]") as failed:
        plugin._from_the_extra(".doors.server", "Backend")
    assert failed.value.pytrace is False, "where it is imported says nothing to the user"
    error.name = "wandb_keras_compat.gone"
    with pytest.raises(ModuleNotFoundError) as raised:
        plugin._from_the_extra(".doors.server", "Backend")
    assert raised.value is error
    error.name = None
    with pytest.raises(pytest.fail.Exception):
        plugin._from_the_extra(".doors.server", "Backend")


def test_what_it_offers_is_there() -> None:
    assert [name for name in plugin.__all__ if not hasattr(plugin, name)] == []
    assert {"wandb_backend", "wandb_recorder", "pytest_addoption"} <= {*plugin.__all__}


@pytest.mark.parametrize("mode", ["online", "disabled"])
def test_under_the_recorder_other_processes_find_wandb_offline_and_nobody_at_its_address(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, forgotten: list[str], mode: str
) -> None:
    monkeypatch.setenv("WANDB_MODE", mode)
    found = request.getfixturevalue("wandb_recorder")
    assert os.environ["WANDB_MODE"] == ("offline" if mode == "online" else "disabled")
    assert (os.environ["WANDB_BASE_URL"], os.environ["WANDB_ERROR_REPORTING"]) == ("http://127.0.0.1:9", "false")
    assert (forgotten, plugin._settings_of) == (["forgotten"], "http://127.0.0.1:9")
    found.start_run(id="r").log({"a": 1})
    assert found.history() == [{"a": 1}]


@pytest.mark.parametrize("time", ["first", "second"])
def test_under_the_backend_all_leads_to_it_and_it_is_empty(
    wandb_backend: BackendFixture, forgotten: list[str], time: str
) -> None:
    assert wandb_backend.runs() == () and wandb_backend.faults.hits == ()
    assert wandb_backend.faults.take("graphql", ["x"]) is None
    variables = {name: value for name, value in wandb_backend.environment().items() if name.lower() != "no_proxy"}
    assert {name: os.environ[name] for name in variables} == variables
    assert "127.0.0.1" in os.environ["no_proxy"]
    assert os.environ["WANDB_BASE_URL"] == wandb_backend.url == plugin._settings_of
    assert os.path.isdir(os.environ["WANDB_DIR"]) and os.environ["WANDB_CONSOLE"] == "off"
    assert forgotten == ["forgotten"]
    wandb_backend.faults.add(Fault("graphql", status=500))
    wandb_backend._server.store.run(RunKey("e", "p", time))
    wandb_backend.kill()
