"""Counts and sizes as every command and view writes them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.number_texts import plural, size

NOUNS = [(1, "row", "1 row"), (0, "row", "0 rows"), (2, "entry", "2 entries"), (1, "entry", "1 entry")]
NOUNS += [(2, "key", "2 keys"), (2, "day", "2 days"), (1234567, "query", "1,234,567 queries"), (-1, "row", "-1 rows")]


@pytest.mark.parametrize(("count", "noun", "said"), NOUNS)
def test_one_is_one_and_more_are_more(count: int, noun: str, said: str) -> None:
    assert plural(count, noun) == said


SIZES = [(0, "0 B"), (1, "1 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1024**2, "1.0 MiB")]
SIZES += [(3 * 1024**3, "3.0 GiB"), (1024**4, "1.0 TiB"), (2048 * 1024**4, "2048.0 TiB")]


@pytest.mark.parametrize(("count", "said"), SIZES)
def test_a_size_is_in_the_largest_unit_of_which_there_is_one(count: int, said: str) -> None:
    assert size(count) == said


@given(st.integers(1024, 2**60))
def test_a_size_is_said_to_within_half_of_its_last_place(count: int) -> None:
    found = re.fullmatch(r"(\d+\.\d) ([KMGT])iB", size(count))
    assert found
    unit = 1024 ** ("KMGT".index(found[2]) + 1)
    assert abs(float(found[1]) * unit - count) <= unit * 0.0501
    assert found[2] == "T" or float(found[1]) <= 1024
