"""Normalizes the lines of a console."""

from __future__ import annotations

import re

from ..model.wandb_files import without_time_stamp

_CODES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]")
_OTHERS = re.compile(
    r"\s*$|wandb:|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWEF] |[IWEF]\d{4} \d\d:\d\d:\d+\.\d+ "
    r"|WARNING: All log messages before absl::InitializeLog"
)
_PROGRESS = re.compile(r"\s*\d+/(\d+|Unknown)\b")
_DURATION = re.compile(r"(?<![\w.])(?:\d+:)*\d+(?:\.\d+)?\s?(?:h|min|m|s|ms|us|µs|ns)(?:/(?:step|epoch|sample))?(?!\w)")


def shown(line: str) -> str:
    """*line* as a terminal shows it once ``\\r``, ``\\b`` and colours have done their work."""
    cells: list[str] = []
    at = 0
    for character in _CODES.sub("", line.rstrip("\r\n")):
        if character == "\r":
            at = 0
        elif character == "\b":
            at = max(0, at - 1)
        else:
            cells[at : at + 1] = [character]
            at += 1
    return "".join(cells).rstrip()


def is_not_the_programs(line: str) -> bool:
    """Whether *line* is empty, wandb's own, or of TensorFlow's C++ log."""
    return _OTHERS.match(line) is not None


def without_times(line: str, run_id: str) -> str:
    """*line* without a time stamp before it, durations in a progress bar, and the folder of the run."""
    line = without_time_stamp(line)
    if _PROGRESS.match(line):
        line = _DURATION.sub("<time>", line)
    return re.sub(rf"\S*wandb[/\\](?:offline-)?run-\d{{8}}_\d{{6}}-{re.escape(run_id)}", "<run folder>", line)
