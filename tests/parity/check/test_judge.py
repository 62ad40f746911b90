"""The verdict on what was played: how a training ended, what it logged otherwise, and what the ledger says to either."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest

from wandb_keras_compat.parity.check.judge import (
    DIFFERS,
    FAILS,
    MOST,
    NOT_RUN,
    SHOWN,
    WORKS,
    Verdict,
    described,
    ended,
    judge_again,
    last_line,
    record_of,
    shortened,
    traces_of,
    verdict_on,
)
from wandb_keras_compat.testing.trace.differences import ABSENT, Diff, Difference
from wandb_keras_compat.testing.trace.ledger import Ledger

MADE_WITH = {"wandb": "0.31.0"}
TEXTS = dict.fromkeys(("old", "new", "why", "witness"), "x")


def known(*entries: dict[str, Any]) -> Ledger:
    return Ledger.of([{"feature": "best", "kind": "upstream", "where": "runs[*]", **TEXTS, **each} for each in entries])


def differences(count: int, path: str = "runs[0].summary.x", run: int = 0) -> list[Difference]:
    parts = ("runs", run, "summary", "x")
    return [Difference(path, at, -at, "number", parts=parts) for at in range(count)]


# --- how it ended --------------------------------------------------------------------------------------------------


@pytest.fixture
def folders(tmp_path: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    """What was played, and the goldens."""
    found = tmp_path / "played", tmp_path / "goldens"
    for folder in found:
        folder.mkdir()
        (folder / "one.json").write_text(json.dumps({"of": folder.name}), encoding="utf-8")
    return found


def end(folder: pathlib.Path, text: str = "Traceback\nValueError: no such thing\n") -> None:
    (folder / "one.ended.txt").write_text(text, encoding="utf-8")


def verdict(folders: tuple[pathlib.Path, pathlib.Path], ledger: Ledger) -> Verdict | None:
    return ended("one", folders[0], {"made_with": MADE_WITH}, ledger, folders[1])


def test_the_golden_comes_first(folders: tuple[pathlib.Path, pathlib.Path]) -> None:
    assert traces_of("one", *folders) == ({"of": "goldens"}, {"of": "played"})


@pytest.mark.parametrize("golden_ended", [True, False])
def test_a_training_that_went_on_to_its_end_has_no_verdict_yet(
    folders: tuple[pathlib.Path, pathlib.Path], golden_ended: bool
) -> None:
    if golden_ended:
        end(folders[1])
    assert verdict(folders, known({"id": "A-1", "kind": "old-crash-fixed"})) is None


def test_one_that_ended_as_the_real_class_did_is_as_the_ledger_says(
    folders: tuple[pathlib.Path, pathlib.Path],
) -> None:
    end(folders[0])
    end(folders[1])
    crash = {"kind": "old-crash-fixed"}
    ledger = known(
        {"id": "A-1", **crash}, {"id": "A-2"}, {"id": "A-3", **crash, "run": "two"}, {"id": "A-4", **crash, "run": "o*"}
    )
    found = verdict(folders, ledger)
    assert found == Verdict("one", known=["A-1", "A-4"]) and found.state == DIFFERS


def test_one_that_others_end_with_these_versions_is_no_failure(folders: tuple[pathlib.Path, pathlib.Path]) -> None:
    end(folders[0])
    found = verdict(folders, known({"id": "A-1"}, {"id": "A-2", "when": {"wandb": "<0.31"}}))
    assert found == Verdict("one", known=["A-1"])


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "intended"},
        {"kind": "old-crash-fixed"},
        {"where": "runs[*].summary"},
        {"run": "two"},
        {"when": {"wandb": "<0.31"}},
    ],
)
def test_one_that_ended_for_a_reason_of_its_own_fails(
    folders: tuple[pathlib.Path, pathlib.Path], entry: dict[str, Any]
) -> None:
    end(folders[0], "Traceback\nValueError: no such thing\n")
    found = verdict(folders, known({"id": "A-1", **entry}))
    text = "Traceback\nValueError: no such thing\n"
    assert found == Verdict("one", how="ValueError: no such thing", traceback=text) and found.state == FAILS


# --- what it logged ------------------------------------------------------------------------------------------------


def test_without_a_difference_it_works_and_with_a_known_one_it_differs() -> None:
    assert verdict_on("one", Diff(())) == Verdict("one") and Verdict("one").state == WORKS
    found = verdict_on("one", Diff((), known={"B-2": (), "A-1": ()}))
    assert found == Verdict("one", known=["A-1", "B-2"]) and found.state == DIFFERS


def test_a_difference_that_nothing_accounts_for_fails() -> None:
    found = verdict_on("one", Diff((*differences(2), *differences(1, "later")), known={"A-1": ()}))
    assert found.state == FAILS and found.known == ["A-1"]
    assert found.count == 3 and found.how == "3 differences, the first at runs[0].summary.x: number"


def test_the_first_have_their_values_and_not_all_are_kept() -> None:
    found = verdict_on("one", Diff(tuple(differences(MOST + 1))))
    assert found.count == MOST + 1 and len(found.differences) == MOST
    assert [sorted(item) for item in found.differences] == [
        *[["kind", "new", "old", "path"]] * SHOWN,
        *[["kind", "path"]] * (MOST - SHOWN),
    ]


def test_values_are_shown_as_python_writes_them_and_not_at_length() -> None:
    one = Difference("a", "x" * 1000, ABSENT, "text")
    assert described(one, shown=True) == {"path": "a", "kind": "text", "old": "'" + "x" * 159, "new": "absent"}
    assert described(one, shown=False) == {"path": "a", "kind": "text"}
    pixels = Difference("a", {}, {}, "pixels", "one of two")
    assert described(pixels, shown=True) == {"path": "a", "kind": "pixels", "note": "one of two"}
    assert described(pixels, shown=False) == {"path": "a", "kind": "pixels"}


# --- records ---------------------------------------------------------------------------------------------------------

FINE, OTHER, BAD = Verdict("a"), Verdict("b", known=["A-2", "A-1"]), Verdict("c", known=["A-1"], how="wrong", count=2)


@pytest.mark.parametrize(
    ("verdicts", "of", "state", "worked"),
    [
        ([FINE], 0, WORKS, 1),
        ([FINE, OTHER], 0, DIFFERS, 2),
        ([FINE, OTHER, BAD], 0, FAILS, 2),
        ([FINE, OTHER], 2, DIFFERS, 2),
        ([FINE, OTHER], 3, NOT_RUN, 2),
        ([FINE, BAD], 3, FAILS, 1),
        ([], 0, NOT_RUN, 0),
        ([], 1, NOT_RUN, 0),
    ],
)
def test_a_capability_is_as_bad_as_its_worst_and_a_part_is_not_the_whole(
    verdicts: list[Verdict], of: int, state: str, worked: int
) -> None:
    record = record_of("best", "ours", iter(verdicts), of)
    assert (record["state"], record["worked"]) == (state, worked)
    assert record["of"] == (of or len(verdicts))


def test_a_record_says_whose_it_is_what_is_known_and_what_failed() -> None:
    traceback = '  File "/home/me/lib/python3.12/site-packages/wandb/x.py", line 1'
    differ = [{"path": "a", "kind": "number"}]
    bad = Verdict("d", how="at /home/me/source/x.py", traceback=traceback, differences=differ, count=7, hung=True)
    assert record_of("best", "ours", [FINE, OTHER, BAD, bad], seconds=3) == {
        "capability": "best",
        "who": "ours",
        "state": FAILS,
        "of": 4,
        "worked": 2,
        "known": ["A-1", "A-2"],
        "failures": [
            {"what": "c", "how": "wrong", "traceback": "", "differences": [], "count": 2},
            {
                "what": "d",
                "how": "at x.py",
                "traceback": 'File "wandb/x.py", line 1',
                "differences": differ,
                "count": 7,
            },
        ],
        "seconds": 3,
    }


# --- under a later ledger --------------------------------------------------------------------------------------------


def failure(*paths: str, what: str = "one", count: int | None = None) -> dict[str, Any]:
    kept = [{"path": path, "kind": "number"} for path in paths]
    return {"what": what, "differences": kept, "count": len(kept) if count is None else count}


def record(*failures: dict[str, Any], state: str = FAILS) -> dict[str, Any]:
    return {"state": state, "known": ["A-0"], "failures": list(failures)}


SUMMARY = {"id": "A-1", "where": "runs[*].summary.**"}


def test_what_an_entry_accounts_for_now_is_no_failure_any_more() -> None:
    found = judge_again(record(failure("runs[0].summary.x", "runs[2].summary.y")), MADE_WITH, known(SUMMARY))
    assert found == (DIFFERS, ["A-0", "A-1"], [])


@pytest.mark.parametrize(
    "left",
    [
        failure("runs[0].summary.x", "runs[0].config.y"),
        failure("runs[0].summary.x", count=2),
        failure(),
        failure(count=3),
    ],
)
def test_what_is_not_accounted_for_as_a_whole_stays_and_so_do_the_others(left: dict[str, Any]) -> None:
    both = record(failure("runs[0].summary.x", what="two"), left)
    assert judge_again(both, MADE_WITH, known(SUMMARY)) == (FAILS, ["A-0", "A-1"], [left])


@pytest.mark.parametrize(("run", "accounts"), [("one", True), ("o*", True), ("two", False)])
@pytest.mark.parametrize("path", ["runs[0].summary.x", "runs[1].summary.x"])
def test_every_run_of_a_scenario_is_one_of_its_name(path: str, run: str, accounts: bool) -> None:
    state, _, left = judge_again(record(failure(path)), MADE_WITH, known({**SUMMARY, "run": run}))
    assert (state == DIFFERS) is accounts and bool(left) is not accounts


@pytest.mark.parametrize("state", [WORKS, DIFFERS, NOT_RUN])
def test_what_did_not_fail_stays_what_it_was(state: str) -> None:
    assert judge_again(record(state=state), MADE_WITH, known(SUMMARY)) == (state, ["A-0"], [])


# --- tracebacks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Traceback\n  File\nValueError: no such thing\n\n", "ValueError: no such thing"),
        ("ValueError: first\nnode: x\n  3 more\n", "ValueError: first"),
        ("KeyError: first\nwandb.errors.CommError: last\nWARNING beside", "wandb.errors.CommError: last"),
        ("KeyboardInterrupt\nbye", "KeyboardInterrupt"),
        ("a\n  said  \n \n", "said"),
        ("  ValueErrors\n  said", "said"),
        ("", ""),
        ("ImportError: (/some/lib/python3.12/site-packages/wandb/x.py)", "ImportError: (wandb/x.py)"),
        ("ValueError: " + "x" * 1000, "ValueError: " + "x" * 288),
    ],
)
def test_of_a_traceback_what_was_raised(text: str, line: str) -> None:
    assert last_line(text) == line


@pytest.mark.parametrize(("count", "left_out"), [(1, 0), (40, 0), (41, 3), (100, 62)])
def test_a_long_traceback_has_its_beginning_and_its_end(count: int, left_out: int) -> None:
    lines = [f"line {at}" for at in range(count)]
    expected = [*lines[:4], "  ...", *lines[4 + left_out :]] if left_out else lines
    assert shortened("\n".join(lines) + "\n").splitlines() == expected
    assert len(shortened("x" * 1000)) == 400
