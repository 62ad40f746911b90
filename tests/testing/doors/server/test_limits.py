"""What a request may be: asked of this machine, of a size, packed in one way, and a JSON object."""

from __future__ import annotations

import asyncio
import gzip
import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the server needs the `testing` extra")

from starlette.requests import Request

from wandb_keras_compat.testing.doors.server import limits
from wandb_keras_compat.testing.doors.server.http_errors import RefusedError
from wandb_keras_compat.testing.doors.server.limits import body_of, check_host, clean_name, clean_path, json_object

LIMIT = 40


def taken(*parts: bytes, ends_early: bool = False, **headers: str) -> bytes:
    """What is taken of a body that comes in *parts*."""
    left = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    left.append({"type": "http.disconnect"} if ends_early else {"type": "http.request", "body": b""})

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    names = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return asyncio.run(body_of(Request({"type": "http", "headers": names}, receive), LIMIT))


def refused(call: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(RefusedError) as error:
        call()
    return error.value.status, str(error.value)


HERE = ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:8080", "127.9.9.9:1", "[::1]", "[::1]:8080"]
ELSEWHERE = [None, "", ":80", "evil.example", "evil.example:80", "10.0.0.1:80", "localhost.evil.example", "[::2]:80"]


@pytest.mark.parametrize("host", HERE)
def test_a_request_to_this_machine_is_taken_by_each_of_its_names(host: str) -> None:
    check_host(host)


@pytest.mark.parametrize("host", ELSEWHERE)
def test_a_request_by_any_other_name_is_refused_with_it(host: str | None) -> None:
    status, said = refused(lambda: check_host(host))
    assert (status, repr(host) in said) == (403, True)


def test_a_body_is_what_came_in_all_its_parts() -> None:
    assert taken(b"one ", b"", b"two") == b"one two"
    assert taken() == b""
    assert taken(b"x" * 30, b"y" * 10) == b"x" * 30 + b"y" * 10, "as much as is allowed"


@pytest.mark.parametrize("encoding", ["gzip", "GZIP"])
def test_a_packed_body_is_unpacked(encoding: str) -> None:
    assert taken(gzip.compress(b""), content_encoding=encoding) == b""
    whole = b"x" * LIMIT
    parts = gzip.compress(whole)
    assert taken(parts[:9], parts[9:], content_encoding=encoding) == whole
    assert taken(b"plain", content_encoding="identity") == b"plain"


TOO_LARGE = {
    "announced": lambda: taken(b"", content_length=str(LIMIT + 1)),
    "announced, and beyond what an int is read of": lambda: taken(b"", content_length="9" * 5000),
    "in parts": lambda: taken(b"x" * LIMIT, b"y"),
    "unpacked": lambda: taken(gzip.compress(b"x" * (LIMIT + 1)), content_encoding="gzip"),
}


@pytest.mark.parametrize("how", TOO_LARGE)
def test_a_body_over_the_limit_is_refused_with_the_limit(how: str) -> None:
    status, said = refused(TOO_LARGE[how])
    assert (status, str(LIMIT) in said, "max_body" in said) == (413, True, True)


def test_a_checkpoint_of_sixty_million_weights_fits_where_nothing_else_is_said() -> None:
    assert 4 * 60 * 10**6 < limits.MAX_BODY < 10**9


@pytest.mark.parametrize("announced", ["40", "x", "-1", "²"])
def test_what_is_announced_within_the_limit_or_not_at_all_is_counted(announced: str) -> None:
    assert taken(b"x" * LIMIT, content_length=announced) == b"x" * LIMIT


def test_a_body_that_does_not_go_on_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def wait_for(coming: Any, seconds: float) -> Any:
        waited.append(seconds)
        if len(waited) == 2:
            coming.close() if hasattr(coming, "close") else None
            raise asyncio.TimeoutError
        return await coming

    monkeypatch.setattr(limits.asyncio, "wait_for", wait_for)
    status, said = refused(lambda: taken(b"x", b"y"))
    assert (status, "60 seconds" in said) == (408, True)
    assert waited == [60.0] * 2


def test_a_body_that_breaks_off_is_refused() -> None:
    assert refused(lambda: taken(b"x", ends_early=True)) == (400, "the body ended early")
    half = gzip.compress(b"x")[:-9]
    status, said = refused(lambda: taken(half, content_encoding="gzip"))
    assert (status, "ends early" in said) == (400, True)


def test_a_body_that_is_packed_otherwise_than_it_says_or_unknown_is_refused() -> None:
    status, said = refused(lambda: taken(b"plain", content_encoding="gzip"))
    assert (status, "is not" in said) == (400, True)
    status, said = refused(lambda: taken(b"x", content_encoding="br"))
    assert (status, "'br'" in said) == (415, True)


def test_an_object_is_read_with_the_words_that_wandb_writes_for_numbers() -> None:
    found = json_object(b'{"a": NaN, "b": [-Infinity]}', "the row")
    assert math.isnan(found["a"]) and found["b"] == [-math.inf]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 90_000, "{'a': 1}"])
def test_what_is_no_json_is_refused_by_its_name(body: bytes | str) -> None:
    status, said = refused(lambda: json_object(body, "the summary"))
    assert (status, said.startswith("the summary is not JSON: ")) == (400, True)
    assert len(said) > len("the summary is not JSON: ")


@pytest.mark.parametrize("value", [[], None, 1, "text"])
def test_what_is_no_object_is_refused_with_what_it_is(value: object) -> None:
    status, said = refused(lambda: json_object(json.dumps(value), "the config"))
    assert (status, said) == (400, f"the config must be a JSON object, not {type(value).__name__}")


@pytest.mark.parametrize("path", ["../x", "a/..", "..\\x", "a\\..\\x", "a\0"])
def test_a_path_that_climbs_out_or_has_a_nul_is_told_so(path: str) -> None:
    status, said = refused(lambda: clean_path(path))
    assert (status, bool(re.search("climbs out", said)), repr(path) in said) == (400, True, True)


@pytest.mark.parametrize("path", ["/x", "\\x", "C:\\x", "c:x", "1:x", "\\\\host\\share\\x"])
def test_an_absolute_path_of_either_system_is_told_so(path: str) -> None:
    status, said = refused(lambda: clean_path(path))
    assert (status, "is absolute" in said, repr(path) in said) == (400, True, True)


@pytest.mark.parametrize("path", ["", None, 3, b"x", "\ud800", "a/\udfff"])
def test_a_path_that_is_no_text_that_could_be_written_is_refused(path: object) -> None:
    status, said = refused(lambda: clean_path(path))
    assert (status, "must be a text" in said) == (400, True)
    assert refused(lambda: clean_name(path, "a run id"))[0] == 400


@pytest.mark.parametrize("name", [".", "..", "a/b", "a\\b", "a\0"])
def test_a_name_that_is_no_single_part_of_a_path_is_refused_with_what_it_is_for(name: str) -> None:
    status, said = refused(lambda: clean_name(name, "a run id"))
    assert (status, said.startswith("a run id must be a name"), repr(name) in said) == (400, True, True)


def test_ordinary_names_and_paths_are_as_they_were() -> None:
    for name in ("a", "...", "a.b", "é", " ", "a:b"):
        assert clean_name(name, "a name") == name
    for path in ("a", "a/b", "...", "a..b/c", "media/é.png", "model:v0"):
        assert clean_path(path) == path
