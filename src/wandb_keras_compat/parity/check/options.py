"""How ``check`` plays: whose callback, with which interpreter, for how long."""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..record_goldens import GOLDENS

WHICH = {"shim": "shim", "native": "legacy"}
PACKAGE = Path(__file__).parents[2]

#: Called with the number of items that are judged, and the name of the one that was played last.
Progress = Callable[[int, str], None]


@dataclass
class Options:
    """How things are played.

    Attributes:
        against: a key of :data:`WHICH`.
        timeout: seconds that a scenario, use or program, or the start, may take.
        whole: seconds that all of it may take.
        python: the interpreter.
        variables: of its environment; None for those of this process, less what leads to a W&B account.
        package: the folder of this package whose programs that interpreter starts.
        afterwards: what the process that plays does last: a folder to import from, a module whose ``__main__`` has a
            function ``main``, and the words that this takes. Nothing of it is judged.
        stop: set from elsewhere to end at once.
    """

    against: str = "shim"
    timeout: float = 300.0
    whole: float = math.inf
    python: str = sys.executable
    variables: Mapping[str, str] | None = None
    package: Path = PACKAGE
    afterwards: Sequence[str] = ()
    goldens: Path = GOLDENS
    progress: Progress = lambda done, name: None
    problems: Sequence[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
