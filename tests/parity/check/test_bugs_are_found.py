"""A bug put by hand into the package, or into the installed wandb: ``check`` fails with the capability's name.

Scenarios are trained in this process; what is judged is what ``check`` would judge.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import wandb

from tests.parity import test_bugs_are_found as in_the_package

from .judged import checked, played_here, row, states

pytestmark = pytest.mark.slow

#: Where the bug is; what it is; a scenario that passes by it; the capabilities that fail, and no other.
Bug = tuple[Any, str, Callable[[Any], Any], str, set[str]]


def histograms_scaled(init: Any) -> Any:
    def scaled(self: Any, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        self.bins = [1.01 * edge for edge in self.bins]

    return scaled


def images_upside_down(init: Any) -> Any:
    def turned(self: Any, data: Any, *args: Any, **kwargs: Any) -> None:
        init(self, np.asarray(data)[::-1] if isinstance(data, np.ndarray) else data, *args, **kwargs)

    return turned


def logged_otherwise(key: str, by: float) -> Callable[[Any], Any]:
    def bug(log: Any) -> Any:
        def logged(self: Any, data: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
            data = {name: value + by if name == key else value for name, value in data.items()}
            return log(self, data, *args, **kwargs)

        return logged

    return bug


Run = wandb.sdk.wandb_run.Run
IN_WANDB: dict[str, Bug] = {
    "histograms scaled by 1.01": (wandb.Histogram, "__init__", histograms_scaled, "weights", {"weights"}),
    "histograms of gradients, too": (wandb.Histogram, "__init__", histograms_scaled, "gradients", {"gradients"}),
    "images upside down": (wandb.Image, "__init__", images_upside_down, "images_labels", {"examples"}),
    "val_loss off by 0.001": (Run, "log", logged_otherwise("val_loss", 0.001), "weights", {"metrics"}),
    "epochs off by one": (Run, "log", logged_otherwise("epoch", 1), "metrics_alone", {"metrics"}),
}

#: Where what is logged passes by each of the bugs of ``tests/parity/test_bugs_are_found.py``.
PASSES_BY = {
    "metrics": "every_second_batch", "best": "monitor_max", "checkpoint": "save_model", "weights": "weights_batch_norm",
    "gradients": "gradients", "graph": "graph_nested", "flops": "flops", "examples": "images_labels",
    "evaluation": "table",
}  # fmt: skip
#: Of those, what passes by somewhere else.
ELSEWHERE = {
    "a_comparison_the_wrong_way": "save_accuracy", "pixels_without_colours": "masks",
    "the_lowest_class": "table_without_labels",
}  # fmt: skip
#: Needs weights that are no numbers, which no scenario has: the property of drawn plays finds it.
NOT_OF_A_SCENARIO = {"no_filter"}
IN_THE_PACKAGE = [
    pytest.param(bug, marks=() if at == [other[0] for other in in_the_package.BUGS].index(bug[0]) else pytest.mark.whole,
                 id=f"{bug[0]}-{bug[3].__name__}")
    for at, bug in enumerate(in_the_package.BUGS)
    if bug[3].__name__ not in NOT_OF_A_SCENARIO
]  # fmt: skip


def failed(monkeypatch: pytest.MonkeyPatch, scenario: str) -> set[str]:
    report = checked(monkeypatch, played_here, scenario)
    found = {name for name, state in states(report).items() if state == "fails"}
    for capability in found:
        finding = row(report, capability).findings[0]
        assert finding.scenario == scenario and (finding.how or finding.differences[0]["path"])
    assert report.exit_code == bool(found)
    return found


@pytest.mark.parametrize("name", IN_WANDB)
def test_a_bug_in_the_installed_wandb_is_found(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    place, attribute, bug, scenario, capabilities = IN_WANDB[name]
    monkeypatch.setattr(place, attribute, bug(vars(place)[attribute]))
    assert failed(monkeypatch, scenario) == capabilities


@pytest.mark.parametrize("bug", IN_THE_PACKAGE)
def test_a_bug_in_the_package_is_found(monkeypatch: pytest.MonkeyPatch, bug: tuple[str, Any, str, Any]) -> None:
    name, place, attribute, put_in = bug
    monkeypatch.setattr(place, attribute, put_in(vars(place)[attribute]))
    assert name in failed(monkeypatch, ELSEWHERE.get(put_in.__name__, PASSES_BY[name]))


def test_without_a_bug_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failed(monkeypatch, "weights") == set()


def test_every_capability_has_a_bug() -> None:
    from wandb_keras_compat.parity.check.capabilities import OF_THE_CLASS

    assert {param.values[0][0] for param in IN_THE_PACKAGE} | {"together"} == set(OF_THE_CLASS)
