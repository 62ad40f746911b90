"""Which files of a tree share keys, so that a reason to leave a call of one is a reason for the others.

Two files share keys if they are joined, directly or through others, by

a. an import of one by the other (package, relative and ``import_module`` with a literal; resolved to files);
b. the name of a W&B project that both have as a literal: ``wandb.init``, ``wandb.sweep``, ``wandb.agent``, paths of
   the API, ``WANDB_PROJECT``, ``project:`` of a sweep in YAML;
c. ``program:`` of a sweep in YAML, and ``%run`` of a notebook;
d. a folder: a reader, a sweep or another reason whose project is not known is joined to all files of its own folder
   and below. If none of them, nor any file joined to it by a to c, trains, it is the nearest folder above it that has
   such a file in it or below. A file that cannot be parsed and may hold a reader is joined to its own folder and what
   is below.

A file trains if it uses one of W&B's Keras callbacks: the newer ones too, so that what has been migrated counts; and
if it imports, whole or by name, what has the callback in a file of the tree. A project is known if the file names it
and some file joined by that trains. What is read of the program's own run, or asked of its own objects, is known if
the program, the files joined by a, trains. A sweep in YAML is known if its program is found, one in Python if the file
itself trains.

A file that names W&B nowhere, and reads a summary of something that is given to it, is joined by a only. Nothing else
joins: not the same name of a file or a metric, not the same repository.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Mapping

from .module_paths import ModulePaths
from .project import FileFacts


def groups_of(files: Mapping[str, FileFacts], paths: ModulePaths) -> list[list[str]]:
    """The files (by absolute path), grouped and sorted."""
    programs = _Joined(files)
    for file, facts in files.items():
        programs.join([file, *paths.joined_by_imports(file, facts)])
    by_import = programs.groups()
    known: set[str] = set()
    joined = _Joined(files)
    for group in by_import.values():
        joined.join(group)
    for file, facts in files.items():
        joined.join([file, *(("project", name) for name in facts.projects)])
        found = {program for name in facts.programs for program in paths.program(file, name)}
        joined.join([file, *found])
        if found:
            known.add(file)
    near = joined.groups()
    trainers = {file for file, facts in files.items() if facts.trains}
    final = _Joined(files)
    for group in near.values():
        final.join(group)
    for file, facts in files.items():
        here = trainers.intersection(near[file])
        if facts.broken:
            if facts.refusals:
                final.join([file, *_below(os.path.dirname(file), files)])
        elif _is_open(
            facts, trains_here=bool(trainers.intersection(by_import[file])), shares=bool(here), known=file in known
        ):
            final.join([file, *_folder(file, files, trainers, found_already=bool(here))])
    return sorted({tuple(sorted(group)): group for group in final.groups().values()}.values())


def _is_open(facts: FileFacts, *, trains_here: bool, shares: bool, known: bool) -> bool:
    """Whether a file has a reason whose project is not known."""
    if any(use.own_process for use in facts.uses) and facts.names_wandb and not trains_here:
        return True
    sweeps = {*facts.sweeps, *facts.agents}
    if sweeps and not (facts.trains or known or (facts.projects and shares)):
        return True
    reads = any(not use.own_process and use not in sweeps for use in facts.uses)
    return reads and not (facts.projects and shares and not facts.computed_projects)


def _folder(file: str, files: Iterable[str], trainers: set[str], *, found_already: bool) -> list[str]:
    """The files of the folder that an open reason reaches."""
    folder = os.path.dirname(file)
    below = _below(folder, files)
    while not found_already and not trainers.intersection(below):
        above = os.path.dirname(folder)
        if above == folder:
            return [file]
        folder = above
        below = _below(folder, files)
    return below


def _below(folder: str, files: Iterable[str]) -> list[str]:
    start = folder.rstrip(os.sep) + os.sep
    return [file for file in files if file.startswith(start)]


class _Joined:
    """Sets that grow together (union-find) of files, and of other things that join them."""

    def __init__(self, files: Iterable[str]) -> None:
        self._files = list(files)
        self._above: dict[Hashable, Hashable] = {}

    def _top(self, item: Hashable) -> Hashable:
        path = []
        while (above := self._above.get(item, item)) != item:
            path.append(item)
            item = above
        for below in path:
            self._above[below] = item
        return item

    def join(self, items: Iterable[Hashable]) -> None:
        first, *others = items
        for other in others:
            self._above[self._top(other)] = self._top(first)

    def groups(self) -> dict[str, list[str]]:
        """Each file's group."""
        members: dict[Hashable, list[str]] = {}
        for file in self._files:
            members.setdefault(self._top(file), []).append(file)
        return {file: members[self._top(file)] for file in self._files}
