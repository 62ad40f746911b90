"""The config as the SDK sends it: plain values, and what wandb keeps in it for itself by the numbers of its messages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server import run_config
from wandb_keras_compat.testing.doors.server.retired_names import RETIRED
from wandb_keras_compat.testing.doors.server.run_config import apply_config, metrics_of, telemetry_of
from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.runs import Metric, RunState

pb = pytest.importorskip("wandb.proto.wandb_internal_pb2")
telemetry = pytest.importorskip("wandb.proto.wandb_telemetry_pb2")


def numbers(message: Any) -> dict[str, int]:
    return {field.name: field.number for field in message.DESCRIPTOR.fields}


METRIC, OPTIONS, SUMMARY = map(numbers, (pb.MetricRecord, pb.MetricOptions, pb.MetricSummary))
TELEMETRY, FEATURES, IMPORTS = map(numbers, (telemetry.TelemetryRecord, telemetry.Feature, telemetry.Imports))


def metric(**fields: Any) -> dict[str, Any]:
    """As the SDK writes one."""
    return {str(METRIC[name]): value for name, value in fields.items()}


def state(**fields: Any) -> RunState:
    return RunState(RunKey("e", "p", "r"), **fields)


def telemetry_sent(**fields: Any) -> dict[str, Any]:
    return {"_wandb": {"value": {"t": {str(TELEMETRY[name]): value for name, value in fields.items()}}}}


@given(st.dictionaries(st.text(max_size=3).filter(lambda key: key != "_wandb"), st.integers() | st.none(), max_size=3))
def test_the_config_is_the_values_and_none_of_the_earlier_ones(values: dict[str, Any]) -> None:
    run = state(config={"earlier": 1})
    apply_config(run, {**{key: {"value": value} for key, value in values.items()}, "_wandb": {"value": {}}})
    assert run.config == values


def test_a_value_that_is_not_wrapped_is_itself() -> None:
    run = state()
    apply_config(run, {"a": 1, "b": {"other": 2}, "c": {"value": {"value": 3}, "desc": None}})
    assert run.config == {"a": 1, "b": {"other": 2}, "c": {"value": 3}}


@pytest.mark.parametrize("hidden", [None, 1, [], {"value": None}, {"value": {"m": 1, "t": [1]}}])
def test_what_wandb_keeps_for_itself_in_another_form_says_nothing(hidden: Any) -> None:
    run = state()
    apply_config(run, {"a": {"value": 1}, "_wandb": hidden})
    assert run == state(config={"a": 1})


def test_metrics_and_telemetry_only_grow() -> None:
    run = state(metrics={"old": Metric("old")}, telemetry={"feature.keras"}, versions={"wandb": "0.1", "python": "3"})
    told = telemetry_sent(cli_version="0.2", feature=[FEATURES["finish"]])
    told["_wandb"]["value"]["m"] = [metric(name="new")]
    apply_config(run, told)
    assert run.metrics == {"old": Metric("old"), "new": Metric("new")}
    assert run.telemetry == {"feature.keras", "feature.finish"}
    assert run.versions == {"wandb": "0.2", "python": "3"}


def test_flags_have_the_names_of_their_messages_and_versions_those_of_distributions() -> None:
    sent = telemetry_sent(
        feature=[FEATURES["keras"], FEATURES["finish"]],
        imports_init=[IMPORTS["tensorflow"]],
        python_version="3.12.1",
        cli_version="0.20.0",
        huggingface_version="4.0",
    )
    flags, versions = telemetry_of(sent["_wandb"]["value"]["t"])
    assert flags == {"feature.keras", "feature.finish", "imports_init.tensorflow"}
    assert versions == {"python": "3.12.1", "wandb": "0.20.0", "transformers": "4.0"}


def test_a_number_without_a_name_stays_a_number() -> None:
    coded = {"999": [1, 2], str(TELEMETRY["feature"]): [9999], "not a number": [3], str(TELEMETRY["cli_version"]): [4]}
    flags, versions = telemetry_of(coded)
    assert flags == {"#999.#1", "#999.#2", "feature.#9999", "#not a number.#3", "cli_version.#4"}
    assert versions == {}
    assert telemetry_of({"999": "text", str(TELEMETRY["cli_version"]): 7}) == (set(), {})


def test_a_flag_that_wandb_has_taken_out_since_has_its_old_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names = SimpleNamespace(
        fields_by_number={
            number: SimpleNamespace(name=part, message_type=SimpleNamespace(fields_by_number={}))
            for number, part in enumerate(RETIRED, 1)
        }
    )
    monkeypatch.setattr(run_config, "_descriptor", lambda *_: names)
    sent = {str(number): sorted(RETIRED[part]) for number, part in enumerate(RETIRED, 1)}
    assert telemetry_of(sent)[0] == {f"{part}.{name}" for part, gone in RETIRED.items() for name in gone.values()}


def test_a_metric_is_what_was_declared() -> None:
    declared = [
        metric(name="epoch/epoch", options=[OPTIONS["hidden"]]),
        metric(
            name="loss",
            step_metric="epoch/epoch",
            options=[OPTIONS["step_sync"], OPTIONS["defined"]],
            summary=[SUMMARY["min"], SUMMARY["best"], 9999],
            goal=pb.MetricRecord.GOAL_MINIMIZE,
        ),
        metric(name="acc", goal=pb.MetricRecord.GOAL_MAXIMIZE),
        metric(name="other", goal=pb.MetricRecord.GOAL_UNSET),
        metric(name="odd", goal=99),
    ]
    assert metrics_of(declared) == [
        Metric("epoch/epoch", hidden=True),
        Metric("loss", step_metric="epoch/epoch", step_sync=True, summary=("best", "min"), goal="minimize"),
        Metric("acc", goal="maximize"),
        Metric("other"),
        Metric("odd"),
    ]


def test_a_step_metric_may_be_a_place_in_the_list_counted_from_one() -> None:
    def steps(*places: Any) -> list[str | None]:
        declared = [
            metric(name="first"),
            metric(name="second"),
            *(metric(name="x", step_metric_index=p) for p in places),
        ]
        return [found.step_metric for found in metrics_of(declared)[2:]]

    assert steps(1, 2, 3) == ["first", "second", "x"]
    assert steps(0) == steps(-1) == steps(4) == steps("1") == [None]
    named = metric(name="x", step_metric="by its name", step_metric_index=1)
    assert metrics_of([metric(name="first"), named])[1].step_metric == "by its name"


def test_a_glob_is_named_by_itself_and_what_it_matched_is_left_out() -> None:
    assert metrics_of([metric(glob_name="epoch/*")]) == [Metric("epoch/*")]
    assert metrics_of([metric(), metric(name=1), "no object", {"999": 1, "name": "x"}]) == []
    if "expanded_from_glob" in METRIC:
        matched = [
            metric(glob_name="epoch/*"),
            metric(name="epoch/loss", expanded_from_glob=True),
            metric(name="after"),
        ]
        assert metrics_of(matched) == [Metric("epoch/*"), Metric("after")]
