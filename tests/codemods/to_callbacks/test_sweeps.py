"""What configures a sweep is known by what stands beside its metric, and by nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wandb_keras_codemods.documents.module import ModuleView
from wandb_keras_codemods.documents.yaml import YamlDocument
from wandb_keras_codemods.to_callbacks.sweeps import (
    may_be_sweep,
    may_be_yaml_sweep,
    sweep_metrics,
    yaml_sweep_metrics,
    yaml_sweep_settings,
)

from ..tools import PROPERTY

BESIDE = ["method", "parameters", "program", "early_terminate"]


def metrics(text: str) -> list[str | None]:
    assert may_be_sweep(text.encode())
    return [name for _, name in sweep_metrics(ModuleView(text))]


@pytest.mark.parametrize("key", BESIDE)
def test_one_of_the_keys_beside_it_is_enough(key: str) -> None:
    """Programs build the rest elsewhere."""
    assert metrics(f'c = {{"{key}": {{}}, "metric": {{"name": "val_loss"}}}}\n') == ["val_loss"]


@given(st.sets(st.sampled_from([*BESIDE, "name", "project", "entity", "command"])), st.booleans())
@settings(PROPERTY, max_examples=20)
def test_a_mapping_with_a_metric_is_a_sweep_if_it_has_such_a_key(keys: set[str], goal: bool) -> None:
    inner = '{"name": "val_loss", "goal": "minimize"}' if goal else '{"name": "val_loss"}'
    text = "c = {" + "".join(f'"{key}": 1, ' for key in sorted(keys)) + f'"metric": {inner}}}\n'
    assert metrics(text) == ["val_loss"] * bool(goal or keys & set(BESIDE))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('c = {"name": "loss", "goal": "maximize"}', ["loss"]),
        ('c = {"name": "loss", "goal": "other"}', []),
        ('c = dict(name="loss", goal="minimize")', ["loss"]),
        ('c = dict(name="loss")  # "metric"', []),
        ('c = {"metric": {"name": key}, "method": "grid"}', [None]),
        ('c = {"metric": "loss", "method": "grid"}', []),
        ('c = {"metric": {"name": b"loss"}, "method": "grid"}', [None]),
        ('c["metric"]["name"] = "loss"', ["loss"]),
        ('c["more"]["metric"]["name"] = key', [None]),
        ('c["name"] = "metric"; c["metric"]["goal"] = "maximize"; c["metric", "name"] = "loss"', []),
    ],
)
def test_forms(text: str, found: list[str | None]) -> None:
    assert metrics(text) == found


DOCUMENTS = st.lists(st.tuples(st.sets(st.sampled_from([*BESIDE, "project", "command"])), st.booleans()), max_size=3)


@given(DOCUMENTS)
@settings(PROPERTY, max_examples=40)
def test_a_document_of_yaml_is_a_sweep_if_such_a_key_is_at_its_top(documents: list[tuple[set[str], bool]]) -> None:
    """Its metric and its settings count; of another document, a model's configuration say, nothing does."""
    text = "".join(
        "---\n" + "".join(f"{key}: {key}{at}\n" for key in sorted(keys)) + f"metric:\n  name: m{at}\n" * with_metric
        for at, (keys, with_metric) in enumerate(documents)
    )
    sweeps = [(at, keys, with_metric) for at, (keys, with_metric) in enumerate(documents) if keys & set(BESIDE)]
    document = YamlDocument(text.encode())
    names = [f"m{at}" for at, _, with_metric in sweeps if with_metric]
    assert [scalar.value for scalar in yaml_sweep_metrics(document)] == names
    assert may_be_yaml_sweep(text.encode()) or not names
    for setting in ("program", "project"):
        assert yaml_sweep_settings(document, setting) == {f"{setting}{at}" for at, keys, _ in sweeps if setting in keys}


def test_an_ignored_line_of_yaml_is_no_metric() -> None:
    text = b"method: grid\nmetric:\n  name: loss  # wandb-keras-compat: ignore\n"
    assert may_be_yaml_sweep(text)
    assert list(yaml_sweep_metrics(YamlDocument(text))) == []


@pytest.mark.parametrize("text", [b"metric: loss\n", b"name: loss\nmethod: grid\n", b"a: 1\n"])
def test_yaml_without_a_metric_or_a_name_is_not_parsed(text: bytes) -> None:
    assert not may_be_yaml_sweep(text)
