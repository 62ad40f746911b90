"""The rules of runs: what versions and doors send differently of one comes out the same.

The SDK JSON here was taken from offline runs of wandb 0.13.4, 0.16.6, 0.18.7, 0.25.1 and 0.31.0.
"""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .small_runs import ID, metric, run_of


def test_volatile_keys():
    row = {"_step": 3, "_timestamp": 1795247374.2, "_runtime": 0.12, "loss": 0.5, "_mine": 1}
    run = run_of(history=[row], summary={**row, "_wandb": {"runtime": 0}})
    assert run["history"] == [{"_step": 3, "loss": 0.5, "_mine": 1}]
    assert run["summary"] == {"loss": 0.5, "_mine": 1}


def test_own_config():
    assert run_of(config={"lr": 0.1, "_wandb": {"t": {"5": "0.31.0"}}})["config"] == {"lr": 0.1}


def test_nested_keys():
    legacy = {"e": {}, "d": {"y": 2}, "a/b": {"c": {}}}
    run = run_of(history=[legacy], summary=legacy, config=legacy)
    assert run["history"] == [{"_step": 0, "d": {"y": 2}}]
    assert run["summary"] == {"d": {"y": 2}}
    assert run["config"] == legacy


def test_own_artifacts():
    own = [("job-git_x", "job"), ("source-p-train.py", "code"), ("run-1-history", "wandb-history")]
    users = [("model-x", "model"), ("my-code", "code")]
    run = run_of(logged=[{"name": name, "type": kind} for name, kind in own + users])
    assert [artifact["name"] for artifact in run["artifacts"]["logged"]] == ["model-x", "my-code"]


def test_glob_expansions():
    glob = metric("epoch/*", step_metric="epoch/epoch", step_sync=True)
    loss, step = ({"step_metric": "epoch/epoch", "step_sync": True}, "epoch/epoch")
    image = {"_type": "image-file", "path": "x"}
    history = [{"epoch/epoch": 0, "epoch/loss": 0.5, "epoch/n": {"x": 1}, "other": 1, "epoch/own": 2, "epoch/i": image}]
    own = metric("epoch/own", summary=("min",))
    as_told = [
        {**metric(step), **glob, **own},  # 0.31, server and log
        {
            **own,
            **metric("epoch/loss", **loss),
            **metric("epoch/n.x", **loss),
            **metric(step),
            **metric("epoch/i.path", **loss),
        },
        {**glob, **own, **metric("epoch/loss", **loss), **metric(step, **loss)},  # 0.18, log
    ]
    one, *others = (run_of(metrics=metrics, history=history)["metrics"] for metrics in as_told)
    assert one.keys() == {"epoch/loss", "epoch/n.x", "epoch/own"}
    assert one["epoch/loss"] == {"step_metric": step, "step_sync": True, "summary": [], "hidden": False, "goal": None}
    assert one["epoch/own"]["summary"] == ["min"]
    assert all(other == one for other in others)


def test_a_definition_that_sets_nothing_is_left_out_of_a_step_metric_only():
    """Old SDKs send one for each step metric; what the user defined by name is there with every SDK."""
    metrics = {**metric("loss", step_metric="step"), **metric("step"), **metric("alone")}
    found = run_of(metrics=metrics, history=[{"loss": 1, "step": 0, "alone": 2}])["metrics"]
    assert found.keys() == {"loss", "alone"}
    own = {**metrics, **metric("step", summary=("max",))}
    assert run_of(metrics=own, history=[])["metrics"].keys() == {"loss", "step", "alone"}


def test_telemetry_names():
    said = {"feature.keras", "deprecated.keras_callback", "imports_init.tensorflow", "feature.sync_tfevents"}
    watched = {"feature.offline", "feature.lib_cpp", "feature.flow_control_custom", "env.jupyter", "platform"}
    unnamed = {"feature.#23", "imports_init.#55"}
    assert set(run_of(telemetry=said | watched | unnamed)["telemetry"]) == said


@pytest.mark.parametrize(
    ("name", "artifact", "found"),
    [
        ("misty-sun-7", "model-misty-sun-7", "model-<run name>"),
        ("", "model-None", "model-<run name>"),
        ("", "model-", "model-<run name>"),
        ("", f"model-{ID}", "model-<run name>"),
        ("", "model-unnamed-3", "model-<run name>"),
        ("My run: é/1", "model-My_run____1", "model-My_run____1"),
    ],
)
def test_generated_names(name, artifact, found):
    run = run_of(name=name, logged=[{"name": artifact}])
    assert run["artifacts"]["logged"][0]["name"] == found
    assert run["name"] == (name if name.startswith("My") else "")


@pytest.mark.parametrize("key", ["Confusion Matrix", "a b", "é", "x/y", "plain_key-1.0"])
def test_checksums_in_names(key):
    internal = pytest.importorskip("wandb.sdk.artifacts._internal_artifact", reason="this wandb adds no checksum")
    names = [internal.sanitize_artifact_name(f"run-{run_id}-{key}") for run_id in ("abcd1234", "efgh5678")]
    one, other = (
        run_of(run_id=run_id, history=[{"_step": 0, key: 1}], logged=[{"name": name}])["artifacts"]["logged"][0]["name"]
        for run_id, name in zip(("abcd1234", "efgh5678"), names, strict=True)
    )
    assert one == other == "run-<run id>-" + re.sub(r"[^a-zA-Z0-9_.-]", "", key)
    unrelated = run_of(run_id="abcd1234", history=[{"_step": 0, "another": 1}], logged=[{"name": names[0]}])
    assert (unrelated["artifacts"]["logged"][0]["name"] == one) == (key == "plain_key-1.0"), "no key has this checksum"


def test_run_ids():
    artifact = {"name": f"run_{ID}_model", "aliases": [f"of-{ID}"], "entries": {f"{ID}/a.txt": b"x", f"x{ID}": b"x"}}
    found = run_of(logged=[artifact], files={f"out/{ID}.txt": [b"x"]})
    model = found["artifacts"]["logged"][0]
    assert (model["name"], model["aliases"]) == ("run_<run id>_model", ["of-<run id>"])
    assert model["entries"].keys() == {"<run id>/a.txt", f"x{ID}"}
    assert found["files"].keys() == {"out/<run id>.txt"}
    chosen = run_of(run_id="best", logged=[{"name": "run-best-tab", "aliases": ["best"]}])["artifacts"]["logged"][0]
    assert (chosen["name"], chosen["aliases"]) == ("run-<run id>-tab", ["best"])


def test_artifact_aliases():
    run = run_of(logged=[{"name": "m", "aliases": ["latest", "v3", "epoch_0", "latest", "v3x"]}])
    assert run["artifacts"]["logged"][0]["aliases"] == ["epoch_0", "latest", "v3x"]


def test_artifact_order():
    names = ["b", "a", "b", "a"]
    run = run_of(logged=[{"name": name, "metadata": {"at": at}} for at, name in enumerate(names)])
    found = [(artifact["name"], artifact["metadata"]["at"]) for artifact in run["artifacts"]["logged"]]
    assert found == [("a", 1), ("a", 3), ("b", 0), ("b", 2)]


VERSIONS = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 3), st.sampled_from([[], ["z"], ["a"]])), max_size=5
)


@given(VERSIONS)
def test_versions_of_an_artifact_stay_in_the_order_in_which_they_were_logged(versions):
    """Whatever they hold: not sorted by their metadata, their files or their aliases."""
    artifacts = [
        {"name": name, "metadata": {"x": value, "at": at}, "aliases": aliases, "entries": {f"{value}.txt": b"x"}}
        for at, (name, value, aliases) in enumerate(versions)
    ]
    for list_of in ("logged", "used"):
        found = [
            (each["name"], each["metadata"]["at"]) for each in run_of(**{list_of: artifacts})["artifacts"][list_of]
        ]
        assert found == sorted(((name, at) for at, (name, *_) in enumerate(versions)))


def test_redrawn_lines():
    assert run_of(console=["\r0/3\r1/3\r2/3\n", "abc\b\b\bxy", "\x1b[31mred\x1b[0m", "two\nlines\n"])["console"] == [
        "2/3", "xyc", "red", "two", "lines",
    ]  # fmt: skip


def test_own_lines():
    own = [
        "",
        "  ",
        "wandb: Tracking run with wandb version 0.16.6",
        "\x1b[1;34mwandb\x1b[0m: Find logs at: x",
        "2026-11-21 07:49:46.123456: I tensorflow/core/platform/cpu_feature_guard.cc:182] This",
        "I0000 00:00:1795247374.2 1 service.cc:145] XLA",
    ]
    assert run_of(console=[*own, "wandb is fine", "Epoch 1/2"])["console"] == ["wandb is fine", "Epoch 1/2"]


def test_times_in_lines():
    def lines(time, folder):
        return [
            f"4/4 [==============================] - {time}s 12ms/step - loss: 0.7 - accuracy: 0.5",
            f"2/2 ━━━━━━━━━━━━━━━━━━━━ {time}s 3ms/step - loss: 0.5",
            f"2026-11-21T07:49:46.{time}12345 plain",
            f"saving model to /somewhere{time}/wandb/{folder}-{ID}/files/model-best.h5",
            f"took 3s at epoch {4}",
        ]

    one, other = (
        run_of(console=lines(*case))["console"]
        for case in [(0, "run-20261121_074946"), (3, "offline-run-20250101_000000")]
    )
    assert one == other
    assert one[2:] == ["plain", "saving model to <run folder>/files/model-best.h5", "took 3s at epoch 4"]
    assert "loss: 0.7 - accuracy: 0.5" in one[0]


def test_key_order():
    one, other = ({"b": 1, "a": {"d": 1, "c": [{"f": 1, "e": 2}]}}, {"a": {"c": [{"e": 2, "f": 1}], "d": 1}, "b": 1})
    traces = [
        json.dumps(run_of(config=value, history=[value], summary=value, logged=[{"name": "m", "metadata": value}]))
        for value in (one, other)
    ]
    assert traces[0] == traces[1]
