"""Collects facts about the whole project: the files below the given paths and the rest of their repository."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from ..records import SourceError
from ..to_callbacks.key_readers import facts_of, may_have_facts
from ..to_callbacks.project import FileFacts, Keys, Project, combine
from .discover import discover, read, repository_of
from .recursion import with_deep_stack


def scan_project(
    paths: Sequence[str], progress: Callable[[str, int, int], None] = lambda *_: None, keys: Keys = "new"
) -> Project:
    """Read a project.

    Files of the repository outside ``paths`` are read but never edited: if the metric of a sweep there would have to be
    renamed, nothing is rewritten.
    """
    named = {os.path.abspath(found.path) for found in discover(paths)}
    repositories = dict.fromkeys(root for path in paths if (root := repository_of(path)) is not None)
    facts: list[FileFacts] = []
    for done, found in enumerate(discover([*paths, *repositories]), 1):
        if done % 64 == 0:
            progress("reading the project", done, 0)
        if found.problem:
            continue
        try:
            data = read(found.path)
        except SourceError:
            continue  # reported by the run itself
        if not may_have_facts(found.kind, data):
            continue
        item = with_deep_stack(partial(facts_of, found.path, found.kind, data))
        if os.path.abspath(found.path) not in named:
            outside = "sweeps on {key!r} and is not among the files to migrate"
            item.refusals += [
                replace(use, reason=outside.format(key=use.key)) for use in item.sweeps if "/" not in use.key
            ]
        facts.append(item)
    return combine(facts, keys)
