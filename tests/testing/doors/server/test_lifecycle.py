"""Starting, stopping, dying and starting again; and rules for what goes wrong."""

from __future__ import annotations

import base64
import json
import socket
import threading
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("httpx", reason="plain requests are made with httpx")

import httpx

from wandb_keras_compat.testing.doors.server import KEY, Backend, Fault, FaultPlan, app
from wandb_keras_compat.testing.doors.server.server_thread import listening
from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.store import RunStore

VIEWER = {"query": "query Viewer { viewer { username } }"}


def ask(backend: Backend, timeout: float | None = 10.0) -> httpx.Response:
    return httpx.post(backend.url + "/graphql", json=VIEWER, auth=("api", KEY), timeout=timeout, trust_env=False)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "192.168.0.1", "::", "example.com", "", "10.0.0.1", "127.0.0.1.example.com"]
)
def test_another_address_than_loopback_is_refused(host):
    with pytest.raises(ValueError, match="loopback only"):
        Backend(host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
def test_loopback_is_served_and_nothing_else(host):
    with Backend(host=host) as backend:
        assert ask(backend).status_code == 200
        outside = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
        for address in {a for a in outside if not a.startswith("127.")}:
            with pytest.raises(OSError), socket.create_connection((address, backend.port), timeout=2):
                pass


def test_answers_are_sent_at_once():
    """asyncio turns Nagle's algorithm off only for sockets that say they are TCP; 40 ms an answer otherwise."""
    with listening("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.proto == socket.IPPROTO_TCP


def test_it_keeps_port_and_store_when_it_starts_again():
    backend = Backend().start()
    port, threads = backend.port, threading.active_count()
    backend.store.run(RunKey("e", "p", "r"))
    for end in (backend.stop, backend.kill, lambda: None):
        end()
        backend.restart()
        assert (backend.port, ask(backend).status_code) == (port, 200)
        assert [run.id for run in backend.snapshot().runs] == ["r"]
        assert threading.active_count() == threads
    backend.stop()
    backend.stop()  # a second time does no harm
    with pytest.raises(httpx.TransportError):
        ask(backend)


def test_a_port_in_use_is_an_error():
    with Backend() as first, pytest.raises(OSError):
        Backend(port=first.port).start()


def arrival(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when a request has come that a fault hits."""
    arrived = threading.Event()
    take = backend.faults.take

    def taking(endpoint: Any, names: list[str]) -> Fault | None:
        fault = take(endpoint, names)
        if fault is not None:
            arrived.set()
        return fault

    monkeypatch.setattr(backend.faults, "take", taking)
    return arrived


def test_kill_drops_a_request_in_the_middle(monkeypatch):
    with Backend() as backend:
        backend.faults.add(Fault("graphql", hang=10**6))
        arrived = arrival(backend, monkeypatch)
        failures: list[Exception] = []

        def wait() -> None:
            try:
                ask(backend, timeout=None)
            except httpx.TransportError as error:
                failures.append(error)

        waiting = threading.Thread(target=wait)
        waiting.start()
        arrived.wait()
        backend.kill()
        waiting.join()
        assert len(failures) == 1


def test_two_backends_are_two_worlds():
    with Backend() as one, Backend(RunStore()) as other:
        assert one.port != other.port
        one.store.run(RunKey("e", "p", "r"))
        assert other.snapshot().runs == ()


def test_the_environment_says_where_and_who(monkeypatch):
    monkeypatch.setenv("no_proxy", "elsewhere")
    with Backend(api_key="k" * 40) as backend:
        said = backend.environment()
        assert (said["WANDB_BASE_URL"], said["WANDB_API_KEY"], said["WANDB_MODE"]) == (backend.url, "k" * 40, "online")
        assert said["no_proxy"] == "elsewhere,127.0.0.1"


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"endpoint": "elsewhere", "status": 500},
        {"status": 99},
        {"status": 700},
        {"hang": -1},
        {"status": 500, "times": 0},
        {"status": 500, "drop": True},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(arguments):
    with pytest.raises(ValueError, match="fault"):
        Fault(**{"endpoint": "graphql", **arguments})


def test_rules_are_used_up_in_order_and_counted():
    plan = FaultPlan()
    first, second, forever = (
        Fault("graphql", "View*", status=500, times=2),
        Fault("graphql", status=429),
        Fault("storage", "PUT run/*", drop=True, times=None),
    )
    plan.add(first, second, forever)
    assert plan.take("file_stream", ["Viewer"]) is None
    assert plan.take("storage", ["GET run/e/p/r/x"]) is None
    taken = [plan.take("graphql", ["Viewer", "viewer"]) for _ in range(4)]
    assert taken == [first, first, second, None]
    assert [plan.take("storage", ["PUT run/e/p/r/x"]) for _ in range(3)] == [forever] * 3
    assert plan.hits == (first, first, second, forever, forever, forever)
    plan.clear()
    assert (plan.take("storage", ["PUT run/e/p/r/x"]), plan.hits) == (None, ())


def test_a_status_with_headers_then_health():
    with Backend() as backend:
        backend.faults.add(Fault("graphql", "viewer", status=429, headers={"Retry-After": "3"}, message="later"))
        response = ask(backend)
        assert (response.status_code, response.headers["retry-after"]) == (429, "3")
        assert response.json()["errors"] == [{"message": "later"}]
        assert ask(backend).status_code == 200


def test_a_dropped_connection_has_no_answer_at_all():
    with Backend() as backend:
        backend.faults.add(Fault("graphql", "Viewer", drop=True))
        with pytest.raises(httpx.TransportError):
            ask(backend)
        assert ask(backend).json() == {"data": {"viewer": {"username": "tester"}}}


@pytest.mark.parametrize("how", ["hang", "slow"])
def test_a_late_answer_is_the_same_answer_after_the_seconds_of_the_fault(how, monkeypatch):
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(app, "asyncio", SimpleNamespace(sleep=sleep))
    with Backend() as backend:
        usual = ask(backend)
        assert not slept
        backend.faults.add(Fault("graphql", **{how: 300}))
        late = ask(backend)
        assert sum(slept) == pytest.approx(300)
        assert late.json() == usual.json()
        assert late.headers["content-type"] == usual.headers["content-type"]


def test_a_client_that_goes_away_before_its_answer_disturbs_nobody(monkeypatch):
    with Backend() as backend:
        backend.faults.add(Fault("graphql", hang=10**6))
        arrived = arrival(backend, monkeypatch)
        body = json.dumps(VIEWER).encode()
        credentials = base64.b64encode(f"api:{KEY}".encode()).decode()
        head = f"POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {credentials}\r\nContent-Length: {len(body)}"
        with socket.create_connection(("127.0.0.1", backend.port)) as client:
            client.sendall(head.encode() + b"\r\n\r\n" + body)
            arrived.wait()
        assert ask(backend).status_code == 200


def test_kill_drops_an_answer_in_the_middle():
    """What was still to be sent is not: a process that died sends nothing more."""
    whole = 16 * 2**20  # more than the sockets' buffers hold
    with Backend() as backend:
        key = RunKey("e", "p", "r")
        backend.store.run(key).files["x.bin"] = [bytes(whole)]
        query = 'query { model(name: "p", entityName: "e") { bucket(name: "r") { files(names: ["x.bin"]) { edges { node { directUrl } } } } } }'
        answer = httpx.post(backend.url + "/graphql", json={"query": query}, auth=("api", KEY), trust_env=False).json()
        (file,) = answer["data"]["model"]["bucket"]["files"]["edges"]
        received = 0
        with (
            pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)),
            httpx.stream("GET", file["node"]["directUrl"], timeout=20, trust_env=False) as response,
        ):
            for chunk in response.iter_raw(2**16):
                if not received:
                    backend.kill()
                received += len(chunk)
        assert 0 < received < whole


def test_an_address_of_version_6_is_in_brackets_where_it_is_part_of_another():
    backend = Backend(host="::1", port=8)
    assert backend.url == "http://[::1]:8"
    assert backend.environment()["NO_PROXY"].endswith("::1")


@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_what_needs_no_proxy_already_needs_none_still(name, monkeypatch):
    for each in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(each, raising=False)
    assert Backend().environment()["no_proxy"] == "127.0.0.1"
    monkeypatch.setenv(name, "elsewhere")
    assert Backend().environment()["NO_PROXY"] == Backend().environment()["no_proxy"] == "elsewhere,127.0.0.1"
