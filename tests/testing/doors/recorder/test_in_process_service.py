"""The service in this process: a row that was closed is history, whatever is logged or written afterwards."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.doors.recorder import in_process_service
from wandb_keras_compat.testing.doors.recorder.in_process_service import _NOTHING_TO_DO, InProcessService
from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.records import RunRecords
from wandb_keras_compat.testing.model.runs import RunState
from wandb_keras_compat.testing.model.store import RunStore

pb = pytest.importorskip("wandb.proto.wandb_internal_pb2")

CORES = pytest.mark.parametrize("core", [True, False], ids=["core", "python"])


class Service:
    """One run, written to as the SDK would."""

    def __init__(self, *, core: bool, step: int = 0) -> None:
        store = RunStore()
        self.run: RunState = store.run(RunKey("e", "p", "id"))
        records = RunRecords(store, self.run, Path("nowhere"), {}, core=core)
        self.unknown = store.unknown
        self._service = InProcessService(
            store, records, pb.Result, step=step, core=core, reuse=True, on_artifact=lambda version: None
        )

    def log(self, values: dict[str, Any], step: int | None = None, commit: bool | None = None) -> None:
        record = pb.Record()
        request = record.request.partial_history
        for key, value in values.items():
            item = request.item.add()
            item.key, item.value_json = key, json.dumps(value)
        if step is not None:
            request.step.num = step
        if commit is not None:
            request.action.flush = commit
        request.SetInParent()
        self._service.handle(record)

    def summary(self, *path: str, value: Any) -> None:
        record = pb.Record()
        item = record.summary.update.add()
        item.nested_key.extend(path)
        item.value_json = json.dumps(value)
        self._service.handle(record)

    def end(self) -> None:
        record = pb.Record()
        record.exit.exit_code = 0
        self._service.handle(record)

    def rows(self) -> list[dict[str, Any]]:
        own = {"_runtime", "_step"}
        return [{key: value for key, value in row.items() if key not in own} for row in self.run.history]


VALUES = st.one_of(st.integers(0, 3), st.dictionaries(st.sampled_from("xy"), st.integers(0, 3), min_size=1, max_size=2))
ROWS = st.lists(st.dictionaries(st.sampled_from("ab"), VALUES, min_size=1, max_size=2), min_size=1, max_size=4)
WRITES = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.integers(7, 9)), max_size=3)


@CORES
@given(rows=ROWS, writes=WRITES)
def test_what_is_written_to_the_summary_changes_no_row(
    core: bool, rows: list[dict[str, Any]], writes: list[Any]
) -> None:
    """Nor does what is logged later: values in a row are its own."""
    service = Service(core=core)
    for row in rows:
        before = copy.deepcopy(service.rows())
        service.log(row)
        assert service.rows() == [*before, row]
        for key, below, value in writes:
            service.summary(key, below, value=value)
        assert service.rows() == [*before, row]


DEEP = st.recursive(
    st.integers(0, 2), lambda inner: st.dictionaries(st.sampled_from("xy"), inner, min_size=1, max_size=2)
)


def joined(there: Any, more: Any) -> Any:
    """Mappings key by key, all else as it was logged last."""
    if not isinstance(there, dict) or not isinstance(more, dict):
        return more
    return {key: joined(there.get(key), more[key]) if key in more else there[key] for key in {**there, **more}}


@CORES
@given(parts=st.lists(st.dictionaries(st.sampled_from("ab"), DEEP, max_size=2), min_size=1, max_size=4))
def test_what_is_logged_to_an_open_row_is_joined_by_core_and_replaced_before_it(core: bool, parts: list[Any]) -> None:
    service, expected = Service(core=core), dict[str, Any]()
    for part in parts:
        service.log(part, commit=False)
        expected = joined(expected, part) if core else {**expected, **part}
    service.end()
    assert service.rows() == [expected] * bool(expected)


def test_a_row_has_the_seconds_since_the_run_began(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the time that the SDK gave it, or that it is; a value of the program's own stays."""
    clock = [100.0]
    monkeypatch.setattr(in_process_service, "time", SimpleNamespace(time=lambda: clock[0]))
    service = Service(core=True)
    clock[0] = 109.0
    for row in ({"a": 1}, {"a": 1, "_timestamp": 104.0}, {"a": 1, "_runtime": 7.0, "_timestamp": 104.0}):
        service.log(row)
    assert [row["_runtime"] for row in service.run.history] == [9.0, 4.0, 7.0]


OF_THE_SERVICE = (
    "keepalive pause resume run_start run_status python_packages poll_exit sampled_history shutdown stop_status "
    "network_status internal_messages get_system_metrics"
)


@pytest.mark.parametrize("kind", OF_THE_SERVICE.split())
def test_what_concerns_the_service_alone_is_answered_with_nothing_and_not_noted(kind: str) -> None:
    record = pb.Record()
    if not hasattr(record.request, kind):
        return  # this wandb has no such request
    getattr(record.request, kind).SetInParent()
    service = Service(core=True)
    assert service._service.handle(record).ByteSize() <= pb.Result(response=pb.Response()).ByteSize()
    assert service.unknown == []


@CORES
@given(st.lists(st.tuples(st.sampled_from([None, 0, 1, 2, 5]), st.sampled_from([None, True, False])), max_size=5))
def test_steps_only_grow_and_each_row_has_its_own(core: bool, calls: list[Any]) -> None:
    """The rules of ``wandb.log``: a step of its own keeps the row open, an earlier one is dropped."""
    service = Service(core=core)
    expected: dict[int, list[int]] = {}
    now = 0
    for at, (step, commit) in enumerate(calls):
        service.log({f"k{at}": at}, step=step, commit=commit)
        if step is not None and step < now:
            continue
        if step is not None and step > now:
            now = step
        expected.setdefault(now, []).append(at)
        if commit if commit is not None else step is None:
            now += 1
    service.end()
    assert [row["_step"] for row in service.run.history] == sorted(expected)
    assert [sorted(row.values()) for row in service.rows()] == [sorted(expected[step]) for step in sorted(expected)]


def test_a_run_that_goes_on_counts_on() -> None:
    service = Service(core=True, step=5)
    service.log({"a": 1})
    service.log({"a": 2})
    assert [row["_step"] for row in service.run.history] == [5, 6]


def test_a_request_that_it_does_not_know_is_noted() -> None:
    kinds = {each.name for each in pb.Request.DESCRIPTOR.oneofs_by_name["request_type"].fields}
    answered = {kind for kind in kinds if hasattr(InProcessService, f"_answer_{kind}")}
    service = Service(core=True)
    for kind in sorted(kinds - answered):
        record = pb.Record()
        getattr(record.request, kind).SetInParent()
        service._service.handle(record)
    assert service.unknown == [f"recorder: request {kind}" for kind in sorted(kinds - answered - _NOTHING_TO_DO)]
