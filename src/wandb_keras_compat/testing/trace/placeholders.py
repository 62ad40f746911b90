"""Replaces the random parts of paths and names: digests, the run's id, a generated run name."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

#: Of content, or, for a table that another one refers to, random.
_DIGEST = re.compile(r"(?<![0-9a-zA-Z])(?:[0-9a-f]{32}|[0-9a-f]{20}|(?<=/t_)[0-9a-z]{8}(?=\.table))(?![0-9a-zA-Z])")
_GENERATED_NAME = re.compile(r"[a-z]+-[a-z]+-\d+|unnamed-\d+")  # W&B's, and our server's
_GENERATED_ID = re.compile(r"[a-z0-9]{8}")
_UNSAFE = re.compile(r"[^a-zA-Z0-9_\-.]")
_PROGRAM = ("saved_model.pb", "keras_metadata.pb", "fingerprint.pb")


def saved_model_programs(contents: Mapping[str, Any]) -> list[str]:
    """The paths, of those there are bytes of, that hold the program of a SavedModel or are derived from it."""
    folders = [path.removesuffix(_PROGRAM[0]) for path in contents if path.split("/")[-1] == _PROGRAM[0]]
    paths = [folder + name for folder in folders for name in _PROGRAM]
    return [path for path in paths if isinstance(contents.get(path), bytes)]


def without_artifact_number(uri: str) -> str:
    """``wandb-artifact://<id>/path``: the server's number of an artifact, and digests in the path, taken out."""
    match = re.match(r"^(wandb-(?:client-)?artifact://)[^/]+/(.*)$", uri, re.DOTALL)
    if match is None:
        return uri
    path = match[2]
    return f"{match[1]}<id>/{_DIGEST.sub('<digest>', path) if path.startswith('media/') else path}"


def without_digests(contents: Mapping[str, Any]) -> dict[str, str]:
    """Each path to itself without the digests in the names of media; paths then alike are numbered by content."""
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for path in contents:
        alike[_DIGEST.sub("<digest>", path) if path.startswith("media/") else path].append(path)
    renamed: dict[str, str] = {}
    for name, paths in alike.items():
        for index, path in enumerate(sorted(paths, key=lambda path: _order(contents[path])), start=1):
            renamed[path] = name if index == 1 else name.replace("<digest>", f"<digest {index}>")
    return renamed


def is_generated(name: str, run_id: str) -> bool:
    """Whether nobody chose the run's *name*: it is empty, the id, or like ``misty-sun-7``."""
    return name in {"", run_id} or _GENERATED_NAME.fullmatch(name) is not None


def without_run_name(artifact: str, name: str, run_id: str) -> str:
    """*artifact* with the generated run *name* in it replaced, as W&B writes it there, or what stands for none."""
    if name:
        return _token(_UNSAFE.sub("_", name)).sub("<run name>", artifact)
    kind, _, given = artifact.partition("-")
    unnamed = kind == "model" and (given in {"", "None", run_id} or _GENERATED_NAME.fullmatch(given))
    return "model-<run name>" if unnamed else artifact


def without_run_id(text: str, run_id: str) -> str:
    """*text* with the run's id replaced; one that does not look generated only after ``run-`` or ``run_``."""
    if not run_id:
        return text
    if _GENERATED_ID.fullmatch(run_id):
        return _token(run_id).sub("<run id>", text)
    return re.sub(rf"(?<![A-Za-z0-9])(run[-_]){re.escape(run_id)}(?![A-Za-z0-9])", r"\1<run id>", text)


def without_checksum(artifact: str, keys: Iterable[str], run_id: str) -> str:
    """*artifact*, named after one of *keys*, without the checksum of its full name that W&B ends it with.

    W&B's table artifacts are called ``run-<id>-<key>``. A key with other signs than letters, digits, ``_``, ``-`` and
    ``.`` loses these; in wandb 0.28 (not in 0.18) the base64 of the CRC-32 of the whole name follows.
    """
    for key in keys:
        name = f"run-{run_id}-{key}"
        plain = re.sub(r"[^a-zA-Z0-9_\-.]+", "", name)
        checksum = base64.urlsafe_b64encode(zlib.crc32(name.encode()).to_bytes(4, "big")).decode().rstrip("=")
        if plain != name and artifact == f"{plain}-{checksum}":
            return plain
    return artifact


def _token(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(text)}(?![A-Za-z0-9])")


def _order(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def common_prefixes(paths: Iterable[str]) -> dict[str, dict[str, str]]:
    """TensorFlow checkpoints among *paths*: what their names begin with, to the end of each file's name to its path."""
    found: dict[str, dict[str, str]] = {}
    for path in paths:
        match = re.fullmatch(r"(.*)\.(index|data-\d{5}-of-\d{5})", path, re.DOTALL)
        if match:
            found.setdefault(match[1], {})[match[2]] = path
    return {prefix: files for prefix, files in found.items() if "index" in files and len(files) > 1}
