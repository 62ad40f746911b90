"""The committed page is what the committed results say, and nothing in them is hidden."""

from __future__ import annotations

from pathlib import Path

from wandb_keras_compat.parity.migration.judge import Verdict
from wandb_keras_compat.parity.migration.programs_of import GROUPS

from . import results

ENVIRONMENT = "tensorflow 2.21.0, keras 3.15.1, wandb 0.31.0"
EXIST = [(f"drawn/{name}", "script") for name in "abc"]


def _verdict(name: str, outcome: str, *said: str) -> Verdict:
    return Verdict(f"drawn/{name}", "new", "script", outcome, said, ENVIRONMENT)  # type: ignore[arg-type]


def test_the_page_is_of_the_results() -> None:
    assert results.main("--check") == 0


def test_every_group_was_played_and_nothing_is_unequal() -> None:
    found = results.rows()
    assert {key[1] for key in found} == set(GROUPS)
    assert not [(key, row["differs"], row["fails"]) for key, row in found.items() if row["differs"] or row["fails"]]


def test_what_is_played_again_replaces_what_came_before_and_what_is_gone_goes(tmp_path: Path) -> None:
    first = results.added(
        {}, [_verdict("a", "fails", "KeyError"), _verdict("b", "equal"), _verdict("gone", "equal")], EXIST
    )
    (key,) = first
    assert first[key] == {
        "of": 3,
        "equal": ["b"],
        "left": {},
        "differs": {},
        "fails": {"a": "KeyError"},
        "not here": {},
    }
    said = f"line 3, WK101: {tmp_path}/train.py:4 reads it"
    again = results.added(first, [_verdict("a", "left", said), _verdict("c", "differs", "why | not")], EXIST)
    assert again[key] == {
        "of": 3,
        "equal": ["b"],
        "left": {"a": "WK101: train.py:4 reads it"},
        "differs": {"c": "why | not"},
        "fails": {},
        "not here": {},
    }


def test_the_page_names_what_is_not_equal() -> None:
    page = results.rendered(results.added({}, [_verdict("a", "differs", "why | not"), _verdict("b", "equal")], EXIST))
    assert "| drawn | new | script | 3 | 1 | 0 | 1 | 0 | 0 |" in page
    assert "drawn/a (new, script; tensorflow 2.21.0, keras 3.15.1, wandb 0.31.0) differs: why \\| not" in page
    assert "None." not in page
