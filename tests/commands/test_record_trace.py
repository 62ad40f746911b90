"""What a recording waits for and what it says beside the trace; the program is a function of this process."""

from __future__ import annotations

import json
import os
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the backend needs the `testing` extra")

from tests.testing.doors.test_leveldb_log import frame
from wandb_keras_compat.commands import child_process, record_trace

pb = pytest.importorskip("wandb.proto.wandb_internal_pb2")

UPSERT = 'mutation($n: String!) { upsertBucket(input: {entityName: "e", modelName: "p", name: $n}) { inserted } }'

Program = Callable[[Mapping[str, str]], None]


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., record_trace.Recording]:
    """The recording of a program that is a function of its environment."""
    monkeypatch.setenv("WANDB_DIR", str(tmp_path))

    def recorded(program: Program, seed: int | None = None) -> record_trace.Recording:
        def run(command: Any, environment: Mapping[str, str]) -> int:
            program(environment)
            return 0

        monkeypatch.setattr(child_process, "run", run)
        return record_trace.record(["program"], seed)

    return recorded


def ask(environment: Mapping[str, str], path: str, body: Any) -> None:
    key = b64encode(f"api:{environment['WANDB_API_KEY']}".encode()).decode()
    headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(environment["WANDB_BASE_URL"] + path, json.dumps(body).encode(), headers)
    urllib.request.urlopen(request).read()


def begin(environment: Mapping[str, str], name: str = "r") -> None:
    ask(environment, "/graphql", {"query": UPSERT, "variables": {"n": name}})


def end(environment: Mapping[str, str], name: str = "r", code: int = 3) -> None:
    ask(environment, f"/files/e/p/{name}/file_stream", {"complete": True, "exitcode": code})


def test_it_waits_for_the_runs_that_still_send(recorded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """wandb's own process goes on for a moment after the program: the end of each run is in the trace."""
    left = ["a", "b", "c"]
    lead: dict[str, str] = {}

    def program(environment: Mapping[str, str]) -> None:
        lead.update(environment)
        for name in left:
            begin(environment, name)

    monkeypatch.setattr(
        record_trace, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=lambda _: end(lead, left.pop()))
    )
    found = recorded(program)
    assert [run["exit_code"] for run in found.trace["runs"]] == [3, 3, 3]


def test_it_does_not_wait_for_ever_nor_for_what_has_ended(recorded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    clock = SimpleNamespace(monotonic=lambda: now[0], sleep=lambda seconds: now.append(now.pop() + seconds))
    monkeypatch.setattr(record_trace, "time", clock)
    assert [run["exit_code"] for run in recorded(begin).trace["runs"]] == [None]
    assert 4 < now[0] < 10
    before = now[0]
    assert [run["exit_code"] for run in recorded(lambda e: (begin(e), end(e))).trace["runs"]] == [3]
    assert now[0] == before


def records(run_id: str, loss: float) -> list[bytes]:
    start, row, stop = pb.Record(), pb.Record(), pb.Record()
    start.run.run_id = run_id
    item = row.history.item.add()
    item.key, item.value_json = "loss", json.dumps(loss)
    stop.exit.exit_code = 0
    return [start.SerializeToString(), row.SerializeToString(), stop.SerializeToString()]


def write_log(
    environment: Mapping[str, str], run_id: str, content: bytes | None = None, kind: str = "offline-run"
) -> None:
    folder = Path(environment["WANDB_DIR"]) / "wandb" / f"{kind}-20260101_000000-{run_id}"
    folder.mkdir(parents=True)
    (folder / f"run-{run_id}.wandb").write_bytes(frame(records(run_id, 0.5)) if content is None else content)


def both(environment: Mapping[str, str]) -> None:
    begin(environment)
    end(environment)
    write_log(environment, "lost")
    write_log(environment, "seen", kind="run")  # that of the run that is online


def test_a_run_that_was_offline_beside_one_online_is_told(recorded: Any) -> None:
    found = recorded(both)
    assert (found.trace["door"], len(found.trace["runs"])) == ("http", 1)
    (remark,) = found.remarks
    assert remark.startswith("runs that were offline are not in the trace") and "run-lost.wandb" in remark
    assert "run-seen" not in remark


def test_a_run_online_alone_has_no_remark(recorded: Any) -> None:
    assert recorded(lambda e: (begin(e), end(e))).remarks == []


def test_runs_offline_alone_are_read_from_their_logs(recorded: Any) -> None:
    found = recorded(lambda e: [write_log(e, name) for name in ("one", "two")])
    assert (found.trace["door"], len(found.trace["runs"])) == ("log", 2)
    assert [run["history"] for run in found.trace["runs"]] == [[{"_step": 0, "loss": 0.5}]] * 2
    assert found.remarks == ["the program ran W&B offline: its run logs were read instead"]


def test_logs_that_were_there_before_are_not_of_this_program(recorded: Any, tmp_path: Path) -> None:
    write_log({"WANDB_DIR": str(tmp_path)}, "earlier")
    found = recorded(lambda _: None)
    assert (found.trace["runs"], found.remarks) == ([], [])


def damaged() -> bytes:
    """With one byte changed in the second of the records, which its checksum tells."""
    whole = bytearray(frame(records("x", 0.5)))
    whole[whole.index(b"loss")] ^= 1
    return bytes(whole)


BROKEN = {
    "whole": (lambda: frame(records("x", 0.5)), False),
    "truncated": (lambda: frame(records("x", 0.5))[:-2], True),
    "damaged": (damaged, True),
    "not a record": (lambda: frame([*records("x", 0.5), b"\x12\x7f\x00"]), True),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_log_that_could_not_be_read_in_full_is_told(how: str, recorded: Any) -> None:
    make, is_told = BROKEN[how]
    remarks = recorded(lambda e: write_log(e, "x", make())).remarks
    told = [remark for remark in remarks if remark.startswith("the log run-x.wandb could not be read in full")]
    assert len(told) == is_told and len(remarks) == 1 + is_told


def test_what_the_backend_does_not_know_is_told_once(recorded: Any) -> None:
    def program(environment: Mapping[str, str]) -> None:
        for _ in range(2):
            with pytest.raises(urllib.request.HTTPError):
                ask(environment, "/api/no/such/thing", {})

    (remark,) = recorded(program).remarks
    assert remark.startswith("the backend was asked what it does not know") and "no/such/thing" in remark


def test_the_program_is_led_to_the_backend_and_away_from_the_users_folders(tmp_path: Path) -> None:
    own = {"WANDB_MODE": "offline", "WANDB_DIR": "/mine", "WANDB_CONFIG_DIR": "/configured", "PATH": "/bin"}
    found = record_trace.child_environment(own, {"WANDB_MODE": "online", "WANDB_BASE_URL": "http://x"}, tmp_path)
    assert {name: found[name] for name in ("WANDB_MODE", "WANDB_BASE_URL", "WANDB_DIR", "WANDB_CONFIG_DIR", "PATH")} == {
        "WANDB_MODE": "online", "WANDB_BASE_URL": "http://x", "WANDB_DIR": "/mine", "WANDB_CONFIG_DIR": "/configured",
        "PATH": "/bin",
    }  # fmt: skip
    folders = {name: path for name, path in found.items() if str(path).startswith(str(tmp_path))}
    assert folders and "WANDB_DIR" not in folders
    assert "WANDB_DIR" in record_trace.child_environment({}, {}, tmp_path)


def test_a_python_is_seeded_by_its_environment_and_keeps_what_it_imports_from(tmp_path: Path) -> None:
    own = {"PATH": "/bin"}
    own["PYTHONPATH"] = os.pathsep.join(["/a folder", "", "/other"])
    found = record_trace.seeding(own, 7, tmp_path)
    first, *rest = found.pop("PYTHONPATH").split(os.pathsep)
    assert Path(first, "sitecustomize.py").is_file() and rest == ["/a folder", "/other"]
    assert found == {
        "PYTHONHASHSEED": "7", "WANDB_KERAS_COMPAT_SEED": "7", "WANDB_KERAS_COMPAT_SEEDED": str(tmp_path),
    }  # fmt: skip
    assert record_trace.seeding({}, 0, tmp_path)["PYTHONPATH"] == first


@pytest.mark.parametrize("seed", [None, 0, 7])
@pytest.mark.parametrize("starts_python", [True, False])
def test_a_seed_that_no_python_took_is_told(recorded: Any, seed: int | None, starts_python: bool) -> None:
    seen: list[str | None] = []

    def program(environment: Mapping[str, str]) -> None:
        seen.append(environment.get("WANDB_KERAS_COMPAT_SEED"))
        if starts_python and seed is not None:
            Path(environment["WANDB_KERAS_COMPAT_SEEDED"], "python").touch()

    remarks = recorded(program, seed=seed).remarks
    assert seen == [None if seed is None else str(seed)]
    assert [remark.startswith("--seed had no effect") for remark in remarks] == [True] * (
        seed is not None and not starts_python
    )


def test_what_it_offers_is_there() -> None:
    assert {"record", "Recording"} <= {*record_trace.__all__} <= {*dir(record_trace)}
