"""Who may ask: the user ``api`` with the key of this backend, and whoever has an address that was signed."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.auth import KEY, Signer, check_key
from wandb_keras_compat.testing.doors.server.http_errors import RefusedError


def basic(credentials: str, scheme: str = "Basic") -> str:
    return f"{scheme} {b64encode(credentials.encode()).decode()}"


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_the_key_opens(scheme: str) -> None:
    check_key(basic(f"api:{KEY}", scheme), KEY)
    check_key(basic("api:é:x", scheme), "é:x")


WRONG = [
    basic(f"api:{KEY}", "Bearer"),
    basic(f"root:{KEY}"),
    basic("api:"),
    basic(f"api:{KEY}x"),
    basic(f"api:{KEY[1:]}"),
]
WRONG += [basic(KEY), "Basic", "Basic !", "", basic(f"api:{KEY}") + " more", basic(f"api:{KEY}")[:-1] + "\u2212"]
WRONG += [f"Basic x {basic(f'api:{KEY}')}", "Basic !" + basic(f"api:{KEY}").removeprefix("Basic ")]


@pytest.mark.parametrize("header", [None, *WRONG])
def test_anything_else_is_refused_with_what_to_set(header: str | None) -> None:
    with pytest.raises(RefusedError, match="set WANDB_API_KEY") as refused:
        check_key(header, KEY)
    assert refused.value.status == 401
    assert ("no API key came" in refused.value.sentence) == (header is None)


@given(st.text(), st.text(), st.text())
def test_a_signature_is_good_for_its_path_and_its_key_alone(path: str, other: str, key: str) -> None:
    mine, others = Signer("key"), Signer(f"key{key}x")
    signature = mine.sign(path)
    assert signature.isascii() and signature.isalnum() and len(signature) == 32
    mine.check(path, signature)
    assert others.sign(path) != signature
    if other != path:
        assert mine.sign(other) != signature
    for wrong in (other, signature[:-1], signature + "0", signature.upper() + "é", "\ud800"):
        if wrong != signature:
            with pytest.raises(RefusedError) as refused:
                mine.check(path, wrong)
            assert refused.value.status == 401


def test_a_path_that_utf_8_cannot_say_has_a_signature() -> None:
    signer = Signer("key")
    signer.check("a/\ud800", signer.sign("a/\ud800"))
