"""Connections on which no request comes, and requests that were meant for another address."""

from __future__ import annotations

import asyncio
import socket

import pytest

pytest.importorskip("httpx", reason="plain requests are made with httpx")

from wandb_keras_compat.testing.doors.server import Backend, limits, server_thread
from wandb_keras_compat.testing.doors.server.http_errors import RefusedError
from wandb_keras_compat.testing.doors.server.limits import check_host

from .test_lifecycle import ask

HALF_A_HEAD = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Le"


@pytest.mark.parametrize("sent", [b"", HALF_A_HEAD], ids=["nothing", "half a head"])
def test_a_connection_without_a_request_is_closed(sent, monkeypatch):
    monkeypatch.setattr(server_thread, "HEAD_SECONDS", 0.05)
    with Backend() as backend, socket.create_connection(("127.0.0.1", backend.port)) as client:
        client.sendall(sent)
        client.settimeout(60)
        assert closed(client)


def closed(client: socket.socket) -> bool:
    """Whether the server ends the connection, in whatever way."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_head_that_comes_slowly_gets_no_more_time(monkeypatch):
    started: list[float] = []
    real = asyncio.BaseEventLoop.call_later

    def call_later(loop, delay, callback, *arguments, **more):
        if getattr(callback, "__name__", "") == "_expire":
            started.append(delay)
        return real(loop, delay, callback, *arguments, **more)

    monkeypatch.setattr(asyncio.BaseEventLoop, "call_later", call_later)
    with Backend() as backend, socket.create_connection(("127.0.0.1", backend.port)) as client:
        for place in range(len(HALF_A_HEAD)):
            client.sendall(HALF_A_HEAD[place : place + 1])
        assert ask(backend).status_code == 200
        client.sendall(b"ngth: 0\r\n\r\n")
        client.settimeout(60)
        assert client.recv(100).startswith(b"HTTP/1.1 401")
        assert started == [server_thread.HEAD_SECONDS] * 2, "one for each connection"


def test_idle_connections_make_room_for_those_that_ask(monkeypatch):
    monkeypatch.setattr(server_thread, "MAX_CONNECTIONS", 5)
    with Backend() as backend:
        idle = [socket.create_connection(("127.0.0.1", backend.port)) for _ in range(20)]
        try:
            assert ask(backend).status_code == 200
            idle[0].settimeout(60)
            assert closed(idle[0]), "the first to wait is the first to go"
        finally:
            for client in idle:
                client.close()


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.05)
    from wandb_keras_compat.testing.doors.server import KEY

    from .http_requests import basic

    head = (
        f"POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: {basic('api', KEY)}\r\nContent-Length: 9\r\n\r\n"
    )
    with Backend() as backend, socket.create_connection(("127.0.0.1", backend.port)) as client:
        client.sendall(head.encode())
        client.settimeout(60)
        assert client.recv(100).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:80", "localhost:1", "LOCALHOST", "[::1]", "[::1]:9", "127.3.2.1"]
)
def test_a_loopback_host_is_answered(host):
    check_host(host)


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "10.0.0.1",
        "127.0.0.1.evil.example",
        "[::2]",
        "0.0.0.0",
    ],
)
def test_another_host_is_refused(host):
    with pytest.raises(RefusedError, match="loopback only"):
        check_host(host)


def test_a_page_of_another_name_gets_nothing():
    import httpx

    with Backend() as backend:
        response = httpx.get(backend.url, headers={"Host": "evil.example"}, trust_env=False)
        assert (response.status_code, backend.snapshot().unknown) == (403, ())
