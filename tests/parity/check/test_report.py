"""The report of ``check``: the state of each capability, the exit code, and what the table says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wandb_keras_compat.parity.check.judge import ABSENT, DIFFERS, FAILS, NOT_RUN, WORKS
from wandb_keras_compat.parity.check.report import Finding, Report, Row, explained, in_words, rows_for
from wandb_keras_compat.testing.trace.ledger import Ledger

HERE = {"tensorflow": "2.12.1", "keras": "2.12.0", "wandb": "0.16.6", "python": "3.11.7"}


def report(*rows: Row, **more: Any) -> Report:
    return Report(HERE, {}, more.pop("against", "shim"), list(rows), **more)


def told(*rows: Row) -> list[str]:
    """The lines on *rows*, without those on the versions."""
    lines = list(report(*rows).lines())
    return lines[lines.index("") + 1 :]


def differing(name: str, *paths: str, count: int | None = None, **first: str) -> Finding:
    items = [{"path": path, "kind": "number", "old": "1", "new": "2"} for path in paths]
    items[0].update(first)
    return Finding(name, differences=items, count=len(items) if count is None else count)


# --- states ----------------------------------------------------------------------------------------------------------

ONE = Finding("one", "it raised")


@pytest.mark.parametrize(
    ("row", "state", "code"),
    [
        (Row("best", of=2, judged=2), WORKS, 0),
        (Row("best", of=2, judged=2, known=["A-1"]), DIFFERS, 0),
        (Row("best", of=2, judged=1), NOT_RUN, 2),
        (Row("best", of=2, judged=1, known=["A-1"]), NOT_RUN, 2),
        (Row("best", of=2, judged=2, not_judged=["it hung"]), NOT_RUN, 2),
        (Row("best", of=2, judged=2, findings=[ONE]), FAILS, 1),
        (Row("best", of=2, judged=1, findings=[ONE]), FAILS, 1),
        (Row("best", of=2, judged=1, findings=[ONE], not_judged=["it hung"]), FAILS, 2),
        (Row("best", of=0, not_here=["no such thing"]), ABSENT, 2),
        (Row("best", of=1, judged=1, not_here=["no such thing"]), WORKS, 0),
        (Row("best", of=0), WORKS, 0),
    ],
)
def test_a_row_has_a_state_and_the_report_an_exit_code(row: Row, state: str, code: int) -> None:
    assert row.state == state and report(row).exit_code == code


FINE, BAD = Row("best", of=1, judged=1), Row("graph", of=1, judged=1, findings=[ONE])
AWAY, LEFT = Row("flops", not_here=["no such thing"]), Row("table", of=1)


@pytest.mark.parametrize(
    ("rows", "code"),
    [([FINE, BAD], 1), ([FINE, AWAY], 0), ([BAD, AWAY], 1), ([AWAY, AWAY], 2), ([FINE, LEFT], 2), ([BAD, LEFT], 2), ([], 0)],
)  # fmt: skip
def test_what_could_not_be_judged_counts_more_than_what_failed(rows: list[Row], code: int) -> None:
    assert report(*rows).exit_code == code
    assert report(*rows, problems=["no space"]).exit_code == 2


def test_json_has_all_of_it_and_the_states() -> None:
    given = {
        "problems": ["no space"],
        "distributions": {"numpy": "1.23"},
        "cannot_import": "Traceback",
        "no_legacy_class": "Traceback too",
    }
    found = Report(HERE, {"wandb": "0.16"}, "native", [Row("best", of=1, judged=1), BAD], seconds=1.26, **given)
    found.processor_seconds = 2.34
    assert json.loads(json.dumps(found.as_json())) == {
        **given,
        "schema": 1,
        "versions": HERE,
        "legacy_versions": {"wandb": "0.16"},
        "against": "native",
        "exit_code": 2,
        "seconds": 1.3,
        "processor_seconds": 2.3,
        "capabilities": [
            {
                "capability": "best", "kind": "scenario", "of": 1, "judged": 1, "known": [], "findings": [],
                "not_judged": [], "not_here": [], "state": "works",
            },
            {
                "capability": "graph", "kind": "scenario", "of": 1, "judged": 1, "known": [], "not_judged": [],
                "not_here": [], "state": "fails",
                "findings": [{"scenario": "one", "how": "it raised", "traceback": "", "differences": [], "count": 0}],
            },
        ],
    }  # fmt: skip


def test_what_did_not_happen_is_empty_in_it() -> None:
    found = report().as_json()
    assert found["cannot_import"] == found["no_legacy_class"] == ""
    assert found["seconds"] == found["processor_seconds"] == 0
    assert found["problems"] == found["capabilities"] == [] and found["distributions"] == {}


# --- the table -------------------------------------------------------------------------------------------------------


def test_it_says_whose_callback_was_played_with_what_and_against_what() -> None:
    words = "TensorFlow 2.12.1, Keras 2.12.0, wandb 0.16.6, Python 3.11.7"
    assert in_words(HERE) == words
    assert list(report().lines()) == [f"{words}: the callback of this package", ""]
    native = Report(HERE, {"tensorflow": "2.9"}, "native", [])
    assert list(native.lines()) == [
        f"{words}: the callback of the installed wandb alone",
        "held against the real legacy class, recorded with TensorFlow 2.9, Keras not installed, wandb not installed, "
        "Python not installed",
        "",
    ]


@pytest.mark.parametrize(
    ("versions", "begins"),
    [
        ({}, "TensorFlow not installed, Keras not installed"),
        ({"jax": "1"}, "JAX 1, Keras"),
        ({"torch": "2"}, "PyTorch 2, Keras"),
        ({"jax": "1", "tensorflow": "3", "torch": "2"}, "TensorFlow 3, JAX 1, PyTorch 2, Keras"),
    ],
)
def test_the_framework_that_is_there_is_named(versions: dict[str, str], begins: str) -> None:
    assert in_words(versions).startswith(begins)


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (Row("best", of=1, judged=1), "works, 1 of 1 scenario"),
        (Row("best", "use", of=2, judged=2, known=["A-1", "A-2"]), "works with known differences (A-1, A-2), 2 of 2 uses"),
        (Row("best", "program", of=2, judged=1), "NOT JUDGED, 1 of 2 programs"),
        (Row("best", of=0, not_here=["x"]), "not here, 0 of 0 scenarios"),
        (Row("best", of=3, judged=3, findings=[ONE, ONE]), "FAILS in 1 scenario"),
        (
            Row("best", of=3, judged=3, findings=[ONE, Finding("two", "it raised")], known=["A-1"]),
            "FAILS in 2 scenarios; beside known differences (A-1)",
        ),
    ],
)  # fmt: skip
def test_a_capability_has_its_line(row: Row, line: str) -> None:
    assert told(row)[0] == f"best  {line}"


def test_lines_stand_below_each_other_and_reasons_below_the_states() -> None:
    assert told(Row("weights", of=1, judged=1), Row("best", of=1, findings=[ONE], not_judged=["it hung"])) == [
        "weights  works, 1 of 1 scenario",
        "best     FAILS in 1 scenario",
        "         one: it raised",
        "         it hung",
    ]


def reasons(*findings: Finding, **more: Any) -> list[str]:
    return [line.removeprefix(" " * 6) for line in told(Row("best", of=9, findings=list(findings), **more))[1:]]


def test_what_ends_many_alike_is_said_once_and_the_fourth_is_named_alone() -> None:
    found = [Finding(f"{how}{at}", f"raised {how}") for at in (1, 2) for how in "abcde"]
    assert reasons(*found) == [
        "a1, a2: raised a", "b1, b2: raised b", "c1, c2: raised c", "and in d1, d2, e1, e2",
    ]  # fmt: skip


def test_a_difference_has_its_place_and_both_values_and_the_fourth_is_named_alone() -> None:
    found = [differing(f"s{at}", f"runs[{at}].summary.x") for at in range(5)]
    assert reasons(*found, ONE) == [
        "one: it raised",
        *(
            line
            for at in range(3)
            for line in (
                f"s{at}: runs[{at}].summary.x (number)",
                "    the real class  1",
                "    here            2",
            )
        ),
        "and in s3, s4",
    ]


def test_of_pixels_the_note_is_shown_and_values_that_are_not_there_are_not() -> None:
    assert reasons(differing("s", "runs[0].summary.x", kind="pixels", note="3 of 4")) == [
        "s: runs[0].summary.x (pixels)",
        "    3 of 4",
    ]
    bare = Finding("s", differences=[{"path": "runs[0].name", "kind": "text"}], count=1)
    assert reasons(bare) == ["s: runs[0].name (text)", "    the real class  ", "    here            "]


@pytest.mark.parametrize(
    ("paths", "count", "more"),
    [
        (["runs[0].summary.x"], 1, ""),
        (["runs[0].summary.x", "runs[1].summary.x"], 2, ", and 1 more"),
        (["runs[0].history[0].x", "runs[0].history[1].x.bins[3]"], 7, ", and 6 more"),
        (["runs[0].history[0].x", "runs[0].summary.y.z"], 2, ", and 1 more (x, y)"),
        (["runs[0].name", "runs[0].tags.a", "runs[1]"], 3, ", and 2 more (name, a, 1)"),
        ([f"runs[0].summary.{key}" for key in "abcd"], 4, ", and 3 more (a, b, c, d)"),
        ([f"runs[0].summary.{key}" for key in "abcde"], 5, ", and 4 more (a, b, c, d, ...)"),
    ],
)
def test_how_many_more_there_are_is_said_and_of_what(paths: list[str], count: int, more: str) -> None:
    assert reasons(differing("s", *paths, count=count))[0] == f"s: {paths[0]} (number){more}"


def test_nothing_of_a_program_changes_how_the_terminal_writes() -> None:
    hostile, shown = "a\u202eb", "a\\u202eb"  # which turns what is written behind it
    found = reasons(
        Finding("s", hostile),
        differing("s", f'runs[0].summary["{hostile}"]', "runs[0].name", old=hostile, new=hostile),
        differing("s", "runs[0].name", note=hostile),
        not_judged=[hostile],
        not_here=[hostile],
    )
    assert hostile not in "".join(found) and "".join(found).count(shown) == 8


def test_the_entries_that_rows_name_are_told_in_the_order_of_the_ledger() -> None:
    entries = [
        {
            "id": f"A-{at}", "feature": "best", "kind": "intended", "where": "runs[*].name", "witness": "x",
            "old": f"old {at}", "new": f"new {at}", "why": f"why {at}",
        }
        for at in range(3)
    ]  # fmt: skip
    rows = [Row("graph", known=["A-2"]), Row("best", known=["A-2", "A-0"])]
    assert list(explained(rows, Ledger.of(entries))) == [
        line
        for at in (0, 2)
        for line in (
            f"A-{at}  intended, best",
            f"    the real class  old {at}",
            f"    this package    new {at}",
            f"    why             why {at}",
        )
    ]


def test_before_anything_is_played_every_row_says_of_how_many() -> None:
    found = rows_for({"best": ["prefix", "prefix_none"], "hook": ["one"]})
    assert found == {"best": Row("best", "scenario", 2), "hook": Row("hook", "program", 1)}
