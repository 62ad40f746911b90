"""What a run streams: rows, summary, console, and how it ended."""

from __future__ import annotations

from typing import Any

from .http_errors import RefusedError
from .json_types import Arguments
from .limits import json_object
from .server_state import RunRecord, now

_HISTORY, _EVENTS, _CONSOLE = "wandb-history.jsonl", "wandb-events.jsonl", "output.log"
_SUMMARY = "wandb-summary.json"


def apply_stream(record: RunRecord, body: Arguments) -> list[str]:
    """Writes one post of the file stream to *record*; returns the names of files that are not part of the stream.

    All of *body* is checked before anything is written. A post without ``complete`` means that the run goes on, even if
    an earlier post had ended it: a resumed run streams again.

    Raises:
        RefusedError: 400, *body* has not the form of the file stream.
    """
    files = body.get("files") or {}
    if not isinstance(files, dict):
        raise RefusedError(400, "`files` must be an object")
    chunks = {name: _chunk(name, chunk) for name, chunk in files.items()}
    exit_code = body.get("exitcode")
    if not isinstance(exit_code, (int, type(None))):
        raise RefusedError(400, "`exitcode` must be a whole number")
    _, summaries = chunks.get(_SUMMARY, (0, []))
    summary = json_object(summaries[-1], "the summary") if summaries else None

    for name, lines in ((_HISTORY, record.history), (_EVENTS, record.events), (_CONSOLE, record.console)):
        if name in chunks:
            lines.write(*chunks[name])
    if summary is not None:
        record.state.summary = summary
    record.state.exit_code = exit_code if body.get("complete") else None
    record.changed = now()
    return sorted(set(chunks) - {_HISTORY, _EVENTS, _CONSOLE, _SUMMARY})


def _chunk(name: str, chunk: Any) -> tuple[int, list[str]]:
    given = chunk if isinstance(chunk, dict) else {}
    offset, content = given.get("offset"), given.get("content")
    whole = isinstance(offset, int) and not isinstance(offset, bool) and offset >= 0
    if not whole or not isinstance(content, list) or not all(isinstance(line, str) for line in content):
        raise RefusedError(400, f"{name!r} must have an `offset` from 0 and a `content` that is a list of lines")
    assert isinstance(offset, int)
    return offset, content
