"""What is drawn for a property, and how much of it; that all sides agree is what is demanded."""

from __future__ import annotations

from dataclasses import dataclass

from .drawing import st
from .events import Play


@dataclass(frozen=True)
class Property:
    """Plays that are drawn for the capability *name*, of which the judge is asked.

    Attributes:
        share: how many examples it has, of those that a profile gives to each property.
    """

    name: str
    plays: st.SearchStrategy[Play]
    share: float
