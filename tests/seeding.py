"""Where the same examples are drawn each time, a test's own random numbers are, too: each test by its name."""

from __future__ import annotations

import operator
import random
import sys
import zlib


def seed_generators(test: str) -> None:
    """Seeds every generator that first weights, shuffling and made-up data come from, of what is imported.

    A seed for each test, so that together they see many draws, and none depends on which ones ran before it.
    """
    seed = zlib.crc32(test.encode())
    random.seed(seed)
    for module, seeds in {"numpy": "random.seed", "tensorflow": "random.set_seed", "torch": "manual_seed"}.items():
        if module in sys.modules:
            operator.attrgetter(seeds)(sys.modules[module])(seed)
