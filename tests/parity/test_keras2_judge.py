"""What is said of each program in the spelling of Keras 2, by what it left in a folder."""

from __future__ import annotations

import copy
import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from wandb_keras_compat.parity.keras2 import judge as judging
from wandb_keras_compat.parity.keras2.judge import against_golden, judge, last_error, main
from wandb_keras_compat.parity.keras2.record import golden
from wandb_keras_compat.parity.keras2.table import KINDS
from wandb_keras_compat.testing.trace.ledger import Ledger

NAME, OTHER = "dense_autoencoder", "toxic_bow"
MADE_WITH = {"tensorflow": "2.99.0", "keras": "2.99.0", "wandb": "0.31.0", "python": "3.13.0"}

Change = Callable[[dict[str, Any]], Any]


def leave(folder: pathlib.Path, name: str, change: Change = lambda trace: None, **made_with: str) -> None:
    trace = {**copy.deepcopy(golden(name)), "made_with": {**MADE_WITH, **made_with}}
    change(trace)
    (folder / f"{name}.json").write_text(json.dumps(trace), encoding="utf-8")


def other_summary(trace: dict[str, Any]) -> None:
    trace["runs"][0]["summary"].update(mine=1, own="a")


def test_what_the_real_class_logged_is_the_same(tmp_path: pathlib.Path) -> None:
    leave(tmp_path, NAME)
    assert judge(NAME, tmp_path) == {"state": "same", "known": []}


def test_what_was_logged_otherwise_differs_and_the_first_place_is_named(tmp_path: pathlib.Path) -> None:
    leave(tmp_path, NAME, other_summary)
    assert judge(NAME, tmp_path) == {
        "state": "differs", "why": "2 differences, the first: runs[0].summary.mine", "known": [],
    }  # fmt: skip


def test_what_did_not_run_to_its_end_ended_whatever_it_logged(tmp_path: pathlib.Path) -> None:
    leave(tmp_path, NAME)
    (tmp_path / f"{NAME}.ended.txt").write_text("Traceback\nValueError: no such thing\n", encoding="utf-8")
    assert judge(NAME, tmp_path) == {"state": "ended", "why": "ValueError: no such thing"}


@pytest.mark.parametrize(
    ("run", "accounts"),
    [
        ("play*", True),
        (f"play {OTHER} *", True),
        (f"*{KINDS[OTHER].known}*", True),
        ("*KD-999*", False),
        (OTHER, False),
    ],
)
def test_the_ledger_knows_a_program_by_its_name_and_what_is_known_of_it(run: str, accounts: bool) -> None:
    texts = dict.fromkeys(("old", "new", "why", "witness"), "x")
    entry = {"id": "A-1", "feature": "best", "kind": "intended", "where": "runs[*].summary.mine", "run": run, **texts}
    trace = copy.deepcopy(golden(OTHER))
    trace["runs"][0]["summary"]["mine"] = 1
    found = against_golden(OTHER, trace, Ledger.of([entry]))
    assert (found.paths(), list(found.known)) == (([], ["A-1"]) if accounts else (["runs[0].summary.mine"], []))


def test_ids_of_the_suites_ledger_are_said(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = dict.fromkeys(("old", "new", "why", "witness"), "x")
    entries = [
        {"id": f"A-{at}", "feature": "best", "kind": "intended", "where": f"runs[*].summary.{key}", **texts}
        for at, key in enumerate(("own", "mine"))
    ]
    monkeypatch.setattr(judging, "ledger", lambda: Ledger.of(entries))
    leave(tmp_path, NAME, other_summary)
    assert judge(NAME, tmp_path) == {"state": "same", "known": ["A-0", "A-1"]}


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("Traceback\n  File\nValueError: no such thing\n", "ValueError: no such thing"),
        ("KeyError: 1\nkeras.errors.MyException: last\nbeside", "keras.errors.MyException: last"),
        ("first\n  last \n", "last"),
        ("", "no word"),
        ("\n \n", "no word"),
        ("ValueErrors: x\nend", "end"),
        ("OSError: no file (/some/where/x.h5) here", "OSError: no file  here"),
        ("OSError: no file /some/where/x.h5", "OSError: no file"),
        ("OSError: 1 / 2 of /tmp", "OSError: 1 / 2 of /tmp"),
        ("TypeError: <f object at 0x7f0abc> & 0x12", "TypeError: <f >"),
        ("ValueError: " + "x" * 300, "ValueError: " + "x" * 148),
    ],
)
def test_the_error_is_named_without_places_of_a_machine(output: str, line: str) -> None:
    assert last_error(output) == line


# --- the results file ------------------------------------------------------------------------------------------------


@pytest.fixture
def folders(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> tuple[pathlib.Path, pathlib.Path]:
    """What was played, and where results go."""
    played, results = tmp_path / "played", tmp_path / "results"
    played.mkdir()
    monkeypatch.setattr(judging, "RESULTS", results)
    monkeypatch.setattr(judging.play, "NAMES", (NAME, OTHER))
    leave(played, NAME)
    leave(played, OTHER, other_summary)
    return played, results


def written(results: pathlib.Path) -> dict[str, Any]:
    (path,) = results.iterdir()
    assert path.name == "tf2.99.0-option.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_all_programs_are_written_with_the_versions_and_told(
    folders: tuple[pathlib.Path, pathlib.Path], capsys: pytest.CaptureFixture[str]
) -> None:
    played, results = folders
    assert main("option", str(played)) == 0
    found = written(results)
    assert (found["how"], found["made_with"], list(found["programs"])) == ("option", MADE_WITH, [NAME, OTHER])
    assert [found["programs"][name]["state"] for name in (NAME, OTHER)] == ["same", "differs"]
    same, differs = capsys.readouterr().out.splitlines()
    assert same.strip() == f"{NAME}: same" and differs.startswith(f"{OTHER}: differs 2 differences")


def test_one_alone_replaces_its_own_result(folders: tuple[pathlib.Path, pathlib.Path]) -> None:
    played, results = folders
    main("option", str(played))
    leave(played, OTHER)
    leave(played, NAME, other_summary)
    main("option", str(played), OTHER)
    assert {name: each["state"] for name, each in written(results)["programs"].items()} == {NAME: "same", OTHER: "same"}


def test_results_of_other_versions_are_not_mixed(folders: tuple[pathlib.Path, pathlib.Path]) -> None:
    played, results = folders
    main("option", str(played))
    before = written(results)
    for name in (NAME, OTHER):
        leave(played, name, wandb="0.30.0")
    with pytest.raises(SystemExit, match=r"play all$"):
        main("option", str(played), OTHER)
    assert written(results) == before
