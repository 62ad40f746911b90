"""The interface of all kinds of files: read from bytes, edited as text, written as bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from ..records import Location
from .edits import Edit

Kind = Literal["python", "notebook", "yaml", "requirements", "prose"]

Remark = tuple[Location, str]
"""A place in a file and what there is to say about it."""


class Document(Protocol):
    """A file that has been read. The class is called with the file's bytes.

    Raises:
        SourceError: the bytes are no file of this kind.
    """

    @property
    def text(self) -> str:
        """The text that rules read; the offsets of their edits are places in it."""

    @property
    def problems(self) -> Sequence[Remark]:
        """Parts that cannot be parsed while the rest can, such as a notebook's broken cells."""

    @property
    def unread(self) -> Sequence[Remark]:
        """Parts that no rule reads, and that the user should look at."""

    @property
    def ignores_file(self) -> bool:
        """Whether a comment in the file says that no rule may touch it.

        Raises:
            SourceError: the text cannot be parsed.
        """

    def locate(self, offset: int) -> Location:
        """The place in the file of a character of the text."""

    def write(self, edits: Sequence[Edit]) -> bytes:
        """The file's bytes with the edits applied to its text; all other bytes are unchanged.

        Raises:
            SourceError: the edited text would be no file of this kind any more.
        """
