"""A run over many files: what is read and counted, which projects are decided how, and what is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from wandb_keras_codemods.engine import runner
from wandb_keras_codemods.engine.migrate_file import Job, Outcome
from wandb_keras_codemods.engine.runner import Options, Summary, run
from wandb_keras_codemods.records import Location, Record
from wandb_keras_codemods.rules import selected

from .tools import tree

OLD, NEW = "from wandb.keras import WandbCallback\n", "from wandb_keras_compat import WandbCallback\n"
TRAIN = OLD + "model.fit(x, callbacks=[WandbCallback(save_model=False)])\n"
SWEEP = "method: grid\nmetric: {name: val_loss, goal: minimize}\nparameters: {}\n"
BROKEN = "import wandb.keras\nx = = run.summary\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def go(
    files: dict[str, str], *paths: str, level: int = 1, write: bool = True, skip: frozenset[str] = frozenset()
) -> Summary:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    return run(paths or ["."], Options(selected(level, skip=skip), write=write, level=level, jobs=1))


def told(summary: Summary) -> list[tuple[str, str, str]]:
    return [(record.file, record.rule, record.action) for record in summary.records]


@pytest.mark.parametrize("write", [True, False])
def test_a_run_counts_what_it_has_seen_changed_and_written(write: bool, folder: Path) -> None:
    """Outcomes are in the order of the files; a file that nothing is to say of has none."""
    files = {"b.py": OLD, "a.py": OLD, "c.py": "x = 1\n", "d.py": NEW, "e.txt": OLD}
    summary = go(files, write=write)
    assert (summary.seen, summary.written, summary.exit_code) == (4, 2 * write, 1)
    assert [outcome.file for outcome in summary.changed] == ["a.py", "b.py"]
    assert [outcome.file for outcome in summary.outcomes] == ["a.py", "b.py", "d.py"]
    assert summary.before == {name: files[name].encode() for name in ("a.py", "b.py", "d.py")}
    assert tree(folder) == {**{name: text.encode() for name, text in files.items()}, **dict.fromkeys(["a.py", "b.py"] * write, NEW.encode())}  # fmt: skip


def test_the_exit_code_is_of_what_is_worst() -> None:
    changed, failed = Outcome("a", b"", ()), Outcome("b", None, (Record("b", Location(1), "", "error", "why"),))
    left = Outcome("c", None, (Record("c", Location(1), "WK003", "left", "why"),))
    codes = {(): 0, (left,): 0, (left, changed): 1, (changed, failed): 2, (failed,): 2}
    assert {outcomes: Summary(outcomes=[*outcomes]).exit_code for outcomes in codes} == codes


def test_what_cannot_be_read_or_found_is_an_error_and_the_others_are_done(folder: Path) -> None:
    """What is not there was not seen; what is there and cannot be read was."""
    os.mkfifo("pipe.py")
    summary = go({"a.py": OLD, "b.py": BROKEN}, "nowhere.py", "pipe.py", "a.py", "b.py")
    assert told(summary) == [
        ("a.py", "WK001", "changed"), ("b.py", "", "error"), ("nowhere.py", "", "error"), ("pipe.py", "", "error"),
    ]  # fmt: skip
    assert (summary.seen, summary.written, summary.exit_code) == (3, 1, 2)
    assert (folder / "a.py").read_text() == NEW


def test_a_file_that_may_not_be_written_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And counts as neither changed nor written."""
    Path("a.py").write_text(OLD)
    Path("a.py").chmod(0o444)
    summary = go({"b.py": OLD})
    assert told(summary) == [("a.py", "", "error"), ("b.py", "WK001", "changed")]
    assert (summary.written, [outcome.file for outcome in summary.changed]) == (1, ["b.py"])


def test_a_link_is_left_with_the_name_of_what_it_leads_to(folder: Path) -> None:
    Path("elsewhere").mkdir()
    Path("elsewhere/a.py").write_text(OLD)
    Path("link.py").symlink_to("elsewhere/a.py")
    summary = go({}, "link.py")
    (record,) = summary.records
    assert (record.file, record.location, record.rule, record.action) == ("link.py", Location(1), "", "left")
    assert os.path.realpath("elsewhere/a.py") in record.reason
    assert (folder / "elsewhere/a.py").read_text() == OLD


def test_who_waits_is_told_how_far_it_is() -> None:
    """While files are read, and for each that is migrated."""
    for number in range(520):
        Path(f"m{number}.py").write_text("x = 1\n")
    Path("a.py").write_text(OLD)
    Path("b.py").write_text(OLD)
    phases: list[tuple[str, int, int]] = []
    run(["."], Options(selected(1), jobs=1), lambda *progress: phases.append(progress))
    assert phases == [("reading", 256, 0), ("reading", 512, 0), ("migrating", 1, 2), ("migrating", 2, 2)]


def ends(_: Job) -> Outcome:
    """In a worker, in whatever way it was started."""
    os._exit(3)


def test_a_file_whose_process_ends_is_an_error_that_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library has crashed; the file is as it was. With one job, and threads beside it, there is no process to lose."""
    Path("project").mkdir()  # what a worker imports may keep files where it starts
    Path("project/a.py").write_text(OLD)
    monkeypatch.setattr(runner, "migrate_file", ends)
    summary = run(["project"], Options(selected(1), write=True, jobs=2))
    assert [record.reason for record in summary.records] == [
        "ended the process that parsed it (exit code 3); please report this"
    ]
    assert Path("project/a.py").read_text() == OLD


@pytest.mark.parametrize("skip", [frozenset[str](), frozenset({"WK010"})])
def test_a_broken_file_that_no_rule_reads_is_told_where_it_may_read_what_moves(skip: frozenset[str]) -> None:
    """Once; by the rule for what cannot be followed, unless that is switched off."""
    files = {"a.py": TRAIN, "read.py": "wandb_run = 1\nprint run.summary['val_loss']\n", "b.py": BROKEN}
    summary = go(files, level=2, skip=skip)
    unread = [record for record in summary.records if record.file == "read.py"]
    assert [(record.rule, record.action, record.location.line) for record in unread] == (
        [] if skip else [("WK010", "left", 2)]
    )
    assert [record.action for record in summary.records if record.file == "b.py"] == ["error"]


STAYS = {
    "a call that stays": ("b.py", OLD + "model.fit(x, callbacks=[WandbCallback(**options)])\n", "b.py:2"),
    "a comment": ("b.py", OLD + "WandbCallback()  # wandb-keras-compat: ignore\n", "b.py:2"),
    "a configuration": ("b.yaml", "_target_: wandb.keras.WandbCallback\n", "b.yaml:1"),
}


@pytest.mark.parametrize(("name", "text", "place"), STAYS.values(), ids=STAYS)
def test_a_sweep_moves_with_all_callbacks_of_its_group_or_none_does(name: str, text: str, place: str) -> None:
    """The reason is the first callback that stays, with its place. Another group is not held."""
    files = {"a/train.py": "import b\n" + TRAIN, f"a/{name}": text, "a/sweep.yaml": SWEEP, "z/train.py": TRAIN}
    summary = go(files, level=2)
    held = [record.reason for record in summary.records if record.file == "a/train.py" and record.action == "left"]
    assert len(held) == 1
    assert held[0].startswith(f"a sweep uses val_loss, and the callback at a/{place} cannot be rewritten: ")
    assert Path("a/sweep.yaml").read_text() == SWEEP
    assert "WandbMetricsLogger()" in Path("z/train.py").read_text()


def test_a_sweep_keeps_its_metric_unless_a_callback_of_its_group_is_rewritten() -> None:
    go({"a.py": "from wandb.keras import WandbCallback\n", "sweep.yaml": SWEEP}, level=2)
    assert Path("sweep.yaml").read_text() == SWEEP
    go({"a.py": TRAIN}, level=2)
    assert Path("sweep.yaml").read_text() == SWEEP.replace("val_loss", "epoch/val_loss")


@pytest.mark.parametrize(
    ("skip", "named"), [({"WK102"}, "WK102"), ({"WK103"}, "WK103"), ({"WK103", "WK102"}, "WK102 and WK103")]
)
def test_a_sweep_that_may_not_be_renamed_holds_the_callbacks(skip: set[str], named: str) -> None:
    summary = go({"train.py": TRAIN, "sweep.yaml": SWEEP}, level=2, skip=frozenset(skip))
    reasons = [record.reason for record in summary.records if record.rule == "WK101"]
    assert len(reasons) == 1
    assert reasons[0].startswith(f"a sweep uses val_loss, and {named} is switched off")
    assert Path("sweep.yaml").read_text() == SWEEP
