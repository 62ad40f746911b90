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


def artifact_record(name: str = "model", **fields: Any) -> Any:
    given_fields = {"project": "p", "entity": "e", "type": "model", "digest": "d", "client_id": "c1", **fields}
    entries, aliases = given_fields.pop("entries", {}), given_fields.pop("aliases", [])
    record = pb.Record()
    record.artifact.name = name
    for field, value in given_fields.items():
        setattr(record.artifact, field, value)
    record.artifact.aliases.extend(aliases)
    for path, about in entries.items():
        entry = record.artifact.manifest.contents.add()
        entry.path = path
        for field, value in about.items():
            setattr(entry, field, value)
    return record


class Writer:
    """Two runs of one store that log artifacts."""

    def __init__(self) -> None:
        self.store = RunStore()
        references: dict[str, Any] = {}
        self.runs = [self.store.run(RunKey("e", "p", name)) for name in ("one", "two")]
        self.kept = [RunRecords(self.store, run, Path("nowhere"), references, core=True) for run in self.runs]

    def log(self, *records: Any, run: int = 0) -> Any:
        for record in records:
            self.kept[run].apply(record)
        return self.runs[run].logged[-1] if self.runs[run].logged else None


def test_an_artifact_is_in_its_project_with_all_that_was_said_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"content")
    entries = {
        "a.bin": {"size": 7, "digest": "x", "local_path": str(tmp_path / "a.bin")},
        "gone.bin": {"size": 1, "digest": "y", "local_path": str(tmp_path / "gone.bin")},
        "ref": {"size": 2, "digest": "z", "ref": "s3://bucket/key"},
    }
    writer = Writer()
    version = writer.log(
        artifact_record("model:v9", entries=entries, aliases=["best"], metadata='{"a": 1}', description="mine")
    )
    assert writer.store.collections.keys() == {("e", "p", "model")}
    assert version.collection.type == "model"
    assert (version.state, version.digest, version.metadata, version.description) == (
        "COMMITTED",
        "d",
        {"a": 1},
        "mine",
    )
    assert version.logged_by == RunKey("e", "p", "one")
    assert (version.asked_aliases, sorted(version.aliases)) == (["best"], ["best", "latest"])
    found = {path: (each.size, each.digest, each.reference, each.content) for path, each in version.entries.items()}
    assert found == {
        "a.bin": (7, "x", None, b"content"), "gone.bin": (1, "y", None, None), "ref": (2, "z", "s3://bucket/key", None),
    }  # fmt: skip


def test_where_no_project_is_said_it_is_that_of_the_run() -> None:
    writer = Writer()
    writer.log(artifact_record(project="", entity=""))
    writer.log(artifact_record(project="another", entity="others"))
    assert writer.store.collections.keys() == {("e", "p", "model"), ("others", "another", "model")}


def test_the_same_content_is_the_same_version_with_the_aliases_of_both() -> None:
    writer = Writer()
    first = writer.log(artifact_record(aliases=["a"]))
    again = writer.log(artifact_record(aliases=["b", "a"], metadata='{"never": "seen"}'), run=1)
    other = writer.log(artifact_record(digest="another"))
    assert again is first and other is not first
    assert (first.asked_aliases, first.metadata) == (["a", "b"], {})
    assert (sorted(first.aliases), other.aliases) == (["a", "b"], ["latest"])
    assert [run.logged for run in writer.runs] == [[first, other], [first]]


def test_an_artifact_made_up_for_an_input_is_used_and_not_logged() -> None:
    writer = Writer()
    assert writer.log(artifact_record(user_created=True, use_after_commit=True)) is None
    (version,) = writer.runs[0].used
    assert (version.logged_by, version.used_by) == (None, [RunKey("e", "p", "one")])


@pytest.mark.parametrize("scheme", ["wandb-artifact", "wandb-client-artifact"])
def test_a_reference_into_another_artifact_is_by_its_name(scheme: str) -> None:
    writer = Writer()
    writer.log(artifact_record("data", client_id="theclient"))
    entries = {
        name: {"ref": f"{address}/media/x.png"}
        for name, address in (
            ("known", f"{scheme}://theclient"),
            ("unknown", f"{scheme}://nobody"),
            ("other", "s3://theclient"),
        )
    }
    version = writer.log(artifact_record("pred", digest="e", client_id="c2", entries=entries))
    assert {path: each.reference for path, each in version.entries.items()} == {
        "known": "wandb-artifact://data:v0/media/x.png",
        "unknown": f"{scheme}://nobody/media/x.png",
        "other": "s3://theclient/media/x.png",
    }


@pytest.mark.parametrize(("core", "expected"), [(True, {"a": {"y": 2}}), (False, {"a": {"x": 1, "y": 2}})])
def test_config_and_summary_follow_the_rules_of_their_service(core: bool, expected: Any) -> None:
    records = []
    for path, value in ((("a",), {"x": 1}), (("a", "y"), 2), (("_wandb",), {"t": 1}), (("gone",), 1)):
        for part in ("config", "summary"):
            record = pb.Record()
            item = getattr(record, part).update.add()
            item.nested_key.extend(path)
            item.value_json = json.dumps(value)
            records.append(record)
    for part in ("config", "summary"):
        record = pb.Record()
        getattr(record, part).remove.add().nested_key.append("gone")
        records.append(record)
    run = applied(*records, core=core)
    assert run.config == expected
    assert run.summary == {**expected, "_wandb": {"t": 1}}


def telemetry() -> Any:
    record = pb.Record()
    record.telemetry.feature.keras = True
    record.telemetry.imports_init.tensorflow = True
    record.telemetry.cli_version = "0.31.0"
    record.telemetry.python_version = "3.13.0"
    return record


def test_telemetry_is_the_flags_that_are_set_and_the_versions() -> None:
    run = applied(telemetry())
    assert run.telemetry == {"feature.keras", "imports_init.tensorflow"}
    assert run.versions == {"wandb": "0.31.0", "python": "3.13.0"}
