"""A bug put into the shim by hand, in each capability: its property finds it, and says what happened.

The message has the events fed, the values of both contestants by path, and a line that reproduces the example.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import pytest

from wandb_keras_compat.features import best, evaluation, examples, flops, gradients, graph, histogram, metrics, weights
from wandb_keras_compat.options import Options
from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.judge import Disagreement
from wandb_keras_compat.parity.state_machine.properties import NAMES, check
from wandb_keras_compat.sdk.run_writer import RunWriter

pytestmark = pytest.mark.slow

Bug = Callable[[Callable[..., Any]], Callable[..., Any]]


def a_wrong_key(log: Any) -> Any:
    return lambda self, values, commit=True: log(
        self, {key.replace("epoch", "epochs"): v for key, v in values.items()}, commit
    )


def a_batch_off_by_one(hook: Any) -> Any:
    return lambda self, batch, logs: hook(self, batch + 1, logs)


def a_summary_of_the_epoch_after(hook: Any) -> Any:
    return lambda self, epoch, logs: hook(self, epoch + 1, logs)


def a_comparison_the_wrong_way(_: Any) -> Any:
    return property(lambda self: self.mode == "min")


def a_missing_alias(log_artifact: Any) -> Any:
    return lambda self, artifact, aliases: log_artifact(self, artifact, aliases[:1])


def swapped_names(histograms: Any) -> Any:
    names = {"bias": "weights", "weights": "bias"}

    def swapped(self: Any) -> dict[str, Any]:
        parts = [key.rpartition(".") for key in histograms(self)]
        return dict(zip([f"{layer}.{names[kind]}" for layer, _, kind in parts], histograms(self).values()))

    return swapped


def no_filter(_: Any) -> Any:
    import wandb

    return lambda key, values, warn: wandb.Histogram(values)


def names_with_their_index(names: Any) -> Any:
    return lambda self: [f"{name}:0" for name in names(self)]


def a_missing_edge(picture: Any) -> Any:
    def drawn(self: Any) -> Any:
        made = picture(self)
        made.edges = made.edges[:-1]
        return made

    return drawn


def doubled(gflops: Any) -> Any:
    return lambda self: 2 * gflops(self)


def captions_of_the_neighbour(captions: Any) -> Any:
    return lambda self, logits: captions(self, logits)[::-1]


def pixels_without_colours(_: Any) -> Any:
    return lambda self, masks: masks[..., :1]


def never_at_the_end(_: Any) -> Any:
    return lambda self: None


def the_lowest_class(columns: Any) -> Any:
    def made(*args: Any) -> Any:
        found = columns(*args)
        return {("argmax" if name == "argmin" else name): make for name, make in found.items()}

    return made


BUGS: list[tuple[str, Any, str, Bug]] = [
    ("metrics", metrics._EpochNames, "log", a_wrong_key),
    ("metrics", metrics.Metrics, "on_train_batch_end", a_batch_off_by_one),
    ("best", best.Best, "on_epoch_end", a_summary_of_the_epoch_after),
    ("best", Options, "counts_upwards", a_comparison_the_wrong_way),
    ("checkpoint", RunWriter, "log_artifact", a_missing_alias),
    ("weights", weights.Weights, "histograms", swapped_names),
    ("weights", weights, "histogram", no_filter),
    ("gradients", gradients.Gradients, "_names", names_with_their_index),
    ("graph", graph.Graph, "picture", a_missing_edge),
    ("flops", flops.Flops, "gflops", doubled),
    ("examples", examples.Examples, "captions", captions_of_the_neighbour),
    ("examples", examples.Examples, "pixels", pixels_without_colours),
    ("evaluation", evaluation.Evaluation, "on_train_end", never_at_the_end),
    ("evaluation", evaluation, "inferred_columns", the_lowest_class),
]


@pytest.mark.parametrize(
    ("name", "place", "attribute", "bug"), BUGS, ids=[f"{bug[0]}-{bug[3].__name__}" for bug in BUGS]
)
def test_it_is_found(
    arena: Arena,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    place: Any,
    attribute: str,
    bug: Bug,
) -> None:
    monkeypatch.setattr(place, attribute, bug(vars(place)[attribute]))
    with pytest.raises(Disagreement) as found:
        check(name, arena=arena, examples=400, seed_of=1, shrink=False)
    # What Hypothesis adds are notes, which Python 3.10 does not know: there it is printed.
    told = "".join(
        [*traceback.format_exception(found.value), *getattr(found.value, "__notes__", ()), capsys.readouterr().out]
    )
    assert "the events:\n" in told and "  WandbCallback(" in told
    assert "<-- here" in told
    assert "by path, the shim | the model:\n  runs[" in told
    assert "@reproduce_failure(" in told


def test_every_capability_has_a_bug() -> None:
    assert {name for name, *_ in BUGS} | {"joint"} == set(NAMES)


def test_the_histograms_of_both_features_are_the_same_ones() -> None:
    assert weights.histogram is histogram.histogram
    assert gradients.float64_histogram is histogram.float64_histogram
