"""Does in this process what wandb's service process does between the SDK and the server.

It closes rows, adds ``_step`` and ``_runtime`` to them, keeps the summary, and answers requests.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from typing import Any

from ...model.artifacts import ArtifactVersion
from ...model.metric_summaries import MetricSummaries
from ...model.nested_values import Nested
from ...model.records import Record, RunRecords, log_artifact
from ...model.store import RunStore


class InProcessService:
    """Takes the records of one run as the SDK sends them.

    Args:
        store: where the run is.
        records: applies the records that need nothing else done.
        results: makes an empty ``Result`` message.
        step: the step of the first row.
        core: whether to follow the rules of wandb-core, else those of the Python service before it.
        reuse: see :func:`.records.log_artifact`.
        on_artifact: called with each version that is logged.
    """

    def __init__(
        self,
        store: RunStore,
        records: RunRecords,
        results: Callable[[], Record],
        *,
        step: int,
        core: bool,
        reuse: bool,
        on_artifact: Callable[[ArtifactVersion], None],
    ) -> None:
        self._store = store
        self._records = records
        self._results = results
        self._core = core
        self._reuse = reuse
        self._on_artifact = on_artifact
        self._metrics = MetricSummaries(records.summary, records.run.metrics, records.silent, core=core)
        self._step = step
        self._row: dict[str, Any] = {}
        self._began = time.time()

    def handle(self, record: Record) -> Record:
        """Handles one *record* and returns the response, which is empty for most.

        Raises:
            ValueError: an artifact was logged that exists with another type.
        """
        result = self._results()
        with self._store.lock:
            if record.WhichOneof("record_type") == "request":
                self._answer(record.request, result.response)
            else:
                if record.WhichOneof("record_type") == "exit":
                    self._close_row()
                    result.exit_result.SetInParent()
                self._records.apply(record)
        return result

    def read_live_files(self) -> None:
        """Reads the present content of the files saved with the policy ``live``."""
        with self._store.lock:
            self._records.read_files("live")

    def _answer(self, request: Record, response: Record) -> None:
        kind = request.WhichOneof("request_type")
        answer = getattr(self, f"_answer_{kind}", None)
        if answer is not None:
            answer(getattr(request, kind), response)
        elif kind not in _NOTHING_TO_DO:
            self._store.unknown.append(f"recorder: request {kind}")

    def _answer_partial_history(self, request: Record, response: Record) -> None:
        step = request.step.num if request.HasField("step") else None
        if step is not None and step < self._step:
            return  # wandb warns of it: steps only grow
        if step is not None and step > self._step:
            self._close_row()
            self._step = step
        added = Nested(self._row, whole=False)
        for item in request.item:
            self._add(added, item)
        if request.action.flush if request.HasField("action") else step is None:
            self._close_row()

    def _add(self, row: Nested, item: Record) -> None:
        parsed: dict[str, Any] = {}
        Nested(parsed, whole=False).apply([item])
        for key, value in parsed.items():
            there = row.values.get(key)
            if self._core and isinstance(value, dict) and isinstance(there, dict):
                _merge(there, value)
            else:
                row.values[key] = value

    def _close_row(self) -> None:
        if not self._row:
            return
        row, self._row = self._row, {}
        row.setdefault("_runtime", row.get("_timestamp", time.time()) - self._began)
        row["_step"] = self._step
        self._step += 1
        row.update(self._metrics.step_values(row))
        self._records.run.history.append(row)
        self._metrics.add_row(copy.deepcopy(row))

    def _answer_history_step(self, _: Record, response: Record) -> None:
        response.history_step_response.step = self._step

    def _answer_get_summary(self, _: Record, response: Record) -> None:
        response.get_summary_response.SetInParent()
        for key, value in self._records.summary.values.items():
            item = response.get_summary_response.item.add()
            item.key = key
            item.value_json = json.dumps(value)

    def _answer_log_artifact(self, request: Record, response: Record) -> None:
        records = self._records
        version = log_artifact(self._store, records.run, request.artifact, records.references, reuse=self._reuse)
        response.log_artifact_response.artifact_id = version.id
        self._on_artifact(version)


# Requests that only concern the service itself.
_NOTHING_TO_DO = {
    "keepalive",
    "pause",
    "resume",
    "run_start",
    "run_status",
    "python_packages",
    "poll_exit",
    "sampled_history",
    "shutdown",
    "stop_status",
    "network_status",
    "internal_messages",
    "get_system_metrics",
}


def _merge(there: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        below = there.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            _merge(below, value)
        else:
            there[key] = value
