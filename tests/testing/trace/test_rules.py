"""The table of rules as a whole; each rule has its test in the module of its kind."""

from __future__ import annotations

import json
from importlib import import_module

import pytest

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.normalize import BLIND, dumps, trace_of
from wandb_keras_compat.testing.trace.paths import Patterns
from wandb_keras_compat.testing.trace.rules import RULES

from .small_runs import store_of


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_says_why_and_has_a_test(rule):
    assert rule.apply.__doc__
    tests = import_module(f".test_{rule.apply.__module__.rpartition('.')[2]}", __package__)
    assert hasattr(tests, f"test_{rule.name}")


def test_names_of_rules_are_their_own():
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("door", BLIND)
def test_what_doors_are_blind_to_can_be_read(door):
    Patterns(BLIND[door])


def test_a_snapshot_without_anything():
    trace = trace_of(store_of().snapshot(), "recorder")
    assert json.loads(dumps(trace)) == trace
    assert not diff(trace, trace)


def test_entries_a_log_no_longer_has_are_left_out_of_a_comparison():
    gone = trace_of(store_of(logged=[{"name": "m", "entries": {"a*.txt": None, "b.txt": b"1"}}]).snapshot(), "log")
    there = trace_of(store_of(logged=[{"name": "m", "entries": {"a*.txt": b"x", "b.txt": b"2"}}]).snapshot(), "http")
    found = diff(gone, there)
    assert found.paths() == ['runs[0].artifacts.logged[0].entries["b.txt"].text']
    assert any("a" in pattern and count == 1 for pattern, count in found.left_out.items())
