"""Who may talk to the backend: HTTP Basic with the user ``api`` and the key, or a signed storage address."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from .http_errors import RefusedError

#: Every wandb version accepts a key of 40 characters. It opens nothing but a backend on loopback.
KEY = "fa" * 20


def check_key(authorization: str | None, key: str) -> None:
    """Raises:
    RefusedError: 401, the header is missing, is not HTTP Basic, or has another user or key.
    """
    if authorization is None:
        raise RefusedError(401, "no API key came with the request: set WANDB_API_KEY to the key of this backend")
    scheme, _, credentials = authorization.partition(" ")
    try:
        given = base64.b64decode(credentials, validate=True)
    except (binascii.Error, ValueError):
        given = b""
    if scheme.lower() != "basic" or not hmac.compare_digest(given, b"api:" + key.encode()):
        raise RefusedError(401, "this backend has another API key: set WANDB_API_KEY to the one it was started with")


class Signer:
    """Signs storage paths: the SDK sends no key there, as if the addresses were pre-signed ones of a bucket."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(b"storage " + key.encode()).digest()

    def sign(self, path: str) -> str:
        return hmac.new(self._key, path.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()[:32]

    def check(self, path: str, signature: str) -> None:
        """Raises:
        RefusedError: 401, *signature* is not that of *path*.
        """
        if not hmac.compare_digest(self.sign(path).encode(), signature.encode(errors="replace")):
            raise RefusedError(401, "this storage address was not handed out by this backend")
