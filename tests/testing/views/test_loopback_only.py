"""Under neither fixture does a request reach the server that the machine is set up for.

A listener on loopback stands for that server, and for the proxy that every other address is reached through.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
import wandb

from wandb_keras_compat.testing.doors.installed_sdk import has_core

from .test_plugin import run, session

__all__ = ["session"]

pytest_plugins = ["pytester"]

CODE = """
    import wandb

    def train(**arguments):
        run = wandb.init(project="p", config={"lr": 0.5}, **arguments)
        for step in range(3):
            wandb.log({"loss": 1 / (step + 1)})
        wandb.run.summary["best"] = 1
        wandb.finish()
        return run
"""


class Listener:
    """Takes every connection, keeps what comes first on it, and closes it."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.heard.append(connection.recv(300))

    def close(self) -> None:
        self._socket.close()

    def of_programs(self) -> list[bytes]:
        """Less one question: wandb 0.13 has no setting for not asking PyPI whether there is a newer wandb."""
        kinds = wandb.Settings.__mro__
        known = {name.strip("_") for kind in kinds for name in getattr(kind, "__annotations__", ())}
        asks = not {"disable_update_check", "x_disable_update_check"} & known and not has_core()
        return [said for said in self.heard if not (asks and said.startswith(b"CONNECT pypi.org:443 "))]


@pytest.fixture
def server_of_the_machine(session: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    listener = Listener()
    for name in ("WANDB_BASE_URL", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, listener.address)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WANDB_API_KEY", "a" * 40)
    monkeypatch.setenv("WANDB_MODE", "online")
    yield listener
    listener.close()


def test_the_listener_hears(server_of_the_machine: Listener) -> None:
    """As it would if the code under test went to it."""
    import urllib.request

    # An opener of its own: that of the module knows the proxies of when it was first used.
    asks = urllib.request.build_opener(urllib.request.ProxyHandler())
    with pytest.raises(OSError):
        asks.open("http://example.invalid/x", timeout=10)
    assert server_of_the_machine.heard[0].startswith(b"GET http://example.invalid/x")


@pytest.mark.slow
@pytest.mark.parametrize("fixture", ["wandb_recorder", "wandb_backend"])
def test_a_program_under_a_fixture_reaches_nobody(
    session: pytest.Pytester, server_of_the_machine: Listener, fixture: str
) -> None:
    session.makepyfile(
        CODE
        + f"""
    def test_here({fixture}):
        train(id="here", tags=["t"], group="g", name="shown")
        (seen,) = {fixture}.runs()
        assert (seen.id, seen.name, seen.group, seen.tags) == ("here", "shown", "g", ("t",))
        assert [row["loss"] for row in seen.history()] == [1, 1 / 2, 1 / 3]
        assert (seen.config(), seen.summary()["best"], seen.exit_code) == ({{"lr": 0.5}}, 1, 0)

    def test_and_again({fixture}):
        train()
        assert len({fixture}.runs()) == 1
    """
    )
    run(session).assert_outcomes(passed=2)
    assert server_of_the_machine.of_programs() == []


@pytest.mark.slow
def test_what_wandb_init_is_asked_for_under_the_recorder(session: pytest.Pytester, server_of_the_machine: Listener):
    session.makepyfile(
        CODE
        + """
    import pytest
    from wandb import init

    def test_a_second_init_gives_the_run_that_is_there(wandb_recorder):
        first = wandb.init(project="p")
        assert wandb.init() is first and wandb.run is first
        other = wandb.init(project="p", reinit=True)
        assert other is not first and len(wandb_recorder.runs()) == 2

    def test_resume(wandb_recorder):
        train(id="a")
        train(id="a", resume="must")
        assert len(wandb_recorder.history()) == 6
        with pytest.raises(wandb.errors.UsageError):
            wandb.init(id="b", resume="must")
        with pytest.raises(wandb.errors.UsageError):
            wandb.init(id="a", resume="never")

    def test_config_keys(wandb_recorder):
        wandb.init(config={"a": 1, "b": 2}, config_exclude_keys=["a"])
        assert wandb_recorder.config() == {"b": 2}

    def test_variables(wandb_recorder, monkeypatch):
        monkeypatch.setenv("WANDB_NAME", "from outside")
        wandb.init()
        assert wandb_recorder.run().name == "from outside"

    def test_disabled(wandb_recorder):
        wandb.init(mode="disabled").log({"a": 1})
        wandb.finish()
        assert wandb_recorder.runs() == ()

    def test_what_is_left_out_is_said(wandb_recorder):
        with pytest.warns(UserWarning, match="sync_tensorboard"):
            wandb.init(sync_tensorboard=True)

    @pytest.mark.parametrize("name", ["Api", "sweep", "agent"])
    def test_what_needs_a_server_is_refused(wandb_recorder, name):
        with pytest.raises(RuntimeError, match="wandb_backend"):
            getattr(wandb, name)()

    def test_init_by_another_name_is_offline(wandb_recorder, tmp_path):
        run = init(project="p", dir=str(tmp_path))
        run.log({"a": 1})
        run.finish()

    def test_afterwards_it_is_the_real_one():
        assert wandb.init is init
    """
    )
    run(session).assert_outcomes(passed=11)
    assert server_of_the_machine.heard == []


@pytest.mark.whole
def test_unmodified_legacy_code_is_collected_with_the_hook(session: pytest.Pytester) -> None:
    pytest.importorskip("tensorflow", reason="the legacy callback is one of Keras on TensorFlow")
    session.makepyfile(
        "from wandb.keras import WandbCallback\n\ndef test_it(): assert WandbCallback.__module__ != 'wandb.keras'\n"
    )
    session.makeini("[pytest]\nwandb_keras_hook = true\n")
    run(session).assert_outcomes(passed=1)
