"""Records as the installed SDK makes them, applied to a run: what each says is there, and nothing it does not say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.records import RunRecords
from wandb_keras_compat.testing.model.runs import Metric, RunState
from wandb_keras_compat.testing.model.store import RunStore

pb = pytest.importorskip("wandb.proto.wandb_internal_pb2")


def applied(*records: Any, folder: Path = Path("nowhere"), core: bool = True) -> RunState:
    store = RunStore()
    run = store.run(RunKey("e", "p", "id"))
    kept = RunRecords(store, run, folder, {}, core=core)
    for record in records:
        kept.apply(record)
    return run


def definition(name: str, *kinds: str, overwrite: bool = False, **fields: Any) -> Any:
    record = pb.Record()
    record.metric.name = name
    for kind in kinds:
        setattr(record.metric.summary, kind, True)
    if fields.get("hidden"):
        record.metric.options.hidden = True
    if fields.get("step_metric"):
        record.metric.step_metric = fields["step_metric"]
    record.metric._control.overwrite = overwrite
    return record


DEFINITIONS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.sets(st.sampled_from(["min", "max", "last"])),
        st.booleans(),  # overwrite
        st.booleans(),  # hidden
        st.sampled_from([None, "s", "t"]),
    ),
    max_size=4,
)


@given(DEFINITIONS)
def test_a_definition_adds_to_the_one_before_unless_it_is_to_replace_it(definitions: list[Any]) -> None:
    expected: dict[str, Metric] = {}
    records = []
    for name, kinds, overwrite, hidden, step in definitions:
        records.append(definition(name, *kinds, overwrite=overwrite, hidden=hidden, step_metric=step))
        before = Metric(name) if overwrite or name not in expected else expected[name]
        summary = tuple(sorted({*before.summary, *kinds}))
        expected[name] = Metric(name, step or before.step_metric, summary, hidden or before.hidden)
    assert applied(*records).metrics == expected


def run_record(**fields: Any) -> Any:
    record = pb.Record()
    for name, value in fields.items():
        setattr(record.run, name, value)
    return record


FIELDS = {"display_name": "name", "run_group": "group", "job_type": "job_type", "notes": "notes", "sweep_id": "sweep"}


@given(st.permutations(["word one", "word two", "word three", "word four", "word five"]))
def test_every_field_of_a_run_has_its_own_name(words: list[str]) -> None:
    given_words = dict(zip(FIELDS, words))
    run = applied(run_record(**given_words))
    assert {ours: getattr(run, ours) for ours in FIELDS.values()} == {
        FIELDS[name]: word for name, word in given_words.items()
    }


@pytest.mark.parametrize(("sent", "ours"), FIELDS.items())
def test_a_run_record_that_leaves_a_field_out_takes_nothing_away(sent: str, ours: str) -> None:
    assert getattr(applied(run_record(**{sent: "word"}), run_record()), ours) == "word"


def history(step: int | None = None, **values: Any) -> Any:
    record = pb.Record()
    for key, value in values.items():
        item = record.history.item.add()
        item.key, item.value_json = key, json.dumps(value)
    if step is not None:
        record.history.step.num = step
    return record


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(), max_size=3), max_size=4))
def test_rows_are_kept_as_they_come(rows: list[dict[str, Any]]) -> None:
    run = applied(*(history(at, **row) for at, row in enumerate(rows)))
    assert run.history == [{**row, "_step": at} for at, row in enumerate(rows)]


WRITES = st.lists(st.sampled_from(["a", "b", "\n", "\r\n"]), max_size=5).map("".join)


@given(st.lists(st.tuples(WRITES, st.booleans()), max_size=5))
def test_lines_of_the_console_are_put_together_from_what_was_written(writes: list[Any]) -> None:
    """Whoever wrote in how many pieces: what counts is where a line ends."""
    records = []
    for text, raw in writes:
        record = pb.Record()
        (record.output_raw if raw else record.output).line = text
        records.append(record)
    whole = pb.Record()
    whole.output.line = "".join(text for text, _ in writes)
    assert applied(*records).console == applied(whole).console


def files(policy: str, *paths: str) -> Any:
    record = pb.Record()
    for path in paths:
        item = record.files.files.add()
        item.path, item.policy = path, getattr(pb.FilesItem, policy.upper())
    return record


def exit_record(code: int = 0) -> Any:
    record = pb.Record()
    record.exit.exit_code = code
    return record


@pytest.mark.parametrize("policy", ["now", "end", "live"])
def test_a_file_is_read_when_its_policy_says_so(policy: str, tmp_path: Path) -> None:
    store = RunStore()
    run = store.run(RunKey("e", "p", "id"))
    kept = RunRecords(store, run, tmp_path, {}, core=True)
    (tmp_path / "f.txt").write_bytes(b"first")
    kept.apply(files(policy, "f.txt"))
    assert run.policies == {"f.txt": policy}
    assert run.files == ({} if policy == "end" else {"f.txt": [b"first"]})
    (tmp_path / "f.txt").write_bytes(b"last")
    kept.apply(exit_record(3))
    expected = {"now": [b"first"], "end": [b"last"], "live": [b"first", b"last"]}
    assert run.files == {"f.txt": expected[policy]}
    assert run.exit_code == 3


def test_a_pattern_is_every_file_that_matches_and_a_path_if_none_does(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "deep/c.txt", "d.bin"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    run = applied(files("live", "*.txt", "gone.h5", "deep"), folder=tmp_path)
    assert run.policies == dict.fromkeys(("a.txt", "b.txt", "gone.h5", "deep"), "live")
    assert run.files == {"a.txt": [b"a.txt"], "b.txt": [b"b.txt"]}
