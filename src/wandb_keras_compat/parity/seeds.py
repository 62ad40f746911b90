"""Seeds for a training, on every Keras."""

from __future__ import annotations

import random
import sys
from typing import Any

from .frameworks import keras


def seed(number: int) -> None:
    """``keras.utils.set_random_seed``, also where layers cannot be made after it.

    tf-keras 2.16 to 2.18 ask Python's generator for a number up to ``1e9``, a float, which Python 3.12 refuses. That is
    between the two of them; the numbers are those that Python 3.11 gives.
    """
    keras.utils.set_random_seed(number)
    holder = getattr(sys.modules.get("tf_keras.src.backend"), "_SEED_GENERATOR", None)
    if holder is not None:
        holder.generator = _OfWholeNumbers(holder.generator)


class _OfWholeNumbers(random.Random):
    """Goes on where *before* is."""

    def __init__(self, before: random.Random) -> None:
        super().__init__()
        self.setstate(before.getstate())

    def randint(self, a: Any, b: Any) -> int:
        return super().randint(int(a), int(b))
