"""Checks of requests before anything is changed: sizes, encodings, JSON, and names that become paths."""

from __future__ import annotations

import asyncio
import io
import ipaddress
import json
import ntpath
import zlib
from pathlib import PurePosixPath, PureWindowsPath
from typing import TypeGuard

from starlette.requests import ClientDisconnect, Request

from .http_errors import RefusedError
from .json_types import Object

#: Bytes of one request, also after unpacking. A checkpoint of 60 million float32 weights fits.
MAX_BODY = 256 * 2**20


#: Seconds between two parts of a body.
BODY_SECONDS = 60.0


def check_host(host: str | None) -> None:
    """Raises:
    RefusedError: 403, the request was meant for another address: a page in a browser can make a name of its own lead
        to loopback, and the key of this backend is known.
    """
    name = (host or "").rsplit(":", 1)[0] if (host or "").rpartition(":")[2].isdecimal() else host or ""
    try:
        local = name.lower() == "localhost" or ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        local = False
    if not local:
        raise RefusedError(403, f"this backend answers on loopback only, and was asked as {host!r:.100}")


async def body_of(request: Request, limit: int) -> bytes:
    """The body, unpacked when it came with ``Content-Encoding: gzip``.

    Raises:
        RefusedError: 413, it is larger than *limit*, packed or unpacked; 400, it is not gzip although it says so, or
            it ends early; 415, it has another encoding.
    """
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > limit:
        raise _too_large(limit)
    joined = io.BytesIO()  # rather than a list of what came: a large body is in memory once, not twice
    stream = request.stream()
    try:
        while True:
            part = await asyncio.wait_for(anext(stream, None), BODY_SECONDS)
            if part is None:
                break
            joined.write(part)
            if joined.tell() > limit:
                raise _too_large(limit)
    except asyncio.TimeoutError:
        raise RefusedError(408, f"nothing more of the body came in {BODY_SECONDS:.0f} seconds") from None
    except ClientDisconnect:
        raise RefusedError(400, "the body ended early") from None
    body = joined.getvalue()
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding == "gzip":
        return _unpacked(body, limit)
    if encoding != "identity":
        raise RefusedError(415, f"the body is encoded as {encoding!r}; this backend reads gzip and plain bodies")
    return body


def json_object(body: bytes | str, what: str) -> Object:
    """*body* as a JSON object; ``NaN`` and the infinities are read as wandb writes them, as bare words.

    Raises:
        RefusedError: 400, it is no JSON, or no object.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, f"{what} is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise RefusedError(400, f"{what} must be a JSON object, not {type(found).__name__}")
    return found


def clean_path(path: object) -> str:
    """*path* unchanged, if it stays below the folder it is relative to, on POSIX and on Windows.

    Raises:
        RefusedError: 400, it is no text or empty, has a NUL or a ``..``, or is absolute.
    """
    if not _is_text(path):
        raise RefusedError(400, f"a path must be a text that is not empty, not {path!r}")
    windows = PureWindowsPath(path)
    if "\0" in path or ".." in windows.parts or ".." in PurePosixPath(path).parts:
        raise RefusedError(400, f"the path {path!r} climbs out of its folder or has a NUL in it")
    # By Windows' own rule any character before a colon is a drive; pathlib knew letters only, up to Python 3.11.
    if windows.anchor or ntpath.splitdrive(path)[0] or path.startswith("/"):
        raise RefusedError(400, f"the path {path!r} is absolute")
    return path


def clean_name(name: object, what: str) -> str:
    """*name* unchanged, if it can be one part of a path.

    Raises:
        RefusedError: 400, it is no such text.
    """
    if not _is_text(name) or name in {".", ".."} or any(c in name for c in "/\\\0"):
        raise RefusedError(400, f"{what} must be a name without slashes, backslashes and NUL, not {name!r}")
    return name


def _is_text(value: object) -> TypeGuard[str]:
    """Whether *value* is a non-empty string that UTF-8 can encode (JSON can hold half a surrogate pair)."""
    if not isinstance(value, str) or not value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unpacked(body: bytes, limit: int) -> bytes:
    unpack = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        found = unpack.decompress(body, limit + 1)
    except zlib.error as error:
        raise RefusedError(400, f"the body says it is gzip, and is not: {error}") from None
    if len(found) > limit:
        raise _too_large(limit)
    if not unpack.eof:
        raise RefusedError(400, "the body says it is gzip, and ends early")
    return found


def _too_large(limit: int) -> RefusedError:
    return RefusedError(413, f"this backend takes bodies of at most {limit} bytes (Backend(max_body=...))")
