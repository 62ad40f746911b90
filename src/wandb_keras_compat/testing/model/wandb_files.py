"""Recognizes files and console lines that the SDK adds to a run on its own."""

from __future__ import annotations

import re

_ENVIRONMENT = re.compile(
    r"(wandb-metadata\.json|wandb-summary\.json|requirements\.txt|config\.yaml|conda-environment\.yaml|output\.log"
    r"|(upstream_)?diff(_\w+)?\.patch|wandb-(history|events)\.jsonl|(code|logs)/.*)",
    re.DOTALL,
)
_STAMP = re.compile(r"^(?:ERROR )?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?(?: |$)")


def is_environment_file(path: str) -> bool:
    """Whether the SDK writes a run file of that name on its own."""
    return _ENVIRONMENT.fullmatch(path) is not None


def without_time_stamp(line: str) -> str:
    """A console line as the program printed it, without the mark of stderr and the time that the SDK puts before it."""
    return _STAMP.sub("", line, count=1)
