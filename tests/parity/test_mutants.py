"""``MUTANTS.md`` says what ``mutation/results.json`` holds, and that is enough.

Whether the results are of today's code it says itself: how many mutants are new since. Only
``python -m tests.parity.mutation --check``, which wants mutmut, asks for none; so an edit of a feature fails nothing here.
"""

from __future__ import annotations

import json
from pathlib import Path

HERE = Path(__file__).parent


def test_the_report_counts_what_the_results_hold() -> None:
    results = json.loads((HERE / "mutation" / "results.json").read_text(encoding="utf-8"))
    text = (HERE / "MUTANTS.md").read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith("| **all** |")]
    _, run, parity, beside, survived, never, *_ = map(int, row.split("|")[2:-3])
    outcomes = [outcome[0] for outcome in results.values()]
    assert run == len(results)
    assert parity + beside == outcomes.count("killed") + outcomes.count("timed out")
    assert (survived, never) == (outcomes.count("survived"), outcomes.count("not reached"))
    assert parity >= 0.9 * run


def test_every_survivor_is_explained() -> None:
    assert "### gap" not in (HERE / "MUTANTS.md").read_text(encoding="utf-8")
