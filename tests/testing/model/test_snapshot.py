"""A snapshot is a copy, and a question about the only run is answered only where there is one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from wandb_keras_compat.testing.model.artifacts import Entry, RunKey
from wandb_keras_compat.testing.model.runs import Alert, Metric, RunState
from wandb_keras_compat.testing.model.snapshot import AgentSnapshot, RunSnapshot, Snapshot, SweepSnapshot
from wandb_keras_compat.testing.model.store import RunStore
from wandb_keras_compat.testing.model.sweeps import Agent, Sweep

QUESTIONS: list[Callable[[Snapshot], Any]] = [
    lambda seen: seen.run(), lambda seen: seen.history(), lambda seen: seen.summary(), lambda seen: seen.config(),
    lambda seen: seen.files(), lambda seen: seen.artifacts(),
]  # fmt: skip


def store_of(*ids: str) -> RunStore:
    store = RunStore()
    for run_id in ids:
        store.run(RunKey("e", "p", run_id)).config["id"] = run_id
    return store


@pytest.mark.parametrize("ids", [[], ["one", "two"], ["one", "two", "three"]])
@pytest.mark.parametrize("ask", QUESTIONS)
def test_without_an_id_there_has_to_be_one_run_and_no_more(ids: list[str], ask: Callable[[Snapshot], Any]) -> None:
    with pytest.raises(LookupError, match="expected exactly one run, found " + (", ".join(ids) or "no run")):
        ask(store_of(*ids).snapshot())


@pytest.mark.parametrize("ask", QUESTIONS)
def test_the_only_run_answers(ask: Callable[[Snapshot], Any]) -> None:
    ask(store_of("one").snapshot())


def test_a_run_is_known_by_its_id() -> None:
    seen = store_of("one", "two").snapshot()
    assert [seen.run(run_id).config() for run_id in ("one", "two")] == [{"id": "one"}, {"id": "two"}]
    with pytest.raises(LookupError, match="expected a run 'on', found one, two"):
        seen.run("on")


def full() -> tuple[RunStore, RunSnapshot]:
    store = store_of("one")
    run = store.run(RunKey("e", "p", "one"))
    run.history = [{"_step": 0, "_runtime": 1.0, "a": {"b": [1]}}, {"_step": 1, "c": 2}]
    run.summary = {"_step": 1, "a": {"b": [1]}}
    run.config = {"a": {"b": [1]}}
    run.metrics = {"m": Metric("m", goal="minimize")}
    run.files = {"f": [b"first", b"last"]}
    run.tags = ["t"]
    version = store.collection("e", "p", "model", "model").add("id")
    version.metadata = {"a": [1]}
    version.asked_aliases = ["x"]
    run.logged.append(version)
    return store, store.snapshot().run()


def test_what_comes_later_is_not_in_an_earlier_snapshot() -> None:
    store, seen = full()
    run = store.run(RunKey("e", "p", "one"))
    run.history[0]["a"]["b"].append(2)
    run.history.append({})
    run.summary["a"]["b"].append(2)
    run.config["a"]["b"].append(2)
    run.metrics["m"].goal = "maximize"
    run.files["f"].append(b"later")
    run.tags.append("later")
    run.logged[0].metadata["a"].append(2)
    run.logged[0].asked_aliases.append("later")
    _, as_it_was = full()
    assert seen == as_it_was


def test_changing_an_answer_changes_no_other_answer() -> None:
    _, seen = full()
    seen.history()[0]["a"]["b"].append(2)
    seen.summary()["a"]["b"].append(2)
    seen.config()["a"]["b"].append(2)
    seen.column("a")[0]["b"].append(2)
    seen.metrics()["m"].goal = "maximize"
    _, as_it_was = full()
    assert seen == as_it_was


def test_answers() -> None:
    _, seen = full()
    assert seen.history() == [{"a": {"b": [1]}}, {"c": 2}]
    assert [row["_step"] for row in seen.history(internal=True)] == [0, 1]
    assert seen.history_keys() == ["a", "c"]
    assert (seen.column("c"), seen.column("none")) == ([2], [])
    assert (seen.summary(), seen.summary(internal=True)["_step"]) == ({"a": {"b": [1]}}, 1)
    assert (seen.files(), seen.file_versions("f"), seen.file_versions("none")) == (
        {"f": b"last"},
        (b"first", b"last"),
        (),
    )
    assert ([each.name for each in seen.artifacts()], seen.artifacts("data"), len(seen.artifacts("model"))) == (
        ["model"],
        [],
        1,
    )


FIELDS: dict[str, tuple[Any, Callable[[RunSnapshot], Any]]] = {
    "name": ("my name", lambda seen: seen.name),
    "group": ("my group", lambda seen: seen.group),
    "job_type": ("my job", lambda seen: seen.job_type),
    "notes": ("my notes", lambda seen: seen.notes),
    "tags": (["t1", "t2"], lambda seen: list(seen.tags)),
    "sweep": ("my sweep", lambda seen: seen.sweep),
    "config": ({"c": 1}, lambda seen: seen.config()),
    "metrics": ({"m": Metric("m", hidden=True)}, lambda seen: seen.metrics()),
    "history": ([{"h": 1}], lambda seen: seen.history(internal=True)),
    "summary": ({"s": 1}, lambda seen: seen.summary(internal=True)),
    "files": ({"f": [b"1", b"2"]}, lambda seen: {"f": list(seen.file_versions("f"))}),
    "policies": ({"f": "live"}, lambda seen: seen.policies()),
    "console": (["line 1", "line 2"], lambda seen: seen.console()),
    "telemetry": ({"feature.keras"}, lambda seen: set(seen.telemetry())),
    "versions": ({"wandb": "1"}, lambda seen: seen.versions()),
    "exit_code": (7, lambda seen: seen.exit_code),
    "alerts": ([Alert("my title", "my text", "WARN", 60)], lambda seen: seen.alerts()),
}


def test_every_field_of_a_run_is_in_its_snapshot_under_its_own_name() -> None:
    store = store_of("one")
    run = store.run(RunKey("e", "p", "one"))
    for name, (value, _) in FIELDS.items():
        setattr(run, name, value)
    versions = [store.collection("e", "p", name, f"type of {name}").add(name) for name in ("out", "in")]
    for version in versions:
        version.asked_aliases, version.aliases = [f"asked {version.id}"], [f"has {version.id}"]
        version.metadata, version.description, version.state = {"k": version.id}, f"of {version.id}", "COMMITTED"
        version.entries = {"b": Entry(content=b"b"), "a": Entry(reference="s3://a")}
    run.logged, run.used = versions[:1], versions[1:]
    seen = store.snapshot().run()
    assert {name: ask(seen) for name, (_, ask) in FIELDS.items()} == {
        name: value for name, (value, _) in FIELDS.items()
    }
    assert {field.name for field in dataclasses.fields(RunState)} == {*FIELDS, "key", "logged", "used"}
    assert (seen.entity, seen.project, seen.id) == ("e", "p", "one")
    for (found,), name in ((seen.artifacts(), "out"), (seen.used_artifacts(), "in")):
        assert (found.name, found.type, found.index, found.state) == (name, f"type of {name}", 0, "COMMITTED")
        assert (found.asked_aliases, found.aliases) == ((f"asked {name}",), (f"has {name}",))
        assert (found.metadata, found.description, found.paths()) == ({"k": name}, f"of {name}", ["a", "b"])
        assert (found.content("b"), found.content("a")) == (b"b", None)
        with pytest.raises(KeyError):
            found.content("none")


def with_sweep() -> tuple[Sweep, SweepSnapshot]:
    store = RunStore()
    sweep = Sweep("my entity", "my project", "my id", {"parameters": {"a": {"values": [1]}}}, name="my name")
    sweep.state = "RUNNING"
    sweep.agents = {"agent": Agent("agent", "my host", runs=["one", "two"])}
    sweep.given = {"one": {"a": [1]}, "two": {"a": [2]}}
    store.sweeps["my entity", "my project", "my id"] = sweep
    (seen,) = store.snapshot().sweeps
    return sweep, seen


def test_every_field_of_a_sweep_is_in_its_snapshot_under_its_own_name() -> None:
    _, seen = with_sweep()
    assert dataclasses.asdict(seen) == {
        "entity": "my entity",
        "project": "my project",
        "id": "my id",
        "name": "my name",
        "state": "RUNNING",
        "config": {"parameters": {"a": {"values": [1]}}},
        "agents": ({"host": "my host", "runs": ("one", "two")},),
        "given": (("one", {"a": [1]}), ("two", {"a": [2]})),
    }
    assert seen.agents == (AgentSnapshot("my host", ("one", "two")),)


def test_what_comes_later_of_a_sweep_is_not_in_an_earlier_snapshot() -> None:
    sweep, seen = with_sweep()
    sweep.config["parameters"]["a"]["values"].append(2)
    sweep.agents["agent"].runs.append("later")
    sweep.agents["later"] = Agent("later", "another host")
    sweep.given["one"]["a"].append(2)
    sweep.given["later"] = {}
    sweep.state = "FINISHED"
    _, as_it_was = with_sweep()
    assert seen == as_it_was
