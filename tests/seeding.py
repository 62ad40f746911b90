"""Where the same examples are drawn each time, a test's own random numbers are, too: each test by its name."""

from __future__ import annotations

import operator
import random
import sys
import zlib

_SEEDS = {
    "numpy": "random.seed",
    "tensorflow": "random.set_seed",
    "torch": "manual_seed",
    # Which have generators of their own besides, made when they are first asked for.
    "keras": "utils.set_random_seed",
    "tf_keras": "utils.set_random_seed",
}


def seed_generators(test: str) -> None:
    """Seeds every generator that first weights, shuffling and made-up data come from, of what is imported.

    A seed for each test, so that together they see many draws, and none depends on which ones ran before it.
    """
    seed = zlib.crc32(test.encode())
    random.seed(seed)
    for module, seeds in _SEEDS.items():
        if sys.modules.get(module) is not None:
            operator.attrgetter(seeds)(sys.modules[module])(seed)
