"""Every scenario logs with the shim, and with the small callbacks, what the real class logged, less the ledger.

The real class speaks through goldens, traces that ``python -m wandb_keras_compat.parity.record_goldens`` records in the oracle
environment and ``--check`` holds to it.
"""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import pytest

from wandb_keras_compat import WandbCallback
from wandb_keras_compat.parity.composed import SELECTION
from wandb_keras_compat.parity.ledger import compare, ledger, told
from wandb_keras_compat.parity.record_goldens import GOLDENS
from wandb_keras_compat.parity.scenarios import SCENARIOS
from wandb_keras_compat.testing.trace.differences import Diff

from .conftest import Played, golden


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", SCENARIOS)
def test_the_shim_logs_what_the_real_class_logged(name: str, played: Played) -> None:
    found = compare(golden(name), played("shim", name), ledger())
    assert not found, told(found)


#: Where there is nothing to compose.
NOT_COMPOSED = {name for name, scenario in SCENARIOS.items() if scenario.program.startswith("subclass")}
THE_OTHERS = sorted(SCENARIOS.keys() - NOT_COMPOSED - set(SELECTION))


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", [*SELECTION, *(pytest.param(name, marks=pytest.mark.whole) for name in THE_OTHERS)])
def test_the_small_callbacks_log_what_the_legacy_class_does(name: str, played: Played) -> None:
    """All but the name under which the callbacks announce themselves, and speak."""
    found = [
        item
        for item in compare(anonymous(played("shim", name)), anonymous(played("composed", name)))
        if item.parts[2] != "telemetry"
        or {item.old, item.new}.isdisjoint({"feature.keras", "feature.keras_metrics_logger"})
    ]
    assert not found, told(Diff(tuple(found)))


def anonymous(trace: dict[str, Any]) -> dict[str, Any]:
    """*trace* without who says what is said, and without what only WandbCallback takes and answers: the old name of an
    argument, a keyword that is none.
    """
    taken = re.compile("data_type is the old name of input_type|there is no argument")
    said = lambda run: sorted(
        {re.sub(r"Wandb\w+", "<callback>", line) for line in run["terminal"] if not taken.search(line)}
    )
    return {**trace, "runs": [{**run, "terminal": said(run)} for run in trace["runs"]]}


def test_every_scenario_has_a_golden_and_every_golden_a_scenario() -> None:
    assert {path.stem for path in GOLDENS.glob("*.json")} == set(SCENARIOS)


def test_scenarios_cover_every_argument() -> None:
    arguments = set(inspect.signature(WandbCallback.__init__).parameters) - {"self", "kwargs", "keys"}
    covered = {name for scenario in SCENARIOS.values() for name in scenario.arguments}
    covered |= {"validation_indexes"}  # by the program own_table
    assert arguments <= covered


def test_the_real_class_ended_trainings_only_where_the_ledger_says_so() -> None:
    ended = {path.name.split(".")[0] for path in GOLDENS.glob("*.ended.txt")}
    assert ended == {"gradients_weighted", "images_none_wanted", "images_of_fit_sequence"}


def test_goldens_were_made_where_every_capability_of_the_real_class_works() -> None:
    """Gradients need TensorFlow up to 2.13 and wandb from 0.13.6; one oracle made all."""
    (made_with,) = {json.dumps(golden(name)["made_with"], sort_keys=True) for name in SCENARIOS}
    versions = json.loads(made_with)
    assert versions["tensorflow"].startswith("2.12.") and versions["wandb"].startswith("0.16.")
