"""The judge of scenarios is the parity suite's, and a ledger entry written later is applied to what was recorded."""

from __future__ import annotations

import json
import pathlib
import shutil
from typing import Any

import pytest

from compat_matrix import code_snapshot
from wandb_keras_compat.parity.check.judge import (
    DIFFERS,
    FAILS,
    NOT_RUN,
    WORKS,
    Verdict,
    ended,
    judge_again,
    record_of,
    shortened,
    today,
    traces_of,
    verdict_on,
)
from wandb_keras_compat.parity.ledger import compare
from wandb_keras_compat.parity.record_goldens import GOLDENS
from wandb_keras_compat.testing.trace.ledger import Ledger

from .conftest import INSTALLED

LEDGER = today()


def judge(name: str, folder: pathlib.Path, known: Ledger) -> Verdict:
    """The verdict on a trace, from how its training ended, or from what it has otherwise than the golden."""
    golden, trace = traces_of(name, folder)
    return ended(name, folder, trace, known) or verdict_on(name, compare(golden, trace, known))


@pytest.fixture
def played(tmp_path: pathlib.Path):
    """``played(name, change)``: the golden as if it had been played, changed; its folder."""

    def play(name: str, change: Any = lambda trace: None) -> pathlib.Path:
        trace = json.loads((GOLDENS / f"{name}.json").read_text(encoding="utf-8"))
        change(trace)
        (tmp_path / f"{name}.json").write_text(json.dumps(trace), encoding="utf-8")
        return tmp_path

    return play


def wrong_loss(trace: dict[str, Any]) -> None:
    trace["runs"][0]["history"][0]["loss"] = 99.0


def test_what_the_real_class_logged_works(played) -> None:
    assert judge("weights", played("weights"), LEDGER).state == WORKS


def test_another_number_fails_at_its_path(played) -> None:
    verdict = judge("metrics_alone", played("metrics_alone", wrong_loss), LEDGER)
    assert verdict.state == FAILS and verdict.count == 1
    assert verdict.differences[0]["path"] == "runs[0].history[0].loss"
    assert "loss" in verdict.how


def test_a_training_that_ended_fails_with_its_last_line(played) -> None:
    folder = played("weights")
    (folder / "weights.ended.txt").write_text('Traceback\n  File "x"\nValueError: no such thing\n', encoding="utf-8")
    verdict = judge("weights", folder, LEDGER)
    assert (verdict.state, verdict.how) == (FAILS, "ValueError: no such thing")


def test_where_the_real_class_never_got_further_the_ledger_says_so(played) -> None:
    folder = played("gradients_weighted")
    shutil.copy(GOLDENS / "gradients_weighted.ended.txt", folder)
    verdict = judge("gradients_weighted", folder, LEDGER)
    assert (verdict.state, verdict.known) == (DIFFERS, ["KD-007"])


def test_a_later_entry_accounts_for_an_earlier_record(played) -> None:
    verdict = judge("metrics_alone", played("metrics_alone", wrong_loss), LEDGER)
    record = json.loads(json.dumps(record_of("metrics", "ours", [verdict, Verdict("other")])))
    assert judge_again(record, INSTALLED, LEDGER)[0] == FAILS
    entry = {
        "id": "KD-999", "feature": "metrics", "where": "runs[*].history[*].loss", "run": "metrics_alone", "kind": "upstream",
        "legacy": "a", "shim": "b", "why": "c", "witness": "tests/x.py::test_x", "when": {"tensorflow": "==2.12.*"},
    }  # fmt: skip
    assert judge_again(record, INSTALLED, Ledger.of([entry])) == (DIFFERS, ["KD-999"], [])
    elsewhere = INSTALLED | {"tensorflow": "2.13.1"}
    assert judge_again(record, elsewhere, Ledger.of([entry]))[0] == FAILS


def test_differences_that_were_not_all_kept_are_not_accounted_for() -> None:
    failure = {"what": "x", "differences": [{"path": "runs[0].history[0].loss", "kind": "number"}], "count": 2}
    record = {"state": FAILS, "known": [], "failures": [failure]}
    entry = {
        "id": "KD-999", "feature": "metrics", "where": "runs[*].**", "kind": "upstream",
        "legacy": "a", "shim": "b", "why": "c", "witness": "tests/x.py::test_x",
    }  # fmt: skip
    assert judge_again(record, INSTALLED, Ledger.of([entry]))[0] == FAILS


def test_a_part_that_worked_is_not_the_whole() -> None:
    assert record_of("metrics", "ours", [Verdict("a")], of=2)["state"] == NOT_RUN
    assert record_of("metrics", "ours", [Verdict("a", how="wrong")], of=2)["state"] == FAILS
    assert record_of("metrics", "ours", [Verdict("a")], of=1)["state"] == WORKS


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (
            '  File "/some/where/environment/lib/python3.12/site-packages/wandb/x.py", line 1',
            '  File "wandb/x.py", line 1',
        ),
        (
            '  File "/some/where/source/src/wandb_keras_compat/parity/play.py", line 1',
            '  File "src/wandb_keras_compat/parity/play.py", line 1',
        ),
        ('  File "/opt/versions/3.11.7/lib/python3.11/ast.py", line 1', '  File "lib/python3.11/ast.py", line 1'),
        ("ImportError: no X (/some/where/lib/python3.12/site-packages/wandb/x.py)", "ImportError: no X (wandb/x.py)"),
        ("no file /tmp/wandb-recorder-a1/wandb/run--4qq/files/model-best.h5.", "no file files/model-best.h5."),
        (
            '  File "/tmp/__autograph_generated_filem02z_50.py", line 18',
            '  File "__autograph_generated_file.py", line 18',
        ),
        ("ConnectionError: http://127.0.0.1:80/graphql", "ConnectionError: http://127.0.0.1:80/graphql"),
    ],
)
def test_tracebacks_do_not_say_whose_machine_it_was(line: str, kept: str) -> None:
    assert shortened(line).strip() == kept.strip()


# --- the digest of the code --------------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path: pathlib.Path) -> pathlib.Path:
    for name in ("testing", "parity"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "beside.py").write_text("a = 1\n", encoding="utf-8")
    (tmp_path / "code.py").write_text(
        '"""Says."""\n\n\ndef f():\n    """What."""\n    return "#1"  # why\n', encoding="utf-8"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text", "same"),
    [
        ("code.py", '"""Says otherwise,\n\nat length."""\n\ndef f():\n    return "#1"\n', True),
        ("code.py", '"""Says."""\n\n\ndef f():\n    """What."""\n    return "#2"  # why\n', False),
        ("new.py", "", False),
        ("testing/beside.py", "a = 2\n", True),
        ("parity/beside.py", "a = 2\n", True),
    ],
)
def test_only_what_the_code_does_makes_results_older(package: pathlib.Path, name: str, text: str, same: bool) -> None:
    before = code_snapshot.digest(package)
    (package / name).write_text(text, encoding="utf-8")
    assert (code_snapshot.digest(package) == before) is same
