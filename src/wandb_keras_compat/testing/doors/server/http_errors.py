"""The errors that refuse a request: a status, and a sentence that says what to change."""

from __future__ import annotations


class RefusedError(Exception):
    """The request is answered with *status* and ``{"errors": [{"message": sentence}]}``, and changed nothing."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class NotDoneError(RefusedError):
    """W&B would have answered, and this backend does not know how: refused with 400, and kept among the unknown."""

    def __init__(self, sentence: str) -> None:
        super().__init__(400, sentence)


class NoAnswerError(Exception):
    """A well-formed GraphQL request W&B answers with ``errors`` and status 200, e.g. an artifact of another type."""
