"""Replaces the index and shards of a TensorFlow checkpoint by one entry with its variables."""

from __future__ import annotations

from . import file_contents, placeholders, weights
from .canonical import Content
from .intermediate import Folder


def fold(folder: Folder) -> None:
    """Puts the variables of each checkpoint at the path that its files' names begin with, in place of the files.

    Where TensorFlow is not installed, or cannot read them, size and digest of all the bytes stand there.
    """
    pending = dict(folder.pending())
    for prefix, files in placeholders.common_prefixes(pending).items():
        index, *shards = (end for end in sorted(files, key=lambda end: (end != "index", end)))
        data = {end: pending[files[end]] for end in shards}
        content: Content
        try:
            content = weights.from_checkpoint(pending[files[index]], data)
        except weights.UnreadableError:
            content = file_contents.opaque(pending[files[index]] + b"".join(data.values()))
        if files[index] in folder.policies:
            folder.policies[prefix] = folder.policies[files[index]]
        for path in files.values():
            del folder.contents[path]
        folder.contents[prefix] = content
