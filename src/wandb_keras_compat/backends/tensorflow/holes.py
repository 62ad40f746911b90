"""What the backends for TensorFlow do not have: nothing."""

from __future__ import annotations

from ..protocol import Hole

HOLES: tuple[Hole, ...] = ()
