"""A callback of wandb's that writes through an object of ours: its own code, and nothing of wandb's is changed."""

from __future__ import annotations

import abc
import types
from typing import Any

import pytest
import wandb

from wandb_keras_compat.sdk import proxy
from wandb_keras_compat.sdk.proxy import WandbProxy, through_proxy

SOURCE = """
import abc

class Telemetry:
    def __init__(self):
        self.flags = []

    def context(self, **_):
        import contextlib, types
        feature = types.SimpleNamespace()
        self.flags.append(feature)
        return contextlib.nullcontext(types.SimpleNamespace(feature=feature))

telemetry = Telemetry()

class Base(abc.ABC):
    def inherited(self):
        return wandb.name

class Callback(Base):
    constant = 7

    def __init__(self, log_freq="epoch", *, step=3):
        with telemetry.context(run=wandb.run) as record:
            record.feature.callback = True
        self.freq, self.step = log_freq, step

    def log(self):
        return wandb.log({"a": 1}), wandb.name

    def helper(self):
        return free()

    @property
    def writes_with(self):
        return wandb.name

    @abc.abstractmethod
    def wanted(self): ...

def free():
    return wandb.name
"""


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """One that writes as wandb's does: through the name ``wandb`` of the module."""
    found = types.ModuleType("callbacks")
    vars(found)["wandb"] = types.SimpleNamespace(name="the real one", run=None, log=lambda row: ("logged", row))
    exec(SOURCE, vars(found))
    monkeypatch.setattr(proxy, "installed_callbacks", lambda: found)
    return found


class Ours(WandbProxy):
    name, run = "ours", None

    def log(self, row: Any) -> Any:
        return ("taken", row)


def made(module: types.ModuleType, *arguments: Any, announced: bool = False, **named: Any) -> Any:
    kind = through_proxy("Callback", Ours(), announced)
    return type(kind)("Whole", (kind,), {"wanted": lambda self: None})(*arguments, **named)


def test_it_writes_through_ours_and_the_original_as_ever(module: Any) -> None:
    assert made(module).log() == (("taken", {"a": 1}), "ours")
    whole = type("Whole", (module.Callback,), {"wanted": lambda self: None})()
    assert whole.log() == (("logged", {"a": 1}), "the real one")
    assert module.wandb.name == "the real one" and module.Callback.log.__globals__ is vars(module)


def test_it_is_a_subclass_with_the_same_name_defaults_and_attributes(module: Any) -> None:
    kind = through_proxy("Callback", Ours())
    assert issubclass(kind, module.Callback) and kind is not module.Callback
    assert (kind.__name__, kind.constant) == ("Callback", 7)
    assert (made(module).freq, made(module).step) == ("epoch", 3)
    assert (made(module, "batch", step=1).freq, made(module, "batch", step=1).step) == ("batch", 1)
    assert kind.log.__name__ == "log"


def test_what_is_inherited_or_no_method_writes_as_it_did(module: Any) -> None:
    """So it has to be asked of what our callbacks call: the methods of the class itself."""
    assert (made(module).inherited(), made(module).helper()) == ("the real one",) * 2


def test_what_has_to_be_written_still_has_to_be(module: Any) -> None:
    kind = through_proxy("Callback", Ours())
    assert isinstance(kind, abc.ABCMeta) and kind.__abstractmethods__ == {"wanted"}
    with pytest.raises(TypeError, match="wanted"):
        kind()


def test_it_announces_itself_only_where_that_is_asked_for(module: Any) -> None:
    made(module)
    assert module.telemetry.flags == []
    made(module, announced=True)
    assert module.telemetry.flags == [types.SimpleNamespace(callback=True)]


def test_all_that_ours_does_not_do_is_wandbs_own() -> None:
    plain = WandbProxy()
    assert plain.Table is wandb.Table and plain.util is wandb.util
    with pytest.raises(AttributeError):
        plain.no_such_name  # noqa: B018
    assert plain.define_metric("loss", step_metric="x") is None
