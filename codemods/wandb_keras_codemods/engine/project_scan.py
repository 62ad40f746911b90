"""What the files that share keys say together: all below the given paths, and the rest of their repository."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from ..documents.document import Kind
from ..records import SourceError
from ..to_callbacks.groups import groups_of
from ..to_callbacks.key_readers import facts_of, imports_of, may_have_facts, unread_facts
from ..to_callbacks.module_paths import ModulePaths, handed_on
from ..to_callbacks.project import FileFacts, Keys, KeyUse, Project, combine
from .discover import discover, read, repository_of
from .recursion import with_deep_stack
from .workers import parsed

_IMPORTED = re.compile(
    rb"(?:\bfrom|\bimport|import_module\([\"']|__import__\([\"']|%run|!python3?)[ \t]*(\.?[\w./-]*)(.*)"
)


@dataclass(frozen=True)
class Group:
    """Files that share keys, by absolute path, and what they say together."""

    files: frozenset[str]
    project: Project


@dataclass(frozen=True)
class Projects:
    """The groups of a tree."""

    groups: tuple[Group, ...] = ()
    unread: tuple[KeyUse, ...] = ()
    """Files that cannot be parsed and may read what moves, whether they hold something back or not."""
    _by_file: dict[str, Project] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for group in self.groups:
            self._by_file.update(dict.fromkeys(group.files, group.project))

    def of(self, file: str) -> Project:
        """What the group of a file says; a file without code is in none."""
        return self._by_file.get(os.path.abspath(file), Project())


def scan_project(
    paths: Sequence[str],
    progress: Callable[[str, int, int], None] = lambda *_: None,
    keys: Keys = "new",
    processes: int = 0,
) -> Projects:
    """Read a tree.

    Files of the repository outside ``paths`` are read, not edited: a sweep there that would need renaming is a
    reason to leave what shares keys with it.
    """
    named = {os.path.abspath(found.path) for found in discover(paths)}
    repositories = dict.fromkeys(root for path in paths if (root := repository_of(path)) is not None)
    tree = [found for found in discover([*paths, *repositories]) if found.kind != "requirements"]
    modules = {name for found in tree for name in _module_names(found.path)}
    facts: dict[str, FileFacts] = {}
    sources: list[_Source] = []
    for done, found in enumerate(tree, 1):
        if done % 64 == 0:
            progress("reading the project", done, len(tree))
        path = os.path.abspath(found.path)
        facts[path] = FileFacts()
        if found.problem:
            continue
        try:
            data = read(found.path)
        except SourceError:
            continue  # reported by the run itself
        if (has_facts := may_have_facts(found.kind, data)) or (
            found.kind in {"python", "notebook"} and _may_import_one_of(modules, data)
        ):
            sources.append(_Source(found.path, found.kind, data, has_facts=has_facts))
    for file, item in parsed(_read_facts, sources, lambda source: len(source.data), _lost, processes):
        path = os.path.abspath(file)
        facts[path] = item
        if path not in named:
            outside = "sweeps on {key!r} and is not among the files to migrate"
            item.refusals += [
                replace(use, reason=outside.format(key=use.key)) for use in item.sweeps if "/" not in use.key
            ]
    return projects_of(facts, keys)


def projects_of(facts: Mapping[str, FileFacts], keys: Keys) -> Projects:
    """What the groups say that files, by absolute path, fall into."""
    paths = ModulePaths(facts)
    names = handed_on(facts, paths)
    groups: list[Group] = []
    for files in groups_of(facts, paths):
        project = combine([facts[file] for file in files], keys)
        imported = frozenset(name for file in files for name in names[file])
        groups.append(Group(frozenset(files), replace(project, handed_on=imported)))
    unread = [use for item in facts.values() if item.broken and keys == "new" for use in item.refusals]
    return Projects(tuple(groups), tuple(sorted(unread)))


@dataclass(frozen=True)
class _Source:
    """A file that may share keys with others, or import or run one of them."""

    file: str
    kind: Kind
    data: bytes
    has_facts: bool
    """False if only what it imports and runs is to be known."""


def _read_facts(source: _Source) -> tuple[str, FileFacts]:
    read_it = partial(facts_of, source.file) if source.has_facts else imports_of
    try:
        return source.file, with_deep_stack(partial(read_it, source.kind, source.data))
    except Exception as error:  # the run itself meets it, too, and reports it
        return _lost(source, type(error).__name__)


def _lost(source: _Source, how: str) -> tuple[str, FileFacts]:
    """A file that the parser fails on, or that ends its process, says as little as one that cannot be parsed."""
    return source.file, unread_facts(source.file, source.data) if source.has_facts else FileFacts(broken=True)


def _module_names(path: str) -> set[bytes]:
    """What a file of the tree may be imported or run as: its name, and that of its folder."""
    name = os.path.basename(path)
    return {part.encode(errors="surrogateescape") for part in (os.path.splitext(name)[0], *path.split(os.sep)[:-1])}


def _may_import_one_of(modules: Collection[bytes], data: bytes) -> bool:
    """Whether a file could import or run something of the tree, from its bytes."""
    for match in _IMPORTED.finditer(data):
        words = re.findall(rb"\w+", match[1] + b" " + match[2])
        if match[1].startswith(b".") or any(word in modules for word in words):
            return True
    return False
